import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../../src/health/index.ts';
import type { Facts, FailureClass } from '../../../../src/health/index.ts';
import type { FleetStore } from '../../../../src/ports/index.ts';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import { pointOf } from '../../../../src/fleet/store/history.ts';

const HOUR_US = 3_600_000_000;

function seen(at: number, failure?: FailureClass): Facts {
  const probe = {
    at,
    answeredAt: at + 5,
    pod: 'a',
    source: 'probe',
    reason: 'scheduled',
    level: 'inference',
    latencyMs: 5,
  } as const;
  if (failure === undefined) {
    return { format: 2, run: { kind: 'ok', length: 1, since: at }, lastSuccess: {}, last: { ...probe, ok: true } };
  }
  const why = { class: failure, message: 'no' };
  const failureRun = {
    ...why,
    level: 'inference',
    since: at,
    at,
    length: 1,
    witnesses: [],
    after: 0,
    afterSince: 0,
  } as const;
  const last = { ...probe, ok: false, failure: why };
  return { format: 2, run: { kind: 'failed', length: 1, since: at }, failureRun, lastSuccess: {}, last };
}

describe('what is remembered', () => {
  it('is the first thing seen, another thing than before, and the first of an hour', () => {
    expect(pointOf(seen(5), undefined)).toEqual({
      at: 5,
      pod: 'a',
      kind: 'ok',
      level: 'inference',
      reason: 'scheduled',
      latencyMs: 5,
    });
    expect(pointOf(seen(9), seen(5))).toBeUndefined();
    expect(pointOf(seen(9, 'server'), seen(5))).toMatchObject({ kind: 'failed', class: 'server', message: 'no' });
    expect(pointOf(seen(9, 'server'), seen(5, 'server'))).toBeUndefined();
    expect(pointOf(seen(9, 'timeout'), seen(5, 'server'))).toMatchObject({ class: 'timeout' });
    expect(pointOf(seen(9), seen(5, 'server'))).toMatchObject({ kind: 'ok', at: 9 });
    expect(pointOf(seen(HOUR_US), seen(HOUR_US - 1))).toMatchObject({ at: HOUR_US });
    expect(pointOf(seen(4, 'server'), seen(5))).toBeUndefined();
  });
});

it('what requests showed is remembered as such', () => {
  const facts = seen(5);
  const traffic = { ...facts, last: { ...facts.last, source: 'traffic' } as const };
  expect(pointOf(traffic, undefined)).toMatchObject({ at: 5, source: 'traffic' });
});

describe('the history of a fleet', () => {
  it('is the same in each pod, and holds each change once, whoever saw it', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const targets = [fleetTarget({ id: 'a0000000' }), fleetTarget({ id: 'b0000000' })];
    const fleets = ['pod_0', 'pod_1', 'pod_2'].map((pod) =>
      createFleet(world.options({ pod, prober: upstream, targets, policy: defaultPolicy })),
    );
    for (const fleet of fleets) fleet.start();
    await world.pass(60_000, 50);
    upstream.failure = { class: 'server', message: 'broken' };
    await world.pass(60_000, 50);
    upstream.failure = undefined;
    await world.pass(60_000, 50);
    const ids = targets.map(({ id }) => id);
    const [first, ...others] = await Promise.all(fleets.map((fleet) => fleet.history(ids)));
    for (const other of others) expect(other).toEqual(first);
    if (first?.kind !== 'read') throw new Error('the store answers');
    expect(first.histories.map(({ target }) => target)).toEqual(ids);
    for (const { points } of first.histories) expect(points.map(({ kind }) => kind)).toEqual(['ok', 'failed', 'ok']);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
  });

  it('is given up after two seconds, however many questions are left', async () => {
    const world = testWorld();
    const memory = world.memory.open();
    let asked = 0;
    const slow: FleetStore = {
      ...memory,
      readHistory: async (ids) => {
        asked += 1;
        await new Promise<void>((resolve) => void world.clock.setTimer(200, resolve));
        return await memory.readHistory(ids);
      },
    };
    const fleet = createFleet(world.options({ store: slow, targets: [] }));
    fleet.start();
    await world.pass(1_000);
    const ids = Array.from({ length: 2_000 }, (_, i) => `${i}`);
    const answer = fleet.history(ids);
    await world.pass(2_300);
    expect(await answer).toMatchObject({ kind: 'store-lost', why: expect.stringContaining('within 2 s') });
    expect(asked).toBeLessThanOrEqual(11);
    await fleet.stop();
  });
});
