import { describe, expect, it } from 'vitest';
import { fleetTarget, storeWith, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { PROBING } from '../../../../src/ports/index.ts';
import type { FleetStore, HoldKey, StoreListener } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import { Incidents } from '../../../../src/fleet/store/incidents.ts';

const target = fleetTarget();

function podIn(world: ReturnType<typeof testWorld>) {
  const inner = world.memory.open();
  const listeners: StoreListener[] = [];
  const subscribe = async (listener: StoreListener): ReturnType<FleetStore['subscribe']> => {
    listeners.push(listener);
    return await inner.subscribe(listener);
  };
  const store = storeWith(inner, { subscribe });
  const fleet = createFleet(world.options({ store, targets: [target], prober: testUpstream(world.clock) }));
  fleet.start();
  /** A message on the channel that says that a hold was decided. */
  const announce = (place: HoldKey): void => {
    for (const listener of listeners) listener.wants?.('hold', place);
  };
  const warned = (sign: RegExp): string[] =>
    world.logger.lines.flatMap(({ level, message }) => (level === 'warn' && sign.test(message) ? [message] : []));
  return { fleet, warned, announce };
}

describe('incidents of the store', () => {
  it('log a loss of data in one line with the restored records, show it for ten minutes, and date the money', async () => {
    const world = testWorld();
    const { fleet, warned } = podIn(world);
    await world.pass(30_000, 50);
    await fleet.decide({ on: target.id, kind: 'drain', by: 'ops', reason: 'test', until: null });
    expect(fleet.money().lostAt).toBeNull();
    world.memory.flush();
    await world.pass(30_000, 50);
    expect(warned(/lost its data/)).toEqual([
      'Redis lost its data or its latest writes: this pod restores 1 record, 1 hold and its budget counts. To fix: find out what flushed or restarted it; if you need earlier spend sums, enable persistence',
    ]);
    expect(fleet.status().incidents).toMatchObject([{ kind: 'store-lost-data', count: 1 }]);
    expect(fleet.money().lostAt).toBe(fleet.status().incidents[0]?.at);
    await world.pass(600_000, 5_000);
    expect(fleet.status().incidents).toEqual([]);
  });

  it('log that the channel announced a hold without a decision, which has no effect', async () => {
    const world = testWorld();
    const { fleet, warned, announce } = podIn(world);
    await world.pass(10_000, 50);
    announce(PROBING);
    await world.pass(10_000, 50);
    expect(warned(/announced a hold/)).toEqual([
      "Ignored a message on the fleet's channel that announced a hold on all probing: Redis has no such hold, so no pod sent it. To fix: restrict the channel to the pods' user",
    ]);
    expect(fleet.status()).toMatchObject({ pause: null, incidents: [{ kind: 'forged-messages' }] });
  });

  it('are silent about holds that operators decide', async () => {
    const world = testWorld();
    const { fleet } = podIn(world);
    await world.pass(10_000, 50);
    await fleet.decide({ on: 'probing', kind: 'pause', by: 'ops', reason: 'test', until: null });
    await fleet.decide({ on: 'probing', kind: 'none', by: 'ops', reason: 'test', until: null });
    await world.pass(10_000, 50);
    expect(fleet.status().incidents).toEqual([]);
  });

  it('cost one line a minute for each kind, and are counted all the same', async () => {
    const world = testWorld();
    const incidents = new Incidents(world.options({}), world.storeNow);
    for (let i = 0; i < 90; i += 1) {
      incidents.forgedHold(`m${i}`);
      incidents.foreignData(50, 60);
      incidents.dataLost({ records: 1, holds: 0 });
      // oxlint-disable-next-line no-await-in-loop -- a second passes between two
      await world.pass(1_000, 1_000);
    }
    expect(world.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(6);
    expect(incidents.recent().map(({ count }) => count)).toEqual([90, 90, 90]);
  });
});
