import fc from 'fast-check';
import { transition } from '../../src/health/index.ts';
import type { Facts, Failure, FailureClass, Observation, Level, ProbeAdaptation } from '../../src/health/index.ts';

export const failureClasses: readonly FailureClass[] = [
  'network',
  'timeout',
  'server',
  'overloaded',
  'quota',
  'auth',
  'not-found',
  'bad-probe',
];

export const levels: readonly Level[] = ['connect', 'models', 'inference'];

export const pods: readonly string[] = ['pod_a', 'pod_b', 'pod_c'];

export const anyFailure: fc.Arbitrary<Failure> = fc.record(
  {
    class: fc.constantFrom(...failureClasses),
    message: fc.string({ maxLength: 30 }),
    status: fc.integer({ min: 100, max: 599 }),
    retryAfterMs: fc.integer({ min: 0, max: 600_000 }),
  },
  { requiredKeys: ['class', 'message'] },
);

const anyName = fc.string({ minLength: 1, maxLength: 100 });

const anyAdaptation: fc.Arbitrary<ProbeAdaptation> = fc.record(
  { parameter: anyName, renamedTo: anyName, bodyHash: fc.string({ minLength: 1, maxLength: 12 }) },
  { requiredKeys: ['parameter', 'bodyHash'] },
);

/** A probe without a time. */
const anyTimeless: fc.Arbitrary<Omit<Observation, 'at' | 'answeredAt'>> = fc
  .record({
    pod: fc.constantFrom(...pods),
    source: fc.constant('probe' as const),
    reason: fc.constantFrom('scheduled', 'confirmation', 'forced', 'fallback'),
    level: fc.constantFrom(...levels),
    latencyMs: fc.integer({ min: 0, max: 60_000 }),
    failure: fc.option(anyFailure, { nil: undefined }),
    adapted: fc.option(anyAdaptation, { nil: undefined }),
  })
  .map(({ failure, adapted, ...rest }) => ({
    ...rest,
    ok: failure === undefined,
    ...(failure === undefined ? {} : { failure }),
    ...(adapted === undefined ? {} : { adapted }),
  }));

/** Consecutive probes, each started after the previous one. */
export function anyProbes(limits: { minLength: number; maxLength: number }): fc.Arbitrary<Observation[]> {
  return fc.array(fc.tuple(anyTimeless, fc.integer({ min: 1, max: 100_000_000 })), limits).map((steps) => {
    let at = 1_800_000_000_000_000;
    return steps.map(([probe, later]) => {
      at += later;
      return { ...probe, at, answeredAt: at + probe.latencyMs * 1000 };
    });
  });
}

/** Facts that can occur in the fleet. */
export const anyFacts: fc.Arbitrary<Facts> = anyProbes({ minLength: 1, maxLength: 12 }).map(([first, ...more]) =>
  more.reduce((facts, probe) => transition(facts, probe), transition(undefined, first as Observation)),
);
