import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedProbe, factsOf, okProbe } from '../../support/fleet-parts.ts';
import { anyFacts, anyProbes } from '../../support/health-arbitraries.ts';
import { rebasedStamps } from '../../../src/health/clock-set-back.ts';
import type { Facts } from '../../../src/health/facts.ts';
import { transition } from '../../../src/health/transition.ts';

const T = 1_800_000_000_000_000;
const HOUR_US = 3_600_000_000;

/** Every number in the facts that is a time. */
function stampsIn(facts: Facts): number[] {
  const found: number[] = [];
  JSON.stringify(facts, (_, value: unknown) => {
    if (typeof value === 'number' && value > T / 2) found.push(value);
    return value;
  });
  return found;
}

describe('facts dated before the clock was set back', () => {
  it('are never dated later than the first probe after the step', () => {
    fc.assert(
      fc.property(anyFacts, anyProbes({ minLength: 1, maxLength: 1 }), fc.nat(HOUR_US), (facts, [probe], backUs) => {
        const at = facts.last.at - backUs;
        const after = transition(facts, { ...probe!, at, answeredAt: at });
        expect(Math.max(...stampsIn(after))).toBeLessThanOrEqual(at);
      }),
    );
  });

  it('lead to the same facts as without the step', () => {
    fc.assert(
      fc.property(anyFacts, anyProbes({ minLength: 1, maxLength: 1 }), fc.nat(HOUR_US), (facts, [probe], backUs) => {
        const next = (at: number) => transition(facts, { ...probe!, at, answeredAt: at });
        const [stepped, straight] = [next(facts.last.at - backUs), next(facts.last.at + 1)];
        const shape = ({ run, failureRun, overload, rejected }: Facts) => [
          [run.kind, run.length],
          [failureRun?.length, failureRun?.witnesses.map(({ pod, position }) => [pod, position]), failureRun?.after],
          [overload?.length, rejected?.length],
        ];
        expect(shape(stepped)).toEqual(backUs === 0 ? shape(next(facts.last.at)) : shape(straight));
      }),
    );
  });

  it('let the first success end a run of failures (bug: an outage lasted until the clock had caught up)', () => {
    const failed = factsOf(okProbe(T), failedProbe(T + HOUR_US), failedProbe(T + HOUR_US + 1, {}, { pod: 'pod_b' }));
    expect(transition(failed, okProbe(T + 1_000_000)).run).toMatchObject({
      kind: 'ok',
      length: 1,
      since: T + 1_000_000,
    });
  });

  it('count each rate-limit answer after its own Retry-After (bug: for an hour none counted)', () => {
    const overloaded = (at: number) => failedProbe(at, { class: 'overloaded', retryAfterMs: 5_000 });
    const facts = factsOf(okProbe(T), overloaded(T + HOUR_US));
    const probes = [1, 2, 3].map((n) => overloaded(T + n * 10_000_000));
    expect(probes.reduce((known, probe) => transition(known, probe), facts).overload?.length).toBe(3);
  });

  it('have evidence stamps that move with them', () => {
    const facts = factsOf(okProbe(T + HOUR_US));
    const stamps = { facts, evidenceAt: T + HOUR_US, shallowAt: { connect: T + HOUR_US + 5 } };
    expect(rebasedStamps(stamps, T)).toEqual({ evidenceAt: T - 1, shallowAt: { connect: T + 4 } });
    expect(rebasedStamps(stamps, T + HOUR_US)).toMatchObject({ evidenceAt: T + HOUR_US });
  });
});
