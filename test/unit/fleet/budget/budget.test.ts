import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { TestUpstream } from '../../../support/fleet-parts.ts';
import type { Level } from '../../../../src/health/index.ts';
import { HOUR_US } from '../../../../src/ports/index.ts';
import type { Prober } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const INTERVAL_MS = 10_000;
const target = fleetTarget({ intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 100, instead: 'models' } });

/** Pods of one fleet on stores that can hang, and one upstream that counts. */
function pods(count: number, changes: Partial<FleetOptions>, looks: Partial<Record<Level, Prober['probe']>> = {}) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const prober: Prober = {
    probe: (id, level, signal) => (looks[level] ?? upstream.probe)(id, level, signal),
  };
  const started = Array.from({ length: count }, (_, i) => {
    const hanging = hangingStore(world.clock, world.memory.open());
    const own = { pod: `pod_${i}`, store: hanging.store, prober, targets: [target] };
    const fleet = createFleet(world.options({ ...own, expectedPods: count, ...changes }));
    fleet.start();
    return { fleet, hanging };
  });
  return { ...world, upstream, fleets: started.map(({ fleet }) => fleet), stores: started.map((one) => one.hanging) };
}

function levels({ probes }: TestUpstream): Record<Level, number> {
  const count = (wanted: Level): number => probes.filter(({ level }) => level === wanted).length;
  return { inference: count('inference'), models: count('models'), connect: count('connect') };
}

describe('a budget', () => {
  it('of three probes lets three be paid, and one unbilled check per fleet and interval replace the rest', async () => {
    const { pass, upstream, fleets, logger } = pods(3, { budget: { probesPerHour: 3 } });
    await pass(20 * INTERVAL_MS, 25);
    const { inference, models, connect } = levels(upstream);
    expect({ inference, connect }).toEqual({ inference: 3, connect: 0 });
    expect(models).toBeGreaterThanOrEqual(16);
    expect(models).toBeLessThanOrEqual(17);
    for (const fleet of fleets) {
      const view = fleet.target(target.id);
      expect(view?.facts?.last).toMatchObject({ level: 'models', overBudget: { owner: 'fleet' } });
      expect(view?.why).toMatch(/probed at level models only: the fleet's probe budget is spent until/);
      expect(view?.flags).toEqual(['budget-spent']);
      // What was seen so deep is as old as it is.
      expect(view?.ageMs).toBeGreaterThan(16 * INTERVAL_MS);
    }
    const said = logger.lines.filter(({ message }) => message.startsWith('The probe budget of '));
    expect(said.length).toBeGreaterThanOrEqual(1);
    expect(said.length).toBeLessThanOrEqual(fleets.length);
  });

  it('of nothing shows no age of evidence that there never was (checked in 1970)', async () => {
    const { pass, fleets } = pods(1, { budget: { nanoUsdPerDay: 0 } });
    await pass(2 * INTERVAL_MS, 25);
    expect(fleets[0]?.target(target.id)).toMatchObject({ state: 'up', stale: true, evidenceAt: null, ageMs: null });
  });

  it('of a new hour is used at the next grid point of each target, not by all at once', async () => {
    const targets = Array.from({ length: 12 }, (_, i) => ({
      ...target,
      id: `${i.toString(16)}8000000aaaa`,
      name: `t${i}`,
    }));
    const { pass, upstream, clock } = pods(2, { budget: { probesPerHour: 12 }, targets });
    await pass(3 * INTERVAL_MS, 25);
    const leftMs = HOUR_US / 1000 - (clock.wallMs() % (HOUR_US / 1000));
    await pass(leftMs - 2 * INTERVAL_MS, 250);
    const before = levels(upstream).inference;
    await pass(2 * INTERVAL_MS, 25);
    expect(levels(upstream).inference).toBe(before);
    const from = upstream.probes.length;
    await pass(INTERVAL_MS + 1_000, 25);
    const paid = upstream.probes.slice(from).filter(({ level }) => level === 'inference');
    expect(new Set(paid.map((probe) => probe.target)).size).toBe(12);
    const spreadMs = Math.max(...paid.map(({ atMs }) => atMs)) - Math.min(...paid.map(({ atMs }) => atMs));
    expect(spreadMs).toBeGreaterThan(INTERVAL_MS / 2);
  });

  it('in money counts the worst price before a probe, and what it cost after it', async () => {
    const cheap: Prober['probe'] = async () => ({
      outcome: { kind: 'ok' },
      level: 'inference',
      latencyMs: 1,
      costUsd: 0.000_000_01,
    });
    let paid = 0;
    const inference: Prober['probe'] = (...asked) => {
      paid += 1;
      return cheap(...asked);
    };
    const { pass } = pods(1, { budget: { nanoUsdPerDay: 130 } }, { inference });
    await pass(20 * INTERVAL_MS, 25);
    // Each costs 10 and needs 100 free before it: 0, 10, 20 and 30 leave that.
    expect(paid).toBe(4);
  });

  it('that a probe blew lets no other one follow (thinking tokens that ignore the token cap: a cost bomb)', async () => {
    let paid = 0;
    const inference: Prober['probe'] = async () => {
      paid += 1;
      return { outcome: { kind: 'ok' }, level: 'inference', latencyMs: 1, costUsd: 0.001 };
    };
    const { pass, fleets } = pods(3, { budget: { nanoUsdPerDay: 10_000 } }, { inference });
    await pass(20 * INTERVAL_MS, 25);
    expect(paid).toBe(1);
    expect(fleets[0]?.target(target.id)?.state).toBe('up');
  });

  it('that is spent turns a check on demand into an unbilled check, which answers it', async () => {
    const { pass, upstream, fleets } = pods(1, {
      budget: { probesPerHour: 1 },
      targets: [{ ...target, background: false }],
    });
    await pass(500);
    let done = 0;
    const check = (): void => void fleets[0]?.check([target.id], new AbortController().signal).then(() => (done += 1));
    check();
    await pass(500);
    expect([done, levels(upstream)]).toEqual([1, { inference: 1, models: 0, connect: 0 }]);
    await pass(11_000, 100);
    check();
    check();
    await pass(500);
    expect([done, levels(upstream)]).toEqual([3, { inference: 1, models: 1, connect: 0 }]);
    check();
    await pass(500);
    expect([done, levels(upstream)]).toEqual([4, { inference: 1, models: 1, connect: 0 }]);
  });

  it('that is spent saves nothing by a check on demand that an unbilled check answered', async () => {
    const { pass, clock, fleets, memory } = pods(1, {
      budget: { probesPerHour: 1 },
      targets: [{ ...target, background: false }],
    });
    const check = async (afterMs: number): Promise<void> => {
      await pass(afterMs, 1_000);
      void fleets[0]?.check([target.id], new AbortController().signal);
      await pass(1_000);
    };
    await check(500);
    // A free look, and a check that it answers.
    await check(11_000);
    await check(1_000);
    await check(HOUR_US / 1000 - (clock.wallMs() % (HOUR_US / 1000)) + 1_000);
    const [day] = [...memory.texts('budget')].flatMap(([field, text]) => (field.startsWith('!fleet:') ? [text] : []));
    const [, probes, , spent, , , byCache] = day!.split(' ').map(Number);
    expect({ probes, spent, byCache }).toEqual({ probes: 2, spent: 200, byCache: 0 });
  });

  it('that is spent takes no target down for a list of models that is not to be had', async () => {
    const models: Prober['probe'] = async () => ({
      outcome: { kind: 'failed', failure: { class: 'auth', status: 403, message: 'may not list' } },
      level: 'models',
      latencyMs: 1,
    });
    const { pass, upstream, fleets } = pods(2, { budget: { probesPerHour: 1 } }, { models });
    await pass(6 * INTERVAL_MS, 25);
    expect(levels(upstream).connect).toBeGreaterThanOrEqual(4);
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['up', 'up']);
  });

  it('that is spent leaves confirmations to unbilled checks, as far as they can show the failure', async () => {
    const { pass, upstream, fleets } = pods(2, { budget: { probesPerHour: 1 } });
    await pass(3 * INTERVAL_MS, 25);
    upstream.failure = { class: 'network', message: 'connection refused' };
    await pass(3 * INTERVAL_MS, 25);
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['down', 'down']);
    upstream.failure = undefined;
    await pass(3 * INTERVAL_MS, 25);
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['up', 'up']);
    expect(levels(upstream).inference).toBe(1);
  });

  it('that is spent lets no unbilled check end a failure of a paid probe', async () => {
    const { pass, upstream, fleets } = pods(2, { budget: { probesPerHour: 3 } });
    await pass(INTERVAL_MS, 25);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    await pass(2 * INTERVAL_MS, 25);
    upstream.failure = undefined;
    await pass(6 * INTERVAL_MS, 25);
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['down', 'down']);
    // Nor does what cannot be decided make the fleet look more often.
    expect(levels(upstream).models).toBeLessThanOrEqual(8);
  });

  it('lasts without the store for a quarter of what was left, for all pods together', async () => {
    const { pass, upstream, stores, fleets } = pods(2, { budget: { probesPerHour: 20 } });
    await pass(4 * INTERVAL_MS, 25);
    const before = levels(upstream).inference;
    for (const store of stores) store.hung = true;
    await pass(40 * INTERVAL_MS, 50);
    expect(fleets[0]?.status().mode).toBe('fallback');
    const share = 2 * Math.floor(((20 - before) * 0.25) / 2);
    expect(levels(upstream).inference - before).toBeGreaterThan(0);
    expect(levels(upstream).inference - before).toBeLessThanOrEqual(share);
    // Each pod still looks once per interval.
    expect(levels(upstream).connect).toBeGreaterThanOrEqual(60);
    expect(levels(upstream).connect).toBeLessThanOrEqual(90);
  });

  it('holds through a store that loses its data within the hour: counts are offered back (U4: 38 probes for a limit of 20)', async () => {
    const { pass, upstream, memory } = pods(3, { budget: { probesPerHour: 20 } });
    await pass(18 * INTERVAL_MS, 25);
    expect(levels(upstream).inference).toBeGreaterThanOrEqual(17);
    memory.flush();
    await pass(30 * INTERVAL_MS, 25);
    expect(levels(upstream).inference).toBeGreaterThanOrEqual(19);
    expect(levels(upstream).inference).toBeLessThanOrEqual(20);
    expect(levels(upstream).models).toBeGreaterThan(20);
  });

  it('is given back by a pod that never sent its probe', async () => {
    const inference: Prober['probe'] = async () => ({
      outcome: { kind: 'no-evidence', why: 'out of sockets' },
      level: 'inference',
      latencyMs: 0,
      sent: 'nothing',
    });
    const { pass, memory } = pods(1, { budget: { probesPerHour: 3 } }, { inference });
    await pass(4 * INTERVAL_MS, 25);
    expect(memory.texts('budget').get('!fleet')?.split(' ')[1]).toBe('0');
  });

  it('of none counts what was spent and saved all the same', async () => {
    const { pass, memory } = pods(2, { targets: [{ ...target, deployments: 3 }] });
    await pass(4 * INTERVAL_MS, 25);
    expect(memory.texts('budget').has('!fleet')).toBe(false);
    const day = [...memory.texts('budget')]
      .find(([field]) => field.startsWith('!fleet:'))?.[1]
      .split(' ')
      .map(Number);
    const [, probes = 0, unpriced, spent, sharing, alias] = day ?? [];
    expect(probes).toBeGreaterThanOrEqual(4);
    expect(unpriced).toBe(0);
    expect(spent).toBe(probes * 100);
    // The very first probe may come before the pods have met.
    expect(sharing).toBeGreaterThanOrEqual((probes - 1) * 100);
    expect(alias).toBe(2 * (spent! + sharing!));
  });
});
