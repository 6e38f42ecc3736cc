import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, okProbe } from '../../../support/fleet-parts.ts';
import type { StoredRecord } from '../../../../src/ports/index.ts';
import { Replica } from '../../../../src/fleet/replication/replica.ts';

const facts = factsOf(okProbe(1));
const record = (version: number): StoredRecord => ({
  kind: 'record',
  record: { version, grant: version, evidenceAt: version, nextDueAt: version, facts },
});
const newer = (version: number): StoredRecord => ({ kind: 'newer', version, format: 3 });
const garbage: StoredRecord = { kind: 'garbage', shown: '?' };

const anyRecord = fc.tuple(
  fc.constantFrom('a', 'b', 'c'),
  fc.integer({ min: 1, max: 50 }).map((version) => (version % 7 === 0 ? newer(version) : record(version))),
);

function viewOf(records: readonly (readonly [string, StoredRecord])[]): unknown {
  const replica = new Replica();
  for (const [target, stored] of records) replica.apply(target, stored);
  return ['a', 'b', 'c'].map((target) => [
    replica.record(target),
    replica.version(target),
    replica.isNewerFormat(target),
  ]);
}

describe("a pod's copy of the records", () => {
  it('is the same in whatever order, and however often, records arrive: the higher version wins', () => {
    const shuffled = fc
      .array(anyRecord, { minLength: 1, maxLength: 30 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
      );
    fc.assert(
      fc.property(shuffled, ([inOrder, anyOrder]) => {
        expect(viewOf(anyOrder)).toEqual(viewOf(inOrder));
      }),
    );
  });

  it('says whether a record was news', () => {
    const replica = new Replica();
    expect([5, 5, 4, 6].map((version) => replica.apply('a', record(version)))).toEqual([true, false, false, true]);
  });

  it('takes the record that was written after the clock was set back, and none of the old clock after it', () => {
    const replica = new Replica(undefined, () => 10_000_000);
    replica.apply('a', record(3_600_000_000));
    expect(replica.apply('a', record(3_599_999_999))).toBe(false);
    expect(replica.apply('a', record(10_000_001))).toBe(true);
    expect(replica.version('a')).toBe(10_000_001);
  });

  it('dates a record with a version ahead of the clock by the time of reading', () => {
    let latest = 10_000_000;
    const replica = new Replica(undefined, () => latest);
    replica.apply('a', record(3_600_000_000));
    latest += 5_000_000;
    replica.apply('a', record(3_600_000_000));
    replica.apply('b', record(14_000_000));
    expect(['a', 'b', 'c'].map((target) => replica.writtenAt(target))).toEqual([10_000_000, 14_000_000, 0]);
  });

  it('shifts leases with the clock (no answer for 3600 s, after the clock was set ahead by an hour)', () => {
    const replica = new Replica(undefined, () => 4_000_000_000);
    replica.setLease({ target: 'a', pod: 'pod_b', grant: 10_000_000, until: 20_000_000 });
    replica.shiftTimes(3_600_000_000);
    expect(replica.lease('a', 15_000_000)?.since).toBe(3_610_000_000);
  });

  it('dates a lease with a grant ahead of the clock by the time of receipt', () => {
    let latest = 10_000_000;
    const replica = new Replica(undefined, () => latest);
    const lease = { target: 'a', pod: 'pod_b', grant: 3_600_000_000, until: 20_000_000 };
    replica.setLease(lease);
    latest += 5_000_000;
    replica.setLease({ ...lease, until: 25_000_000 });
    expect(replica.lease('a', latest)).toMatchObject({ since: 10_000_000, until: 25_000_000 });
    replica.setLease({ ...lease, target: 'b', grant: 14_000_000 });
    expect(replica.lease('b', latest)).toMatchObject({ since: 14_000_000 });
  });

  it('keeps the known record when an unreadable one arrives, and accepts any record after that', () => {
    const replica = new Replica();
    expect(replica.apply('a', record(5))).toBe(true);
    expect(replica.apply('a', garbage)).toBe(false);
    expect(replica.record('a')?.version).toBe(5);
    expect(replica.apply('b', garbage)).toBe(true);
    expect(replica.apply('b', record(1))).toBe(true);
    expect(replica.record('b')?.version).toBe(1);
  });

  it('reports each unusable record once, even if it has a good one, and shows it until it is repaired', () => {
    const told: string[] = [];
    const replica = new Replica((target, { kind }) => told.push(`${target} ${kind}`));
    replica.apply('a', record(5));
    for (const target of ['a', 'b', 'a', 'b']) replica.apply(target, garbage);
    replica.apply('c', newer(3));
    expect(told).toEqual(['a garbage', 'b garbage', 'c newer']);
    expect(replica.quarantined()).toEqual(['a', 'b', 'c']);
    replica.apply('a', record(4));
    expect(replica.quarantined(), 'an older record repairs nothing').toContain('a');
    replica.apply('a', record(6));
    replica.apply('b', record(1));
    replica.forget('c');
    expect(replica.quarantined()).toEqual([]);
    replica.apply('a', garbage);
    expect(told).toHaveLength(4);
  });

  it('claims and commits against version 0 if the record is unreadable or unknown', () => {
    const replica = new Replica();
    replica.apply('a', garbage);
    expect([replica.version('a'), replica.version('b')]).toEqual([0, 0]);
  });

  it('takes older records than it knew once the store has lost its data, and hands out what the store no longer has', () => {
    const replica = new Replica();
    replica.apply('a', record(9));
    replica.apply('b', record(8));
    replica.apply('c', record(7));
    replica.dataLost();
    expect(replica.record('a')?.version, 'still its best knowledge').toBe(9);
    expect(replica.version('a'), 'but not what the store holds').toBe(0);
    expect(replica.apply('a', record(3))).toBe(true);
    expect(replica.apply('b', record(20))).toBe(true);
    expect(replica.record('a')?.version).toBe(3);
    expect(replica.takeLost().map(([target, { version }]) => [target, version])).toEqual([
      ['a', 9],
      ['c', 7],
    ]);
    expect([...replica.known()]).toEqual(['a', 'b']);
  });

  it('has the pod of the last commit', () => {
    const replica = new Replica();
    replica.apply('a', record(5));
    expect(replica.lastCommitBy).toBe('pod_a');
  });
});

describe("a pod's copy of the leases", () => {
  const lease = (grant: number, until: number, pod = 'pod_b') => ({ target: 'a', pod, grant, until });

  it('shows a lease until it is over', () => {
    const replica = new Replica();
    replica.setLease(lease(1, 100));
    expect(replica.lease('a', 99)?.pod).toBe('pod_b');
    expect(replica.lease('a', 100)).toBeUndefined();
    expect(replica.liveLeases(50)).toHaveLength(1);
  });

  it('keeps the newer grant, whatever arrives later', () => {
    const replica = new Replica();
    replica.setLease(lease(2, 200, 'pod_c'));
    replica.setLease(lease(1, 300));
    replica.endLease('a', 1);
    expect(replica.lease('a', 150)?.pod).toBe('pod_c');
    replica.endLease('a', 2);
    expect(replica.lease('a', 150)).toBeUndefined();
  });

  it('drops all leases with the data: those from before a clock step would outrank all later ones', () => {
    const replica = new Replica();
    replica.setLease(lease(3_600_000_000, 100));
    replica.dataLost();
    replica.setLease(lease(0, 200));
    expect(replica.lease('a', 150)).toMatchObject({ grant: 0 });
    replica.setLease(lease(2, 300, 'pod_c'));
    expect(replica.lease('a', 250)).toMatchObject({ pod: 'pod_c', grant: 2, since: 2 });
    replica.endLease('a', 2);
    expect(replica.lease('a', 250)).toBeUndefined();
  });

  it('takes "held until" without a grant for what it is: only later ends count, and the grant stays known', () => {
    const replica = new Replica();
    replica.setLease(lease(5, 100));
    replica.setLease(lease(0, 50));
    expect(replica.lease('a', 80)).toMatchObject({ until: 100 });
    replica.setLease(lease(0, 200));
    expect(replica.lease('a', 80)).toMatchObject({ until: 200, grant: 5 });
  });
});
