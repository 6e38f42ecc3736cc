import type { LimitStore, StoreAnswer } from '../../src/ports/index.ts';
import { createLeasedLimits } from '../../src/routing/index.ts';
import type { LeasedLimits } from '../../src/routing/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { manualClock } from '../../src/testing/index.ts';
import type { ManualClock } from '../../src/testing/index.ts';
import { deployment, harness, seeded } from './routing.ts';
import type { Harness } from './routing.ts';

const EPOCH_US = 1_800_000_000_000_000;

/** What a pod's connection to the store does with a command. */
export type Path = 'works' | 'cut' | 'loses-answers' | 'throws';

/** A pod with its router and its shares. */
export interface LimitedPod {
  readonly name: string;
  readonly shares: LeasedLimits;
  readonly router: Harness;
  readonly lines: string[];
  path: Path;
}

export interface LimitedFleet {
  readonly clock: ManualClock;
  readonly pods: LimitedPod[];
  readonly commands: () => number;
  readonly flush: () => void;
  readonly join: (path?: Path) => Promise<LimitedPod>;
  /** Moves on in steps, so that answers arrive between them. */
  advance(ms: number): Promise<void>;
}

const LOST: StoreAnswer<never> = { kind: 'lost', loss: { code: 'timeout', message: 'no answer' } };

/** Pods with routers of their own over one store in memory, on one clock. */
export async function limitedFleet(count: number, limits: object, members?: number): Promise<LimitedFleet> {
  const clock = manualClock();
  clock.advance(1_000_000);
  const memory = memoryFleet({ clockUs: () => EPOCH_US + Math.floor(clock.monotonicMs() * 1_000) });
  let commands = 0;
  const pods: LimitedPod[] = [];
  const join = async (path: Path = 'works'): Promise<LimitedPod> => {
    const name = `pod-${pods.length}`;
    const lines: string[] = [];
    const real = memory.openLimits();
    const over = async <T>(work: () => Promise<StoreAnswer<T>>): Promise<StoreAnswer<T>> => {
      commands += 1;
      if (pod.path === 'throws') throw new TypeError('a bug');
      if (pod.path === 'cut') return LOST;
      const answer = await work();
      return pod.path === 'works' ? answer : LOST;
    };
    const store: LimitStore = {
      lease: (input) => over(() => real.lease(input)),
      giveBack: (input) => over(() => real.giveBack(input)),
    };
    const shares = createLeasedLimits({
      store,
      pod: name,
      pods: () => members ?? pods.length,
      clock,
      random: seeded(pods.length + 1),
      logger: {
        debug() {},
        info: (line) => void lines.push(line),
        warn: (line) => void lines.push(line),
        error: (line) => void lines.push(line),
      },
      metrics: { storeCommand() {}, storeError() {} },
    });
    const router = harness([deployment('a', limits)], { shares, clock, seed: pods.length + 1 });
    const pod: LimitedPod = { name, shares, router, lines, path };
    pods.push(pod);
    shares.start();
    await advance(0);
    return pod;
  };
  const advance = async (ms: number): Promise<void> => {
    for (let left = ms; left >= 0; left -= 50) {
      clock.advance(Math.min(50, Math.max(0, left)));
      // oxlint-disable-next-line no-await-in-loop -- answers of the store
      for (let at = 0; at < 20; at++) await Promise.resolve();
    }
  };
  for (let at = 0; at < count; at++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await join();
  }
  return { clock, pods, commands: () => commands, flush: () => memory.flush(), join, advance };
}
