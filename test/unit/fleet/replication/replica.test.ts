import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, okProbe } from '../../../support/fleet-parts.ts';
import type { StoredRecord } from '../../../../src/ports/index.ts';
import { FleetView } from '../../../../src/fleet/replication/replica.ts';

const facts = factsOf(okProbe(1));
const record = (version: number): StoredRecord => ({
  kind: 'record',
  record: { version, grant: version, evidenceAt: version, nextDueAt: version, facts },
});
const newer = (version: number): StoredRecord => ({ kind: 'newer', version, format: 2 });
const garbage: StoredRecord = { kind: 'garbage', shown: '?' };

const anyRecord = fc.tuple(
  fc.constantFrom('a', 'b', 'c'),
  fc.integer({ min: 1, max: 50 }).map((version) => (version % 7 === 0 ? newer(version) : record(version))),
);

function viewOf(records: readonly (readonly [string, StoredRecord])[]): unknown {
  const view = new FleetView();
  for (const [target, stored] of records) view.apply(target, stored);
  return ['a', 'b', 'c'].map((target) => [view.record(target), view.version(target), view.isNewerFormat(target)]);
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
    const view = new FleetView();
    expect([5, 5, 4, 6].map((version) => view.apply('a', record(version)))).toEqual([true, false, false, true]);
  });

  it('takes the record that was written after the clock was set back, and none of the old clock after it', () => {
    const view = new FleetView(undefined, () => 10_000_000);
    view.apply('a', record(3_600_000_000));
    expect(view.apply('a', record(3_599_999_999))).toBe(false);
    expect(view.apply('a', record(10_000_001))).toBe(true);
    expect(view.version('a')).toBe(10_000_001);
  });

  it('dates a record whose version lies ahead of the clock by when it read it', () => {
    let latest = 10_000_000;
    const view = new FleetView(undefined, () => latest);
    view.apply('a', record(3_600_000_000));
    latest += 5_000_000;
    view.apply('a', record(3_600_000_000));
    view.apply('b', record(14_000_000));
    expect(['a', 'b', 'c'].map((target) => view.writtenAt(target))).toEqual([10_000_000, 14_000_000, 0]);
  });

  it('moves what it knows of leases with the clock (no answer for 3600 s, after the clock was set ahead by an hour)', () => {
    const view = new FleetView(undefined, () => 4_000_000_000);
    view.setLease({ target: 'a', pod: 'pod_b', grant: 10_000_000, until: 20_000_000 });
    view.redate(3_600_000_000);
    expect(view.lease('a', 15_000_000)?.since).toBe(3_610_000_000);
  });

  it('dates a lease whose grant lies ahead of the clock by when it heard of it', () => {
    let latest = 10_000_000;
    const view = new FleetView(undefined, () => latest);
    const lease = { target: 'a', pod: 'pod_b', grant: 3_600_000_000, until: 20_000_000 };
    view.setLease(lease);
    latest += 5_000_000;
    view.setLease({ ...lease, until: 25_000_000 });
    expect(view.lease('a', latest)).toMatchObject({ since: 10_000_000, until: 25_000_000 });
    view.setLease({ ...lease, target: 'b', grant: 14_000_000 });
    expect(view.lease('b', latest)).toMatchObject({ since: 14_000_000 });
  });

  it('keeps what it knew when garbage arrives, and takes anything for news after garbage', () => {
    const view = new FleetView();
    expect(view.apply('a', record(5))).toBe(true);
    expect(view.apply('a', garbage)).toBe(false);
    expect(view.record('a')?.version).toBe(5);
    expect(view.apply('b', garbage)).toBe(true);
    expect(view.apply('b', record(1))).toBe(true);
    expect(view.record('b')?.version).toBe(1);
  });

  it('tells once of each record that it cannot use, also of one it knows better, and shows it until it is good', () => {
    const told: string[] = [];
    const view = new FleetView((target, { kind }) => told.push(`${target} ${kind}`));
    view.apply('a', record(5));
    for (const target of ['a', 'b', 'a', 'b']) view.apply(target, garbage);
    view.apply('c', newer(3));
    expect(told).toEqual(['a garbage', 'b garbage', 'c newer']);
    expect(view.quarantined()).toEqual(['a', 'b', 'c']);
    view.apply('a', record(4));
    expect(view.quarantined(), 'an older record repairs nothing').toContain('a');
    view.apply('a', record(6));
    view.apply('b', record(1));
    view.forget('c');
    expect(view.quarantined()).toEqual([]);
    view.apply('a', garbage);
    expect(told).toHaveLength(4);
  });

  it('claims and commits against version 0 where it knows only garbage or nothing', () => {
    const view = new FleetView();
    view.apply('a', garbage);
    expect([view.version('a'), view.version('b')]).toEqual([0, 0]);
  });

  it('takes older records than it knew once the store has lost its data, and hands out what the store no longer has', () => {
    const view = new FleetView();
    view.apply('a', record(9));
    view.apply('b', record(8));
    view.apply('c', record(7));
    view.dataLost();
    expect(view.record('a')?.version, 'still its best knowledge').toBe(9);
    expect(view.version('a'), 'but not what the store holds').toBe(0);
    expect(view.apply('a', record(3))).toBe(true);
    expect(view.apply('b', record(20))).toBe(true);
    expect(view.record('a')?.version).toBe(3);
    expect(view.takeLost().map(([target, { version }]) => [target, version])).toEqual([
      ['a', 9],
      ['c', 7],
    ]);
    expect([...view.known()]).toEqual(['a', 'b']);
  });

  it('knows who committed last', () => {
    const view = new FleetView();
    view.apply('a', record(5));
    expect(view.lastCommitBy).toBe('pod_a');
  });
});

describe("a pod's copy of the leases", () => {
  const lease = (grant: number, until: number, pod = 'pod_b') => ({ target: 'a', pod, grant, until });

  it('shows a lease until it is over', () => {
    const view = new FleetView();
    view.setLease(lease(1, 100));
    expect(view.lease('a', 99)?.pod).toBe('pod_b');
    expect(view.lease('a', 100)).toBeUndefined();
    expect(view.liveLeases(50)).toHaveLength(1);
  });

  it('keeps the newer grant, whatever arrives later', () => {
    const view = new FleetView();
    view.setLease(lease(2, 200, 'pod_c'));
    view.setLease(lease(1, 300));
    view.endLease('a', 1);
    expect(view.lease('a', 150)?.pod).toBe('pod_c');
    view.endLease('a', 2);
    expect(view.lease('a', 150)).toBeUndefined();
  });

  it('forgets all leases with the data: those of before a clock was set back would outrank every one to come', () => {
    const view = new FleetView();
    view.setLease(lease(3_600_000_000, 100));
    view.dataLost();
    view.setLease(lease(0, 200));
    expect(view.lease('a', 150)).toMatchObject({ grant: 0 });
    view.setLease(lease(2, 300, 'pod_c'));
    expect(view.lease('a', 250)).toMatchObject({ pod: 'pod_c', grant: 2, since: 2 });
    view.endLease('a', 2);
    expect(view.lease('a', 250)).toBeUndefined();
  });

  it('takes "held until" without a grant for what it is: only later ends count, and the grant stays known', () => {
    const view = new FleetView();
    view.setLease(lease(5, 100));
    view.setLease(lease(0, 50));
    expect(view.lease('a', 80)).toMatchObject({ until: 100 });
    view.setLease(lease(0, 200));
    expect(view.lease('a', 80)).toMatchObject({ until: 200, grant: 5 });
  });
});
