import { expect, it } from 'vitest';
import type { ProbeTotals } from '../../../src/ports/index.ts';
import { DAY_US, HOUR_US } from '../../../src/ports/index.ts';
import { asked, committed, grantIn, money, paid } from './asking-money.ts';
import { claimInput, commitRequest, FOREVER, nowOf, ok, request, suite, T1, T2, type Suite } from './under-test.ts';

const totals: ProbeTotals = {
  probes: 1,
  unpriced: 0,
  spent: 40,
  savedBySharing: 80,
  savedByAlias: 120,
  savedByCache: 7,
};

export const describeMoney: Suite = suite('money', (bench) => {
  it('grants paid probes up to the limit of the hour, and answers when it ends', async () => {
    const budget = { probesPerHour: 2 };
    expect(await paid(bench, { target: T1 }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 1 } },
    });
    expect(await paid(bench, { target: T2 }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 2 } },
    });
    const now = await nowOf(bench.a);
    expect(await paid(bench, { target: 'third' }, { budget })).toMatchObject({
      kind: 'over-budget',
      until: (Math.floor(now / HOUR_US) + 1) * HOUR_US,
      owner: 'fleet',
      uses: { fleet: { probes: 2 }, target: { probes: 0 } },
    });
  });

  it('grants paid probes up to the budget of the day, at the highest cost of each', async () => {
    const budget = { nanoUsdPerDay: 1_000 };
    expect(await paid(bench, { target: T1 }, { budget, worstNanoUsd: 600 })).toMatchObject({ kind: 'granted' });
    const now = await nowOf(bench.a);
    expect(await paid(bench, { target: T2 }, { budget, worstNanoUsd: 401 })).toMatchObject({
      kind: 'over-budget',
      until: (Math.floor(now / DAY_US) + 1) * DAY_US,
      owner: 'fleet',
    });
    expect(await paid(bench, { target: T2 }, { budget, worstNanoUsd: 400 })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 2, nanoUsd: 1_000 }, target: { probes: 1, nanoUsd: 400 } },
    });
  });

  it("also keeps to a target's own budget, and names its owner", async () => {
    const own = { probesPerHour: 0 };
    expect(await paid(bench, { paid: { worstNanoUsd: 5, budget: own } })).toMatchObject({
      kind: 'over-budget',
      owner: 'target',
    });
    expect(await paid(bench, { target: T2 }, { budget: { probesPerHour: 1 } })).toMatchObject({ kind: 'granted' });
  });

  it('counts only the number of probes of unknown price', async () => {
    const budget = { probesPerHour: 1, nanoUsdPerDay: 0 };
    const unknown = { worstNanoUsd: 0 };
    expect(await paid(bench, { target: T1, paid: unknown }, { budget })).toMatchObject({ kind: 'granted' });
    expect(await paid(bench, { target: T2, paid: unknown }, { budget })).toMatchObject({ kind: 'over-budget' });
  });

  it('counts no unbilled probe, and nothing without a budget', async () => {
    expect(await asked(bench, {}, { probesPerHour: 0 })).not.toHaveProperty('uses');
    expect(await asked(bench, { target: T2, paid: { worstNanoUsd: 5 } })).not.toHaveProperty('uses');
    expect(await bench.fleet.texts('budget')).toEqual(new Map());
  });

  it('refuses a forced check and a confirmation, too', async () => {
    const budget = { probesPerHour: 0 };
    for (const reason of ['scheduled', 'confirmation', 'forced'] as const) {
      expect(await paid(bench, { reason }, { budget })).toMatchObject({ kind: 'over-budget' });
    }
    expect(await bench.fleet.texts('leases')).toEqual(new Map());
  });

  it('counts a lease that is granted again, because its holder may have probed twice', async () => {
    const budget = { probesPerHour: 2 };
    const first = await paid(bench, {}, { budget });
    const again = await paid(bench, {}, { budget });
    expect(again).toMatchObject({ kind: 'granted', grant: grantIn(first), uses: { fleet: { probes: 2 } } });
    expect(await paid(bench, {}, { budget })).toMatchObject({ kind: 'over-budget' });
    expect(await asked(bench, {})).toMatchObject({ kind: 'granted', grant: grantIn(first) });
  });

  it('counts one of two pods that ask at once for the last probe of the hour', async () => {
    const budget = { probesPerHour: 1 };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => paid(bench, { target: `t${i}` }, { budget, pod: `pod${i}` })),
    );
    expect(answers.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'over-budget')).toHaveLength(11);
  });

  it('frees what a probe did not cost, once, and adds it to the totals', async () => {
    const grant = grantIn(await paid(bench, {}, { budget: { nanoUsdPerDay: 1_000 }, worstNanoUsd: 900 }));
    const commit = commitRequest({ grant, cost: { nanoUsd: 40, totals } });
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits: [commit] };
    const [written] = ok(await bench.a.commit(input));
    expect(ok(await bench.a.commit(input))).toEqual([written]);
    const { use, days, targets } = await money(bench, [T1]);
    const day = Math.floor((await nowOf(bench.a)) / DAY_US);
    expect(use).toMatchObject({ probes: 1, nanoUsd: 40 });
    expect(days).toEqual([{ day, ...totals }]);
    expect(targets).toEqual([{ target: T1, use, days }]);
  });

  it('charges a cost above the highest expected one to the budget', async () => {
    const budget = { nanoUsdPerDay: 1_000 };
    const grant = grantIn(await paid(bench, {}, { budget, worstNanoUsd: 10 }));
    await committed(bench, grant, { nanoUsd: 50_000, totals: { ...totals, spent: 50_000 } });
    expect((await money(bench, [])).use.nanoUsd).toBe(50_000);
    expect(await paid(bench, { target: T2 }, { budget, worstNanoUsd: 1 })).toMatchObject({ kind: 'over-budget' });
  });

  it('keeps the amount reserved by a crashed pod, a lost lease or a stale result as spent', async () => {
    const budget = { probesPerHour: 5, nanoUsdPerDay: 1_000 };
    const grant = grantIn(await paid(bench, {}, { budget, worstNanoUsd: 100 }));
    await bench.fleet.plant('leases', T1, `${grant} a ${grant + 1} ${grant} 1`);
    const [answer] = await committed(bench, grant, { nanoUsd: 1, totals });
    expect(answer).toEqual({ kind: 'stale' });
    expect(await money(bench, [])).toMatchObject({ use: { probes: 1, nanoUsd: 100 }, days: [] });
    expect(await paid(bench, {}, { budget, worstNanoUsd: 100, pod: 'b' })).toMatchObject({
      uses: { fleet: { probes: 2, nanoUsd: 200 } },
    });
  });

  it('keeps the amount reserved for an earlier grant if no budget counts the next one', async () => {
    const budget = { nanoUsdPerDay: 1_000 };
    const lost = grantIn(await paid(bench, {}, { budget, worstNanoUsd: 100 }));
    await bench.fleet.plant('leases', T1, `${lost} a 0 ${lost} 1`);
    const next = grantIn(await asked(bench, {}));
    expect(next).toBeGreaterThan(lost);
    await committed(bench, next, { nanoUsd: 1, totals });
    expect((await money(bench, [T1])).targets[0]?.use).toMatchObject({ probes: 1, nanoUsd: 100 });
  });

  it.each([
    ['nothing was sent', { probe: 'never-sent' as const }, { probes: 0, nanoUsd: 0 }],
    ['it may have been sent', {}, { probes: 1, nanoUsd: 100 }],
  ])('gives a reservation back with its lease where %s', async (_, said, use) => {
    const grant = grantIn(await paid(bench, {}, { budget: { probesPerHour: 5 }, worstNanoUsd: 100 }));
    const leases = [{ target: T1, grant, ...said }];
    ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases }));
    ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases }));
    expect((await money(bench, [T1])).targets[0]?.use).toMatchObject(use);
  });

  it('starts again with each hour and day, but not after the clock was set back', async () => {
    const now = await nowOf(bench.a);
    const [hour, day] = [Math.floor(now / HOUR_US), Math.floor(now / DAY_US)];
    await bench.fleet.plant('budget', '!fleet', `${hour - 1} 9 ${day - 1} 900`);
    expect((await money(bench, [])).use).toMatchObject({ probes: 0, nanoUsd: 0 });
    await bench.fleet.plant('budget', '!fleet', `${hour + 1} 9 ${day + 1} 900`);
    expect((await money(bench, [])).use).toMatchObject({ probes: 9, nanoUsd: 900 });
    const budget = { probesPerHour: 9 };
    expect(await paid(bench, {}, { budget })).toMatchObject({ kind: 'over-budget' });
  });

  it('credits nothing of a past day to the next one, but charges a higher cost to it', async () => {
    const day = Math.floor((await nowOf(bench.a)) / DAY_US);
    for (const [target, nanoUsd] of [
      [T1, 10],
      [T2, 70],
    ] as const) {
      const grant = grantIn(await paid(bench, { target }, { budget: { nanoUsdPerDay: 1_000 }, worstNanoUsd: 50 }));
      const held = (await bench.fleet.texts('budget')).get(`${target}:held`)!.split(' ');
      await bench.fleet.plant('budget', `${target}:held`, [held[0], held[1], day - 1, held[3]].join(' '));
      const commits = [commitRequest({ target, grant, cost: { nanoUsd, totals } })];
      ok(await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
    }
    const { targets } = await money(bench, [T1, T2]);
    expect(targets.map(({ use }) => use.nanoUsd)).toEqual([50, 70]);
  });

  it('keeps 31 days of the fleet and two days of a target', async () => {
    const day = Math.floor((await nowOf(bench.a)) / DAY_US);
    const text = (at: number): string => `${at} 1 0 2 3 4 5`;
    await bench.fleet.plant('budget', `!fleet:${(day - 30) % 31}`, text(day - 30));
    await bench.fleet.plant('budget', `!fleet:${day % 31}`, text(day - 31));
    await bench.fleet.plant('budget', `${T1}:${(day - 1) % 2}`, text(day - 1));
    await bench.fleet.plant('budget', `${T1}:${day % 2}`, text(day - 2));
    const before = await money(bench, [T1]);
    expect(before.days.map((one) => one.day)).toEqual([day - 30]);
    expect(before.targets[0]?.days.map((one) => one.day)).toEqual([day - 1]);
    await committed(bench, grantIn(await paid(bench, {}, {})), { nanoUsd: 40, totals });
    const after = await money(bench, [T1]);
    expect(after.days).toMatchObject([{ day, spent: 40 }, { day: day - 30 }]);
    expect(after.targets[0]?.days).toMatchObject([{ day, spent: 40 }, { day: day - 1 }]);
    expect((await bench.fleet.texts('budget')).size).toBe(4);
  });

  it('treats garbage as no use, and overwrites it', async () => {
    for (const field of ['!fleet', T1, `${T1}:held`]) await bench.fleet.plant('budget', field, 'rubbish');
    const day = Math.floor((await nowOf(bench.a)) / DAY_US);
    await bench.fleet.plant('budget', `!fleet:${day % 31}`, `${day} rubbish`);
    const grant = grantIn(await paid(bench, {}, { budget: { probesPerHour: 1 } }));
    await committed(bench, grant, { nanoUsd: 40, totals });
    expect(await money(bench, [])).toMatchObject({ use: { probes: 1, nanoUsd: 40 }, days: [{ day, ...totals }] });
  });

  it('removes the budget use of a target with its record', async () => {
    const grant = grantIn(await paid(bench, {}, { budget: { probesPerHour: 1 } }));
    const [written] = await committed(bench, grant, { nanoUsd: 40, totals });
    if (written?.kind !== 'ok') throw new Error('the commit was not written');
    ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: T1, version: written.version }] }));
    const fields = [...(await bench.fleet.texts('budget')).keys()];
    expect(fields.every((field) => field.startsWith('!fleet'))).toBe(true);
    expect(fields).toHaveLength(2);
  });

  it('changes nothing once the store is past notAfter', async () => {
    const budget = { probesPerHour: 5 };
    const grant = grantIn(await paid(bench, {}, { budget }));
    const before = await bench.fleet.texts('budget');
    const notAfter = (await nowOf(bench.a)) - 1;
    const requests = [request({ target: T2, paid: { worstNanoUsd: 5 } })];
    const commits = [commitRequest({ grant, cost: { nanoUsd: 1, totals } })];
    const leases = [{ target: T1, grant, probe: 'never-sent' as const }];
    expect((await bench.a.claim(claimInput(requests, { notAfter, budget }))).kind).toBe('too-late');
    expect((await bench.a.commit({ pod: 'a', notAfter, newEpoch: 'first', commits })).kind).toBe('too-late');
    expect((await bench.a.release({ pod: 'a', notAfter, leases })).kind).toBe('too-late');
    expect(await bench.fleet.texts('budget')).toEqual(before);
  });
});
