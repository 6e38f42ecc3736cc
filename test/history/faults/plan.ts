import type { Behaviour } from '../../../src/testing/index.ts';
import { seededRandom } from '../../sim/seeded-random.ts';
import type { SeededRandom } from '../../sim/seeded-random.ts';
import type { FaultKind } from '../entry.ts';
import { MODELS, PLACES } from '../stand/stand.ts';
import type { Cut } from '../stand/tcp-proxy.ts';

/** One fault of pods or the store, after a pause. */
export interface Step {
  readonly pauseMs: number;
  readonly holdMs: number;
  readonly fault: FaultKind;
  /** For a fault of the store: which of its list. */
  readonly index: number;
  readonly place: number;
  readonly how: Cut;
}

/** A model fails for some time, in parallel with other faults. */
export interface Outage {
  readonly pauseMs: number;
  readonly holdMs: number;
  readonly model: string;
  readonly behaviour: Behaviour;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly outages: readonly Outage[];
  /** Fails from the end of the last fault on, so that not all targets are up at the end. */
  readonly lastDown: string;
}

/** These two never fail. */
const FAILING = MODELS.slice(2);
const OUTAGES = 40;

const FAILURES: readonly Behaviour[] = [{ kind: 'status', status: 500 }, { kind: 'reset' }, { kind: 'hang' }];

const POD_FAULTS: readonly FaultKind[] = ['pod-killed', 'pod-stopped', 'pod-partitioned'];

/** Duration of each fault, ms: from well below to well above the time in which pods detect it. */
const HOLDS: Readonly<Partial<Record<FaultKind, readonly [number, number]>>> = {
  'pod-killed': [100, 2_000],
  'pod-stopped': [800, 6_000],
  'pod-partitioned': [1_500, 7_000],
  'store-killed': [200, 4_000],
  'store-hung': [300, 4_000],
  failover: [300, 2_000],
  clock: [2_500, 5_000],
};

/** Every fault of the store and of a pod once, in an order and with times drawn from the seed. */
export function drawPlan(seed: number, storeFaults: readonly FaultKind[]): Plan {
  const random = seededRandom(seed);
  const all = [...storeFaults, ...POD_FAULTS].map((fault, index) => ({ fault, index, key: random.next() }));
  const steps = all
    .toSorted((a, b) => a.key - b.key)
    .map(({ fault, index }) => {
      const [low, high] = HOLDS[fault] ?? [200, 200];
      return {
        pauseMs: random.between(200, 2_500),
        holdMs: random.between(low, high),
        fault,
        index,
        place: random.pick(PLACES),
        how: random.pick<Cut>(['refuse', 'silence']),
      };
    });
  return { steps, outages: outagesOf(random), lastDown: random.pick(FAILING) };
}

function outagesOf(random: SeededRandom): Outage[] {
  return Array.from({ length: OUTAGES }, () => ({
    pauseMs: random.between(500, 4_000),
    holdMs: random.between(2_500, 8_000),
    model: random.pick(FAILING),
    behaviour: random.pick(FAILURES),
  }));
}
