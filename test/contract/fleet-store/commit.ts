import { expect, it } from 'vitest';
import {
  commit,
  commitRequest,
  FOREVER,
  goodFacts,
  grantOf,
  metaOf,
  nowOf,
  ok,
  planted,
  probed,
  T1,
  T2,
  suite,
  type Suite,
} from './under-test.ts';

export const describeCommit: Suite = suite('commit', (bench) => {
  it('writes the record under its grant, stamps it and ends the lease', async () => {
    const grant = await grantOf(bench.a);
    const facts = goodFacts(grant);
    const answer = await commit(bench.a, { grant, evidenceAt: grant, nextDueAt: grant + 5, facts });
    const version = (answer as { version: number }).version;
    expect(version).toBeGreaterThanOrEqual(grant);
    const record = { version, grant, evidenceAt: grant, nextDueAt: grant + 5, facts };
    const found = ok(await bench.b.readRecords([T1, T2]));
    expect(found).toEqual([{ target: T1, stored: { kind: 'record', record } }]);
    expect(ok(await bench.b.readLeases([T1, T2]))).toEqual([]);
  });

  it('keeps fields of the facts that this version does not know', async () => {
    const grant = await grantOf(bench.a);
    const facts = { ...goodFacts(grant), later: { deep: [1, 'ü', null], text: 'a\nb' } };
    await commit(bench.a, { grant, facts });
    const [found] = ok(await bench.b.readRecords([T1, T2]));
    expect(found?.stored).toMatchObject({ kind: 'record', record: { facts } });
  });

  it('answers ok twice to the same grant and writes once', async () => {
    const grant = await grantOf(bench.a);
    const first = await commit(bench.a, { grant });
    const before = await bench.fleet.texts('records');
    expect(await commit(bench.a, { grant })).toEqual(first);
    expect(await bench.fleet.texts('records')).toEqual(before);
  });

  it('refuses a late grant after another pod was granted the target', async () => {
    const late = await grantOf(bench.a);
    await expire(late);
    const newer = await grantOf(bench.b, { pod: 'b' });
    expect(await commit(bench.a, { grant: late })).toEqual({ kind: 'stale' });
    expect(await commit(bench.b, { pod: 'b', grant: newer })).toMatchObject({ kind: 'ok' });
    expect(await commit(bench.a, { grant: late, expectedVersion: 0 })).toEqual({ kind: 'stale' });
  });

  it('refuses a late grant after the same pod was granted the target again (the pod compared, and not the grant)', async () => {
    const late = await grantOf(bench.a);
    await expire(late);
    const newer = await grantOf(bench.a);
    expect(await commit(bench.a, { grant: late })).toEqual({ kind: 'stale' });
    expect(await bench.fleet.texts('records')).toEqual(new Map());
    expect(await commit(bench.a, { grant: newer })).toMatchObject({ kind: 'ok' });
  });

  it('refuses a grant whose lease has expired, though nobody took it', async () => {
    const grant = await grantOf(bench.a);
    await expire(grant);
    expect(await commit(bench.a, { grant })).toEqual({ kind: 'stale' });
    expect(await bench.fleet.texts('records')).toEqual(new Map());
  });

  it('refuses the grant of another pod', async () => {
    const grant = await grantOf(bench.a);
    expect(await commit(bench.b, { pod: 'b', grant })).toEqual({ kind: 'stale' });
  });

  it('refuses a grant older than the one in the record, though its lease is live', async () => {
    const grant = await grantOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ version: 7, grant: grant + 1 }));
    expect(await commit(bench.a, { grant, expectedVersion: 7 })).toEqual({ kind: 'stale' });
  });

  it('answers a conflict with the present record, and the lease lives on for the next try', async () => {
    const grant = await grantOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ version: 7, grant: 3, evidenceAt: 5 }));
    const answer = await commit(bench.a, { grant, expectedVersion: 0 });
    expect(answer).toMatchObject({ kind: 'conflict', record: { kind: 'record', record: { version: 7 } } });
    expect(ok(await bench.b.readLeases([T1, T2]))).toMatchObject([{ target: T1, grant }]);
    expect(await commit(bench.a, { grant, expectedVersion: 7 })).toMatchObject({ kind: 'ok' });
  });

  it('answers a conflict without a record when the store lost it', async () => {
    const grant = await grantOf(bench.a);
    expect(await commit(bench.a, { grant, expectedVersion: 7 })).toEqual({ kind: 'conflict', record: null });
  });

  it('takes an observation without a lease, keeps the grant of the record and touches no lease', async () => {
    const version = await probed(bench.a);
    const [, probeGrant] = (await bench.fleet.texts('records')).get(T1)!.split(' ');
    const grant = await grantOf(bench.b, { pod: 'b', version, reason: 'confirmation' });
    const evidenceAt = await nowOf(bench.a);
    expect(await commit(bench.a, { expectedVersion: version, evidenceAt })).toMatchObject({ kind: 'ok' });
    expect((await bench.fleet.texts('records')).get(T1)!.split(' ')[1]).toBe(probeGrant);
    expect(ok(await bench.a.readLeases([T1, T2]))).toMatchObject([{ pod: 'b', grant }]);
  });

  it('takes an observation of a target that has no record', async () => {
    const evidenceAt = await nowOf(bench.a);
    expect(await commit(bench.a, { evidenceAt })).toMatchObject({ kind: 'ok' });
    expect((await bench.fleet.texts('records')).get(T1)!.split(' ')[1]).toBe('0');
  });

  it('takes newer evidence only', async () => {
    const evidenceAt = (await nowOf(bench.a)) - 1000;
    await bench.fleet.plant('records', T1, planted({ version: 7, evidenceAt }));
    expect(await commit(bench.a, { expectedVersion: 7, evidenceAt })).toEqual({ kind: 'stale' });
    expect(await commit(bench.a, { expectedVersion: 7, evidenceAt: evidenceAt - 1 })).toEqual({ kind: 'stale' });
    expect(await commit(bench.a, { expectedVersion: 6, evidenceAt: evidenceAt + 1 })).toMatchObject({
      kind: 'conflict',
    });
    expect(await commit(bench.a, { expectedVersion: 7, evidenceAt: evidenceAt + 1 })).toMatchObject({ kind: 'ok' });
  });

  it('lets versions grow even while the clock of the store lags behind them', async () => {
    const ahead = (await nowOf(bench.a)) + 60_000_000;
    await bench.fleet.plant('records', T1, planted({ version: ahead }));
    const grant = await grantOf(bench.a, { reason: 'forced' });
    expect(await commit(bench.a, { grant, expectedVersion: ahead })).toEqual({ kind: 'ok', version: ahead + 1 });
  });

  it('answers each commit of a batch for itself, a repeated one as the same commit', async () => {
    const grant = await grantOf(bench.a);
    const commits = [
      commitRequest({ grant }),
      commitRequest({ target: T2, grant }),
      commitRequest({ grant }),
      commitRequest({ target: 'seen', evidenceAt: grant }),
    ];
    const answers = ok(await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
    expect(answers.map(({ kind }) => kind)).toEqual(['ok', 'stale', 'ok', 'ok']);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('begins a life with the first record, and counts one event for a batch that wrote', async () => {
    expect(await metaOf(bench.a)).toMatchObject({ epoch: '', seq: 0 });
    const grant = await grantOf(bench.a);
    expect(await metaOf(bench.a)).toMatchObject({ epoch: '', seq: 0 });
    const commits = [commitRequest({ grant }), commitRequest({ target: T2, evidenceAt: grant })];
    const answer = await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits });
    expect(answer).toMatchObject({ kind: 'ok', meta: { epoch: 'first', seq: 1 } });
    await commit(bench.a, { grant });
    expect(await metaOf(bench.b)).toMatchObject({ epoch: 'first', seq: 1 });
  });

  it('begins another life after the store lost its data', async () => {
    await probed(bench.a);
    await bench.fleet.flush();
    expect(await metaOf(bench.a)).toMatchObject({ epoch: '', seq: 0 });
    const commits = [commitRequest({ evidenceAt: await nowOf(bench.b) })];
    const answer = await bench.b.commit({ pod: 'b', notAfter: FOREVER, newEpoch: 'second', commits });
    expect(answer).toMatchObject({ kind: 'ok', meta: { epoch: 'second', seq: 1 } });
  });

  it('does nothing once the store is past notAfter', async () => {
    const grant = await grantOf(bench.a);
    const before = await bench.fleet.texts('leases');
    const notAfter = (await nowOf(bench.a)) - 1;
    const commits = [commitRequest({ grant }), commitRequest({ target: T2, evidenceAt: grant })];
    const answer = await bench.a.commit({ pod: 'a', notAfter, newEpoch: 'first', commits });
    expect(answer).toMatchObject({ kind: 'too-late', meta: { epoch: '', seq: 0 } });
    expect(await bench.fleet.texts('leases')).toEqual(before);
    expect(await bench.fleet.texts('records')).toEqual(new Map());
  });

  async function expire(grant: number): Promise<void> {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${grant} a ${now - 1} ${grant} 1`);
  }
});
