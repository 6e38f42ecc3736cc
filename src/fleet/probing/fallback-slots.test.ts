import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseOf } from '../../health/index.ts';
import { nextSlot, slotPositionOf } from './fallback-slots.ts';

const target = fc.stringMatching(/^[0-9a-f]{24}$/);
const everyMs = fc.integer({ min: 1_000, max: 3_600_000 });
const count = fc.integer({ min: 1, max: 20 });
const from = fc.integer({ min: 1_700_000_000_000_000, max: 1_900_000_000_000_000 });

describe('slots without a store', () => {
  it('give each grid point to exactly one member', () => {
    fc.assert(
      fc.property(target, everyMs, count, from, (id, every, of, start) => {
        const everyUs = every * 1000;
        const end = start + 2 * of * everyUs;
        const points: number[] = [];
        for (let index = 0; index < of; index += 1) {
          for (
            let at = nextSlot(id, every, { index, of }, start);
            at < end;
            at = nextSlot(id, every, { index, of }, at + 1)
          ) {
            points.push(at);
          }
        }
        points.sort((a, b) => a - b);
        expect(points).toHaveLength(2 * of);
        expect((points[0]! - Math.floor(phaseOf(id) * everyUs)) % everyUs).toBe(0);
        expect(points.slice(1).every((at, i) => at - points[i]! === everyUs)).toBe(true);
      }),
    );
  });

  it('leave no member without a turn for longer than as many intervals as there are members', () => {
    fc.assert(
      fc.property(target, everyMs, count, fc.nat(), from, (id, every, of, pick, start) => {
        const at = nextSlot(id, every, { index: pick % of, of }, start);
        expect(at).toBeGreaterThanOrEqual(start);
        expect(at).toBeLessThan(start + of * every * 1000);
      }),
    );
  });

  it('give a pod its position in the last known list', () => {
    expect(slotPositionOf('b', ['a', 'b', 'c'], 1)).toEqual({ index: 1, of: 3 });
    expect(slotPositionOf('a', ['a'], 9)).toEqual({ index: 0, of: 1 });
  });

  it('seat a pod that never saw the store by its own id, among as many as are expected', () => {
    const seats = Array.from({ length: 200 }, (_, i) => slotPositionOf(`pod_${i}`, [], 4));
    expect(new Set(seats.map(({ of }) => of))).toEqual(new Set([4]));
    expect(new Set(seats.map(({ index }) => index))).toEqual(new Set([0, 1, 2, 3]));
    expect(slotPositionOf('pod_1', [], 0)).toEqual({ index: 0, of: 1 });
  });

  it('seat a pod that is not in the list among at least those that are', () => {
    expect(slotPositionOf('z', ['a', 'b', 'c'], 1).of).toBe(3);
  });
});
