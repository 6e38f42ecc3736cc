import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridDue, phaseOf } from './grid.ts';

const targets = fc.stringMatching(/^[0-9a-f]{8,24}$/);
const times = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
const intervals = fc.integer({ min: 100, max: 86_400_000 });

describe('the grid', () => {
  it('is due at the phase of its target, between half an interval and one and a half after the evidence', () => {
    fc.assert(
      fc.property(times, targets, intervals, (evidenceAt, target, everyMs) => {
        const due = gridDue(evidenceAt, target, everyMs);
        const everyUs = everyMs * 1000;
        expect(due).toBeGreaterThanOrEqual(evidenceAt + everyUs / 2);
        expect(due).toBeLessThan(evidenceAt + 1.5 * everyUs + 1);
        expect((due - Math.floor(phaseOf(target) * everyUs)) % everyUs).toBe(0);
      }),
    );
  });

  it('does not drift when probes start late by less than half an interval', () => {
    fc.assert(
      fc.property(
        times,
        targets,
        intervals,
        fc.array(fc.double({ min: 0, max: 0.499, noNaN: true }), { maxLength: 50 }),
        (start, target, everyMs, delays) => {
          const everyUs = everyMs * 1000;
          let due = gridDue(start, target, everyMs);
          delays.forEach((share) => {
            const next = gridDue(Math.floor(due + share * everyUs), target, everyMs);
            expect(next - due).toBe(everyUs);
            due = next;
          });
        },
      ),
    );
  });

  it('is never due earlier for newer evidence', () => {
    fc.assert(
      fc.property(times, fc.nat(1_000_000_000), targets, intervals, (at, later, target, everyMs) => {
        expect(gridDue(at + later, target, everyMs)).toBeGreaterThanOrEqual(gridDue(at, target, everyMs));
      }),
    );
  });

  it('spreads many targets evenly over the interval', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 4_096; i += 1) {
      const id = ((i * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
      counts[Math.floor(phaseOf(id) * 10)]! += 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(380);
    expect(Math.max(...counts)).toBeLessThan(440);
  });

  it('has phase 0 for ids that are not hexadecimal', () => {
    expect(phaseOf('@sweep')).toBe(0);
    expect(phaseOf('')).toBe(0);
    expect(phaseOf('80000000')).toBe(0.5);
    expect(gridDue(0, '80000000', 10_000)).toBe(5_000_000);
  });

  it('works for an interval of two seconds as for one of a day', () => {
    for (const everyMs of [2_000, 86_400_000]) {
      const first = gridDue(1_800_000_000_000_000, '40000000', everyMs);
      expect(gridDue(first, '40000000', everyMs) - first).toBe(everyMs * 1000);
    }
  });
});
