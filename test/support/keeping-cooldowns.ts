import { CooldownKeeper, CooldownLines, poolsOf } from '../../src/bridge/index.ts';
import type { CooldownCandidate } from '../../src/bridge/index.ts';
import type { CooldownMode } from '../../src/ports/index.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import type { ManualClock } from '../../src/testing/manual-clock.ts';
import { recordingLogger } from './fleet-parts.ts';
import { memoryCooldowns, type MemoryCooldowns } from './memory-cooldowns.ts';

const groups = { a: 'chat', b: 'chat', c: 'alone', d: 'more', e: 'more', h: 'other', i: 'other' };
const routed = Object.entries(groups).map(([modelId, group]) => ({ modelId, group, tags: [] }));
const pools = poolsOf(routed, { fallbacks: new Map(), aliases: new Map(), tagFiltering: false });

export function down(modelId: string): CooldownCandidate {
  const why = `openai/${modelId} is down: 2 server errors`;
  return { modelId, group: 'chat', reason: 'down', lastSuccessAt: 0, status: 500, why };
}

export interface Keeping {
  readonly clock: ManualClock;
  readonly store: MemoryCooldowns;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly state: { candidates: CooldownCandidate[]; mode: CooldownMode; leads: boolean; readonly found: string[] };
  readonly keeper: CooldownKeeper;
  readonly pass: (ms: number, stepMs?: number) => Promise<void>;
  /** What the fleet wants to cool from now on. */
  readonly change: (candidates: readonly CooldownCandidate[]) => void;
}

/** A keeper of cooldowns over a store and a clock in memory, started. */
export function keeping(): Keeping {
  const clock = manualClock();
  const store = memoryCooldowns(clock);
  const logger = recordingLogger();
  const state: Keeping['state'] = { candidates: [], mode: 'on', leads: true, found: [] };
  const keeper = new CooldownKeeper({
    store,
    clock,
    lines: new CooldownLines(logger, clock),
    source: () => ({ modelIds: Object.keys(groups), pools, candidates: () => state.candidates }),
    mode: () => state.mode,
    leads: () => state.leads,
    nowSeconds: () => clock.wallMs() / 1_000,
    found: (modelId, { status }) => void state.found.push(`${modelId} ${status}`),
  });
  const pass = async (ms: number, stepMs = 50): Promise<void> => {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(Math.min(stepMs, left));
      for (let turn = 0; turn < 20; turn++) {
        // oxlint-disable-next-line no-await-in-loop -- promises of a step settle before the next
        await Promise.resolve();
      }
    }
  };
  const change = (candidates: readonly CooldownCandidate[]): void => {
    state.candidates = [...candidates];
    keeper.changed();
  };
  keeper.start();
  return { clock, store, logger, state, keeper, pass, change };
}
