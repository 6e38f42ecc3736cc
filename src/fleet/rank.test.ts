import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankOf, rankWaitMs } from './rank.ts';

const target = fc.stringMatching(/^[0-9a-f]{24}$/);
const members = fc.uniqueArray(fc.stringMatching(/^pod_[0-9]{13}_[a-z0-9]{6}$/), { minLength: 1, maxLength: 30 });

describe('the rank of a pod for a target', () => {
  it('gives every member a place of its own', () => {
    fc.assert(
      fc.property(target, members, (id, pods) => {
        const ranks = pods.map((pod) => rankOf(id, pod, pods)).toSorted((a, b) => a - b);
        expect(ranks).toEqual(pods.map((_, i) => i));
      }),
    );
  });

  it('is the same whatever the order of the list, and whether or not it names the pod itself', () => {
    fc.assert(
      fc.property(target, members, (id, pods) => {
        const self = pods[0]!;
        const others = pods.slice(1).toReversed();
        expect(rankOf(id, self, others)).toBe(rankOf(id, self, pods));
      }),
    );
  });

  it('changes by at most the one place that a leaving member frees', () => {
    fc.assert(
      fc.property(target, members, fc.nat(), (id, pods, pick) => {
        const leaver = pods[pick % pods.length]!;
        const rest = pods.filter((pod) => pod !== leaver);
        for (const pod of rest) {
          const behind = rankOf(id, pod, pods) > rankOf(id, leaver, pods);
          expect(rankOf(id, pod, rest)).toBe(rankOf(id, pod, pods) - (behind ? 1 : 0));
        }
      }),
    );
  });

  it('moves only the targets of the member that leaves', () => {
    const pods = Array.from({ length: 10 }, (_, i) => `pod_180000000000${i}_abc${i}`);
    const first = (id: string, among: readonly string[]): string => among.find((pod) => rankOf(id, pod, among) === 0)!;
    const rest = pods.slice(1);
    for (let i = 0; i < 500; i += 1) {
      const before = first(`${i}`, pods);
      if (before === pods[0]) continue;
      expect(first(`${i}`, rest)).toBe(before);
    }
  });

  it('spreads a thousand targets evenly over ten pods, however alike their names are', () => {
    const pods = Array.from({ length: 10 }, (_, i) => `pod_180000000000${i}_aaaaaa`);
    const counts = pods.map(
      (pod) =>
        Array.from({ length: 1_000 }, (_, i) => rankOf(i.toString(16).padStart(24, '0'), pod, pods)).filter(
          (rank) => rank === 0,
        ).length,
    );
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(140);
  });

  it('lets the ones before it go first, by 150 ms each and 600 ms at most', () => {
    expect([0, 1, 2, 4, 5, 99].map(rankWaitMs)).toEqual([0, 150, 300, 600, 600, 600]);
  });
});
