import { setImmediate } from 'node:timers/promises';
import { createBridge } from '../../src/bridge/index.ts';
import type { Bridge, Publishable } from '../../src/bridge/index.ts';
import type { BridgeStore, FleetChange, FleetStatus, LogFields, Logger, OwnModel } from '../../src/ports/index.ts';
import { memoryBridge } from '../../src/store/memory/index.ts';
import type { MemoryBridge } from '../../src/store/memory/index.ts';
import { manualClock } from '../../src/testing/index.ts';
import type { ManualClock } from '../../src/testing/index.ts';

export const RESULTS: string = 'health_check_results';
export const START_US: number = 1_800_000_000_000_000;
export const litellmResult: string =
  '"{\\"healthy_endpoints\\": [], \\"unhealthy_endpoints\\": [], \\"timestamp\\": 1, \\"checked_by\\": \\"pod_1795345939105\\"}"';

/** One bridge, its inputs and its log. */
interface RunningBridge {
  readonly bridge: Bridge;
  readonly lines: readonly string[];
  readonly status: { mode: string; impaired: boolean; unreadable: readonly string[] };
  /** The verdict of its only deployment. */
  readonly verdict: {
    list: Publishable['list'];
    host: string | null;
    seenMs: number;
    allowedMs: number;
    fault: string;
    models: readonly OwnModel[];
  };
  readonly listeners: ReadonlySet<unknown>;
  /** A verdict changes. */
  changed(): void;
}

export interface BridgeFleet {
  readonly clock: ManualClock;
  readonly keys: MemoryBridge;
  /** Advances time in steps, so that answers arrive. */
  pass(ms: number): Promise<void>;
  start(pod: string, changes?: { store?: BridgeStore }): RunningBridge;
  published(): Record<string, unknown> | undefined;
}

/** The keys of one fleet, and bridges on them with a manual clock. */
export function bridgeFleet(): BridgeFleet {
  const clock = manualClock();
  const nowUs = (): number => START_US + clock.monotonicMs() * 1_000;
  const keys = memoryBridge({ clockUs: nowUs });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 20) {
      clock.advance(Math.min(20, left));
      // oxlint-disable-next-line no-await-in-loop -- time passes step by step
      await setImmediate();
    }
  };
  const start = (pod: string, changes: { store?: BridgeStore } = {}): RunningBridge => {
    const lines: string[] = [];
    const line = (message: string, _fields?: LogFields): void => void lines.push(message);
    const logger: Logger = { debug: line, info: line, warn: line, error: line };
    const listeners = new Set<(change: FleetChange) => void>();
    const status = { mode: 'shared', impaired: false, unreadable: [] as readonly string[], storeProblem: null };
    const verdict: RunningBridge['verdict'] = {
      list: 'healthy',
      host: null,
      seenMs: 0,
      allowedMs: 100_000,
      fault: '',
      models: [{ id: 'a', model: 'openai/a' }],
    };
    const bridge = createBridge({
      pod,
      store: changes.store ?? keys.open(),
      fleet: {
        status: () => ({ ...status, now: nowUs(), pod }) as unknown as FleetStatus,
        onChange: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      clock,
      logger,
      deadlineMs: 250,
      publishable: () => {
        if (verdict.fault !== '') throw new Error(verdict.fault);
        const validForMs = verdict.seenMs + verdict.allowedMs - clock.monotonicMs();
        return [{ name: 'openai/a', host: verdict.host, list: verdict.list, row: { model_id: 'a' }, validForMs }];
      },
      models: () => verdict.models,
      unprobed: () => [],
      ttlMs: () => 30_000,
      round: () => ({ probes: 4, usd: 0.5, everyMs: 30_000 }),
    });
    bridge.start();
    const changed = (): void => {
      for (const listener of listeners) listener({ kind: 'verdict-changed' } as FleetChange);
    };
    return { bridge, lines, status, verdict, changed, listeners };
  };
  const published = (): Record<string, unknown> | undefined => {
    const text = keys.read(RESULTS);
    return text === undefined ? undefined : (JSON.parse(JSON.parse(text) as string) as Record<string, unknown>);
  };
  return { clock, keys, pass, start, published };
}

/** The answer of a store that times out. */
export async function lost(): Promise<{ kind: 'lost'; loss: { code: 'timeout'; message: string } }> {
  return await Promise.resolve({ kind: 'lost', loss: { code: 'timeout', message: 'no answer in time' } });
}
