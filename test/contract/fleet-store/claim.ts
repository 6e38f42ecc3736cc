import { expect, it } from 'vitest';
import { gridDue } from '../../../src/health/index.ts';
import {
  claim,
  claimInput,
  commit,
  FOREVER,
  grantOf,
  HOUR_MS,
  nowOf,
  ok,
  planted,
  probed,
  request,
  T1,
  T2,
  suite,
  type Suite,
} from './under-test.ts';

const MINUTE_MS = 60_000;

export const describeClaim: Suite = suite('claim', (bench) => {
  it('grants a target without a record, with the store time', async () => {
    const before = await nowOf(bench.a);
    const answer = ok(await bench.a.claim(claimInput([request()])));
    const after = await nowOf(bench.a);
    expect(answer).toHaveLength(1);
    expect(answer[0]).toMatchObject({ kind: 'granted', record: null });
    const { grant, until } = answer[0] as { grant: number; until: number };
    expect(grant).toBeGreaterThanOrEqual(before);
    expect(grant).toBeLessThanOrEqual(after);
    expect(until).toBe(grant + 10_000_000);
  });

  it('grants a due target to exactly one of many pods asking at once', async () => {
    const pods = Array.from({ length: 24 }, (_, index) => `pod${index}`);
    const answers = await Promise.all(
      pods.map((pod, index) => claim(index % 2 === 0 ? bench.a : bench.b, { pod, reason: 'scheduled' })),
    );
    const granted = answers.flatMap((answer, index) => (answer.kind === 'granted' ? [pods[index]] : []));
    expect(granted).toHaveLength(1);
    const holders = answers.map((answer, index) => (answer.kind === 'held' ? answer.by : pods[index]));
    expect(new Set(holders)).toEqual(new Set(granted));
  });

  it('answers a batch in the order of its requests', async () => {
    await grantOf(bench.b, { target: T2, pod: 'b' });
    const answers = ok(await bench.a.claim(claimInput([request({ target: T2 }), request({ target: T1 })])));
    expect(answers.map((answer) => answer.kind)).toEqual(['held', 'granted']);
  });

  it('answers an empty batch with the store time', async () => {
    expect(await bench.a.claim(claimInput([]))).toMatchObject({ kind: 'ok', value: [] });
  });

  it('grants the same lease again to its own holder, whose first answer may have been lost', async () => {
    const first = await grantOf(bench.a);
    const again = await claim(bench.a);
    expect(again).toMatchObject({ kind: 'granted', grant: first });
  });

  it('gives each lease a larger grant', async () => {
    const first = await grantOf(bench.a);
    await bench.a.release({ pod: 'a', notAfter: 9e15, leases: [{ target: T1, grant: first }] });
    expect(await grantOf(bench.b, { pod: 'b' })).toBeGreaterThan(first);
  });

  it('gives a larger grant after the store lost its data', async () => {
    const first = await grantOf(bench.a);
    await bench.fleet.flush();
    expect(await grantOf(bench.b, { pod: 'b' })).toBeGreaterThan(first);
  });

  it('gives a grant above the one in the record if the lease was lost', async () => {
    const ahead = (await nowOf(bench.a)) + 1_000_000;
    await bench.fleet.plant('records', T1, planted({ grant: ahead }));
    expect(await grantOf(bench.a, { version: 1 })).toBe(ahead + 1);
  });

  it('grants a lease whose holder let it expire', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now - 20_000_000} b ${now - 1} ${now - 20_000_000} 1`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it('does not grant before the grid point, and says when that is', async () => {
    const version = await probed(bench.a);
    const answer = await claim(bench.b, { pod: 'b', version });
    expect(answer).toEqual({
      kind: 'not-due',
      dueAt: gridDue(await evidenceOf(bench.fleet), T1, HOUR_MS),
      version,
      record: null,
    });
  });

  it('grants at the grid point after the evidence', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now - 2 * HOUR_MS * 1000 }));
    expect(await claim(bench.a, { version: 1 })).toMatchObject({ kind: 'granted' });
  });

  it('uses the shorter interval if two pods differ in it', async () => {
    const now = await nowOf(bench.a);
    const nextDueAt = now + HOUR_MS * 1000;
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now - 2 * MINUTE_MS * 1000, nextDueAt }));
    const slow = { version: 1, intervalMs: 24 * HOUR_MS, everyMs: 24 * HOUR_MS };
    const quick = { version: 1, intervalMs: MINUTE_MS, everyMs: MINUTE_MS };
    expect(await claim(bench.a, slow)).toMatchObject({ kind: 'not-due' });
    expect(await claim(bench.b, { pod: 'b', ...quick })).toMatchObject({ kind: 'granted' });
  });

  it('answers a pod that missed events with the record instead of a grant', async () => {
    const version = await probed(bench.a);
    const answer = await claim(bench.b, { pod: 'b', version: 0 });
    expect(answer).toMatchObject({
      kind: 'not-due',
      version,
      record: { kind: 'record', record: { version, facts: { run: { kind: 'ok' } } } },
    });
  });

  it('uses the due time of the committer for a pod that missed events, because its own interval may be outdated', async () => {
    const now = await nowOf(bench.a);
    const evidenceAt = now - 90 * MINUTE_MS * 1000;
    await bench.fleet.plant('records', T1, planted({ version: 5, evidenceAt, nextDueAt: now + 1_000_000 }));
    expect(await claim(bench.b, { version: 4 })).toMatchObject({ kind: 'not-due', dueAt: now + 1_000_000 });
    await bench.fleet.plant('records', T1, planted({ version: 5, evidenceAt, nextDueAt: now - 1 }));
    expect(await claim(bench.b, { version: 4 })).toMatchObject({ kind: 'granted' });
  });

  it('grants a confirmation at once when the claimant knows the record', async () => {
    const version = await probed(bench.a);
    expect(await claim(bench.b, { pod: 'b', version, reason: 'confirmation' })).toMatchObject({ kind: 'granted' });
  });

  it('refuses a confirmation of a record that changed meanwhile', async () => {
    const version = await probed(bench.a);
    const answer = await claim(bench.b, { pod: 'b', version: version - 1, reason: 'confirmation' });
    expect(answer).toMatchObject({ kind: 'not-due', version, record: { kind: 'record' } });
  });

  it('lets a forced check reuse evidence younger than ten seconds', async () => {
    const version = await probed(bench.a);
    const evidenceAt = await evidenceOf(bench.fleet);
    const answer = await claim(bench.b, { pod: 'b', version, reason: 'forced' });
    expect(answer).toEqual({ kind: 'not-due', dueAt: evidenceAt + 10_000_000, version, record: null });
  });

  it('grants a forced check of older evidence whatever the schedule says', async () => {
    const now = await nowOf(bench.a);
    const due = { evidenceAt: now - 11_000_000, nextDueAt: now + HOUR_MS * 1000 };
    await bench.fleet.plant('records', T1, planted(due));
    expect(await claim(bench.a, { version: 1, reason: 'forced' })).toMatchObject({ kind: 'granted' });
  });

  it('answers a forced check with the running probe', async () => {
    await grantOf(bench.a);
    expect(await claim(bench.b, { pod: 'b', reason: 'forced' })).toMatchObject({ kind: 'held', by: 'a' });
  });

  it('guards a target: at most three unforced grants in one interval, whatever the reasons', async () => {
    let version = await probed(bench.a);
    for (let extra = 0; extra < 2; extra++) version = await confirmed(version);
    const start = Number((await bench.fleet.texts('leases')).get(T1)!.split(' ')[3]);
    const answer = await claim(bench.b, { pod: 'b', version, reason: 'confirmation' });
    expect(answer).toMatchObject({ kind: 'not-due', dueAt: start + HOUR_MS * 1000 });
    expect(await claim(bench.b, { pod: 'b', version, everyMs: 1 })).toMatchObject({ kind: 'not-due' });
  });

  it('does not count forced grants, nor lets the guard stop them', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now - 1000} b 0 ${now - 1000} 3`);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now - 11_000_000 }));
    expect(await claim(bench.a, { version: 1 })).toMatchObject({ kind: 'not-due' });
    expect(await claim(bench.a, { version: 1, reason: 'forced' })).toMatchObject({ kind: 'granted' });
    expect((await bench.fleet.texts('leases')).get(T1)).toMatch(new RegExp(` ${now - 1000} 3$`));
  });

  it('does not count a grant that was given back unsent (bug: blind pods used up the guard)', async () => {
    for (let i = 0; i < 6; i += 1) {
      const grant = await grantOf(bench.a);
      const leases = [{ target: T1, grant, probe: 'never-sent' as const }];
      ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases }));
    }
  });

  it('allows grants again when the window of the guard has ended', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now - 1000} b 0 ${now - HOUR_MS * 1000} 3`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
    expect((await bench.fleet.texts('leases')).get(T1)).toMatch(/ 1$/);
  });

  it('does nothing once the store is past notAfter', async () => {
    const now = await nowOf(bench.a);
    const answer = await bench.a.claim(claimInput([request()], { notAfter: now - 1 }));
    expect(answer).toMatchObject({ kind: 'too-late', meta: { epoch: '', seq: 0 } });
    expect(await bench.fleet.texts('leases')).toEqual(new Map());
  });

  it('refuses ids that would be ambiguous in the store, and batches that would block it', async () => {
    for (const target of ['', 'two words', 'line\nbreak', 'späher', '!epoch']) {
      const answer = await bench.a.claim(claimInput([request({ target })]));
      expect(answer).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
    }
    const many = Array.from({ length: 101 }, (_, index) => request({ target: `t${index}` }));
    expect(await bench.a.claim(claimInput(many))).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
    expect(await bench.a.claim(claimInput(many.slice(1)))).toMatchObject({ kind: 'ok' });
  });

  async function confirmed(version: number): Promise<number> {
    const grant = await grantOf(bench.a, { version, reason: 'confirmation' });
    const answer = await commit(bench.a, { grant, expectedVersion: version });
    if (answer.kind !== 'ok') throw new Error(`expected a commit, got ${answer.kind}`);
    return answer.version;
  }

  it('lets a shallow probe go by the newest look as deep: what is overdue for a deep one was looked at just now', async () => {
    const now = await nowOf(bench.a);
    const header = { evidenceAt: now - 20 * HOUR_MS * 1000, shallowAt: { models: now - 1_000_000 } };
    await bench.fleet.plant('records', T1, planted(header));
    expect(await claim(bench.a, { version: 1, level: 'models' })).toMatchObject({ kind: 'not-due' });
    expect(await claim(bench.a, { version: 1, level: 'models', reason: 'forced' })).toMatchObject({
      kind: 'not-due',
      dueAt: header.shallowAt.models + 10_000_000,
    });
    expect(await claim(bench.a, { version: 1 })).toMatchObject({ kind: 'granted' });
    await bench.fleet.plant('records', T2, planted({ ...header, shallowAt: { connect: now - 1_000_000 } }));
    expect(await claim(bench.a, { target: T2, version: 1, level: 'models' })).toMatchObject({ kind: 'granted' });
  });
});

async function evidenceOf(fleet: { texts(key: 'records'): Promise<ReadonlyMap<string, string>> }): Promise<number> {
  return Number((await fleet.texts('records')).get(T1)!.split(' ')[2]);
}
