import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ablePod, factsOf, failedProbe } from '../../../support/fleet-parts.ts';
import { byRank, plainRankOf, rankOf, rankWaitMs } from '../../../../src/fleet/membership/rank.ts';

const target = fc.stringMatching(/^[0-9a-f]{24}$/);
const members = fc.uniqueArray(fc.stringMatching(/^pod_[0-9]{13}_[a-z0-9]{6}$/), { minLength: 1, maxLength: 30 });

function rankAt(id: string, self: string, pods: readonly string[], slot = 7): number {
  return rankOf(
    { target: id, slot },
    ablePod(self),
    pods.map((pod) => ablePod(pod)),
  );
}

describe('the rank of a pod for a target', () => {
  it('is another one at each grid point: every pod comes first in turn, as often as the others', () => {
    const pods = ['pod_a', 'pod_b', 'pod_c'];
    const firsts = pods.map(
      (pod) =>
        Array.from({ length: 300 }, (_, slot) => rankAt('80000000aaaa', pod, pods, slot)).filter((rank) => rank === 0)
          .length,
    );
    expect(firsts.reduce((sum, one) => sum + one)).toBe(300);
    expect(Math.min(...firsts)).toBeGreaterThan(75);
  });

  it('lets deeper levels go first, then pods that did not see the failure recently, outside the domain of its witness first', () => {
    const witness = ablePod('pod_w', { domain: 'node-1' });
    const beside = ablePod('pod_n', { domain: 'node-1' });
    const elsewhere = ablePod('pod_e', { domain: 'node-2' });
    const shallow = ablePod('pod_s', { domain: 'node-3', level: 'models' });
    const series = factsOf(failedProbe(1, {}, { pod: 'pod_w' })).failureRun;
    const pods = [witness, shallow, beside, elsewhere];
    for (let slot = 0; slot < 50; slot += 1) {
      expect(byRank({ target: 'aa', slot, series }, pods).map(({ pod }) => pod)).toEqual([
        'pod_e',
        'pod_n',
        'pod_w',
        'pod_s',
      ]);
    }
  });

  it('lets witnesses probe in turn, the newest one last', () => {
    const seen = ['pod_a', 'pod_b', 'pod_c'].map((pod, i) => failedProbe(i + 1, {}, { pod }));
    const series = factsOf(seen[0]!, ...seen.slice(1)).failureRun;
    const pods = ['pod_c', 'pod_b', 'pod_a'].map((pod) => ablePod(pod));
    expect(byRank({ target: 'aa', slot: 3, series }, pods).map(({ pod }) => pod)).toEqual(['pod_a', 'pod_b', 'pod_c']);
  });

  it('of a mere name is the same at all times', () => {
    const pods = ['pod_a', 'pod_b', 'pod_c'];
    expect(pods.map((pod) => plainRankOf('@sweep', pod, pods)).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  it('gives every member a place of its own', () => {
    fc.assert(
      fc.property(target, members, (id, pods) => {
        const ranks = pods.map((pod) => rankAt(id, pod, pods)).toSorted((a, b) => a - b);
        expect(ranks).toEqual(pods.map((_, i) => i));
      }),
    );
  });

  it('is the same whatever the order of the list, and whether or not it names the pod itself', () => {
    fc.assert(
      fc.property(target, members, (id, pods) => {
        const self = pods[0]!;
        const others = pods.slice(1).toReversed();
        expect(rankAt(id, self, others)).toBe(rankAt(id, self, pods));
      }),
    );
  });

  it('changes by at most the one place that a leaving member frees', () => {
    fc.assert(
      fc.property(target, members, fc.nat(), (id, pods, pick) => {
        const leaver = pods[pick % pods.length]!;
        const rest = pods.filter((pod) => pod !== leaver);
        for (const pod of rest) {
          const behind = rankAt(id, pod, pods) > rankAt(id, leaver, pods);
          expect(rankAt(id, pod, rest)).toBe(rankAt(id, pod, pods) - (behind ? 1 : 0));
        }
      }),
    );
  });

  it('moves only the targets of the member that leaves', () => {
    const pods = Array.from({ length: 10 }, (_, i) => `pod_180000000000${i}_abc${i}`);
    const first = (id: string, among: readonly string[]): string => among.find((pod) => rankAt(id, pod, among) === 0)!;
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
        Array.from({ length: 1_000 }, (_, i) => rankAt(i.toString(16).padStart(24, '0'), pod, pods)).filter(
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
