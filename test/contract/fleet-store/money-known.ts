import { expect, it } from 'vitest';
import type { Budget, CountsAnswer, CountsInput, KnownUse, PaidProbe } from '../../../src/ports/index.ts';
import { DAY_US, HOUR_US, SPENT_OFFLINE } from '../../../src/ports/index.ts';
import { committed, grantIn, money, paid } from './asking-money.ts';
import { FOREVER, metaOf, nowOf, ok, suite, T1, T2, type Bench, type Suite } from './under-test.ts';

const totals = { probes: 1, unpriced: 0, spent: 5, savedBySharing: 0, savedByAlias: 0, savedByCache: 0 };
const budget: Budget = { probesPerHour: 20, nanoUsdPerDay: 1_000 };

export const describeKnownMoney: Suite = suite('counts that a claimant knows', (bench) => {
  it('are restored in a store that lost its data: the larger count wins', async () => {
    const knew = await knewIn(bench, null);
    expect(await paid(bench, { target: T1, paid: knew([18, 0], [7, 0]) }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 19 }, target: { probes: 8 } },
    });
    expect(await paid(bench, { target: T2, paid: knew([3, 0], [1, 0]) }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 20 }, target: { probes: 2 } },
    });
    expect(await paid(bench, { target: 'third' }, { budget })).toMatchObject({ kind: 'over-budget' });
    // What a claim knew counts though it is refused.
    expect(await paid(bench, { target: 'fourth', paid: knew([0, 996], [0, 0]) }, { budget })).toMatchObject({
      kind: 'over-budget',
    });
    expect((await money(bench, [T1])).use).toMatchObject({ probes: 20, nanoUsd: 996 });
  });

  it('are restored before any pod has noticed the loss, because their epoch is another one', async () => {
    await committed(bench, grantIn(await paid(bench, {}, { budget })), { nanoUsd: 5, totals });
    const { epoch } = await metaOf(bench.a);
    const knew = await knewIn(bench, epoch);
    await bench.fleet.flush();
    expect(await paid(bench, { paid: knew([18, 900], [7, 300]) }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 19, nanoUsd: 905 }, target: { probes: 8, nanoUsd: 305 } },
    });
  });

  it('are ignored by data of the same epoch', async () => {
    await committed(bench, grantIn(await paid(bench, {}, { budget, worstNanoUsd: 700 })), { nanoUsd: 5, totals });
    const knew = await knewIn(bench, (await metaOf(bench.a)).epoch);
    expect(await paid(bench, { target: T2, paid: knew([18, 700], [7, 700]) }, { budget })).toMatchObject({
      uses: { fleet: { probes: 2, nanoUsd: 10 }, target: { probes: 1, nanoUsd: 5 } },
    });
  });

  it('of an epoch without a name are ignored', async () => {
    const knew = await knewIn(bench, '');
    expect(await paid(bench, { paid: knew([18, 700], [7, 700]) }, { budget })).toMatchObject({
      uses: { fleet: { probes: 1, nanoUsd: 5 }, target: { probes: 1, nanoUsd: 5 } },
    });
  });

  it('are limited by the budgets, and ignored without one', async () => {
    const knew = await knewIn(bench, 'lost');
    const far = knew([9_000, 9_000_000_000_000], [9_000, 9_000_000_000_000]);
    const own = { probesPerHour: 4 };
    const probes = { probesPerHour: 20 };
    expect(await paid(bench, { paid: { ...far, budget: own } }, { budget: probes })).toMatchObject({
      kind: 'over-budget',
      uses: { fleet: { probes: 20, nanoUsd: 0 }, target: { probes: 4, nanoUsd: 0 } },
    });
  });

  it('that one pod spent without the store are added to its counts, up to the limits', async () => {
    await committed(bench, grantIn(await paid(bench, {}, { budget })), { nanoUsd: 5, totals });
    const knew = await knewIn(bench, SPENT_OFFLINE);
    expect(await paid(bench, { target: T2, paid: knew([3, 30], [2, 20]) }, { budget })).toMatchObject({
      kind: 'granted',
      uses: { fleet: { probes: 1 + 3 + 1, nanoUsd: 5 + 30 + 5 }, target: { probes: 2 + 1, nanoUsd: 20 + 5 } },
    });
    expect(await paid(bench, { target: 'third', paid: knew([90, 0], [0, 0]) }, { budget })).toMatchObject({
      kind: 'over-budget',
      uses: { fleet: { probes: 20 } },
    });
  });

  it('of one owner do not change the other one', async () => {
    const { worstNanoUsd, known } = (await knewIn(bench, 'lost'))([18, 0], [7, 0]);
    const alone = { worstNanoUsd, known: { fleet: known!.fleet! } };
    expect(await paid(bench, { paid: alone }, { budget })).toMatchObject({
      uses: { fleet: { probes: 19 }, target: { probes: 1 } },
    });
  });

  it.each([
    ['of an hour and a day that are over', -1],
    ['of a time that is days ahead, which would never end,', 48],
  ])('%s are ignored', async (_, hours) => {
    const now = await nowOf(bench.a);
    const use = { hour: hourOf(now) + hours, probes: 18, day: dayOf(now) + Math.sign(hours) * 2, nanoUsd: 900 };
    const known = { fleet: { ...use, epoch: null }, target: { ...use, epoch: null } };
    expect(await paid(bench, { paid: { worstNanoUsd: 5, known } }, { budget })).toMatchObject({
      uses: { fleet: { probes: 1, nanoUsd: 5 }, target: { probes: 1, nanoUsd: 5 } },
    });
  });

  it('are restored without a claim by the same rule', async () => {
    const now = await nowOf(bench.a);
    const use = (probes: number, nanoUsd: number, epoch: string | null = null): KnownUse => {
      return { hour: hourOf(now), probes, day: dayOf(now), nanoUsd, epoch };
    };
    const bring = async (input: Partial<CountsInput>): Promise<CountsAnswer> =>
      ok(await bench.a.restoreCounts({ notAfter: FOREVER, budget, targets: [], ...input }));
    expect(await bring({ fleet: use(18, 900), targets: [{ target: T1, known: use(7, 300) }] })).toMatchObject({
      fleet: { probes: 18, nanoUsd: 900 },
      targets: [{ probes: 7, nanoUsd: 300 }],
    });
    // Less than the store counts changes nothing; more than the limits allow is cut.
    expect(
      await bring({
        fleet: use(2, 10_000),
        targets: [
          { target: T1, known: use(3, 1) },
          { target: T2, budget: { probesPerHour: 4 }, known: use(9, 1_001) },
        ],
      }),
    ).toMatchObject({
      fleet: { probes: 18, nanoUsd: 1_000 },
      targets: [
        { probes: 7, nanoUsd: 300 },
        { probes: 4, nanoUsd: 1_000 },
      ],
    });
    expect(await money(bench, [T1, T2])).toMatchObject({
      use: { probes: 18, nanoUsd: 1_000 },
      targets: [{ use: { probes: 7 } }, { use: { probes: 4 } }],
    });
    expect(await paid(bench, { target: 'third' }, { budget })).toMatchObject({ kind: 'over-budget' });
    // Data of the epoch that they were counted in knows better, and a command that comes too late does nothing.
    await committed(bench, grantIn(await paid(bench, { target: 'fourth' })), { nanoUsd: 5, totals });
    const { epoch } = await metaOf(bench.a);
    expect(await bring({ fleet: use(20, 0, epoch) })).toMatchObject({ fleet: { probes: 18 } });
    const late = await bench.a.restoreCounts({ notAfter: 1, budget, fleet: use(20, 0), targets: [] });
    expect(late.kind).toBe('too-late');
    expect((await money(bench, [])).use).toMatchObject({ probes: 18 });
  });

  it.each([
    ['within a day ahead count: the clock was set back', 23, 1, { probes: 9, nanoUsd: 900 }],
    ['further ahead are garbage', 26, 2, { probes: 0, nanoUsd: 0 }],
  ])('and those of the store that are %s', async (_, hours, days, use) => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('budget', '!fleet', `${hourOf(now) + hours} 9 ${dayOf(now) + days} 900`);
    expect((await money(bench, [])).use).toMatchObject(use);
  });
});

const hourOf = (now: number): number => Math.floor(now / HOUR_US);
const dayOf = (now: number): number => Math.floor(now / DAY_US);

type Count = readonly [probes: number, nanoUsd: number];

/** Makes paid probes of a claimant that knows counts of the present hour and day. */
async function knewIn({ a }: Bench, epoch: string | null): Promise<(fleet: Count, target: Count) => PaidProbe> {
  const now = await nowOf(a);
  const use = ([probes, nanoUsd]: Count): KnownUse => {
    return { hour: hourOf(now), probes, day: dayOf(now), nanoUsd, epoch };
  };
  return (fleet, target) => ({ worstNanoUsd: 5, known: { fleet: use(fleet), target: use(target) } });
}
