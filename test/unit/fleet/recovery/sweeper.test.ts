import { describe, expect, it } from 'vitest';
import { quietCircuit } from '../../../support/quiet-circuit.ts';
import { factsOf, fleetTarget, okProbe, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import { MAX_BATCH } from '../../../../src/ports/index.ts';
import { plainRankOf } from '../../../../src/fleet/membership/rank.ts';
import { Holds } from '../../../../src/fleet/holds/holds.ts';
import { Sweeper } from '../../../../src/fleet/recovery/sweeper.ts';
import type { SweeperParts } from '../../../../src/fleet/recovery/sweeper.ts';
import { Replica } from '../../../../src/fleet/replication/replica.ts';

const HOUR_US = 3_600_000_000;

async function record(world: TestWorld, target: string, ageUs: number): Promise<void> {
  const at = world.storeNow() - ageUs;
  const facts = factsOf(okProbe(at));
  await world.memory.open().commit({
    pod: 'pod_a',
    notAfter: world.storeNow(),
    newEpoch: 'epoch',
    commits: [{ target, expectedVersion: 0, evidenceAt: at, nextDueAt: at, facts }],
  });
}

async function sweeping(
  world: TestWorld,
  intervalMs: number,
  pod = 'pod_a',
  others: readonly string[] = [],
  membership: SweeperParts['membership'] = { isListed: () => true },
) {
  const options = world.options({ pod, targets: [fleetTarget({ intervalMs })] });
  const circuit = quietCircuit(options);
  const replica = new Replica();
  const known = Array.from(world.memory.texts('records').keys()).filter((key) => !key.startsWith('!'));
  for (let from = 0; from < known.length; from += MAX_BATCH) {
    const page = await options.store.readRecords(known.slice(from, from + MAX_BATCH));
    if (page.kind === 'ok') for (const { target, stored } of page.value) replica.apply(target, stored);
  }
  const holds = new Holds(options, circuit, {
    holdReplica: replica.holds,
    now: world.storeNow,
    changed: () => undefined,
  });
  const foreign: string[] = [];
  const incidents = { foreignData: (unlisted: number, all: number) => void foreign.push(`${unlisted} of ${all}`) };
  const parts = { replica, holds, membership, incidents, others: () => [pod, ...others], now: world.storeNow };
  const sweeper = new Sweeper(options, circuit, parts);
  return {
    sweeper,
    replica,
    foreign,
    left: () => [...world.memory.texts('records').keys()].filter((key) => !key.startsWith('!')),
  };
}

describe('the sweeper', () => {
  it('removes targets that no pod has probed for a day', async () => {
    const world = testWorld();
    await record(world, 'old', 25 * HOUR_US);
    await record(world, 'young', 23 * HOUR_US);
    const { sweeper, replica, left } = await sweeping(world, 20_000);
    await sweeper.sweep();
    expect(left()).toEqual(['young']);
    expect([...replica.known()]).toEqual(['young']);
    expect(world.logger.lines).toHaveLength(1);
  });

  it('keeps targets with only unbilled checks all day (a budget that is spent makes the fleet forget what it knows)', async () => {
    const world = testWorld();
    const at = world.storeNow() - 60_000_000;
    const overBudget = { owner: 'fleet', until: at } as const;
    const facts = factsOf(okProbe(at - 25 * HOUR_US), okProbe(at, { level: 'models', overBudget }));
    await world.memory.open().commit({
      pod: 'pod_a',
      notAfter: world.storeNow(),
      newEpoch: 'epoch',
      commits: [{ target: 'looked', expectedVersion: 0, evidenceAt: at - 25 * HOUR_US, nextDueAt: at, facts }],
    });
    const { sweeper, left } = await sweeping(world, 20_000);
    await sweeper.sweep();
    expect(left()).toEqual(['looked']);
  });

  it('waits for ten intervals where those are longer than a day', async () => {
    const world = testWorld();
    await record(world, 'old', 25 * HOUR_US);
    const { sweeper, left } = await sweeping(world, 6 * 3_600_000);
    await sweeper.sweep();
    expect(left()).toEqual(['old']);
  });

  it('keeps records written since, and targets that a pod is probing', async () => {
    const world = testWorld();
    await record(world, 'rewritten', 25 * HOUR_US);
    await record(world, 'probed', 25 * HOUR_US);
    const { sweeper, replica, left } = await sweeping(world, 20_000);
    const version = replica.version('rewritten');
    const facts = factsOf(okProbe(world.storeNow()));
    await world.memory.open().commit({
      pod: 'pod_b',
      notAfter: world.storeNow(),
      newEpoch: 'epoch',
      commits: [{ target: 'rewritten', expectedVersion: version, evidenceAt: world.storeNow(), nextDueAt: 1, facts }],
    });
    const request = { target: 'probed', reason: 'forced', intervalMs: 1_000, everyMs: 1_000, version: 0 } as const;
    await world.memory.open().claim({ pod: 'pod_b', ttlMs: 10_000, notAfter: world.storeNow(), requests: [request] });
    await sweeper.sweep();
    expect(left().toSorted()).toEqual(['probed', 'rewritten']);
  });

  it('is one pod of the fleet', async () => {
    const world = testWorld();
    await record(world, 'old', 25 * HOUR_US);
    const pods = ['pod_a', 'pod_b', 'pod_c'];
    const turn = pods.filter((pod) => plainRankOf('@sweep', pod, pods) === 0);
    expect(turn).toHaveLength(1);
    const idle = pods.find((pod) => pod !== turn[0])!;
    const other = await sweeping(world, 20_000, idle, pods);
    await other.sweeper.sweep();
    expect(other.left()).toEqual(['old']);
    const one = await sweeping(world, 20_000, turn[0], pods);
    await one.sweeper.sweep();
    expect(one.left()).toEqual([]);
  });

  it('removes data of targets without a record that no pod lists, and nothing while a list is not known (D10)', async () => {
    const world = testWorld();
    const now = world.storeNow();
    await record(world, 'kept', 0);
    for (let i = 0; i < 501; i += 1) world.memory.plant('leases', `stray${i}`, `${now} x 0 ${now} 1`);
    world.memory.plant('leases', 'listed', `${now} x 0 ${now} 1`);
    world.memory.plant('budget', 'stray0:held', '1 1 1 1');
    let known = false;
    const isListed = (target: string): boolean | undefined => (known ? target === 'listed' : undefined);
    const { sweeper } = await sweeping(world, 20_000, 'pod_a', [], { isListed });
    await sweeper.sweep();
    expect(world.memory.texts('leases').size).toBe(502);
    known = true;
    await sweeper.sweep();
    expect([...world.memory.texts('leases').keys()]).toEqual(['listed']);
    expect(world.memory.texts('budget').size).toBe(0);
    expect(world.memory.texts('records').has('kept')).toBe(true);
    expect(world.logger.lines.map(({ message }) => message)).toEqual([
      "Removed leases, spend or history of 501 targets without a record, in no pod's model list",
    ]);
  });

  it('forgets holds that ended long ago at places that no pod lists', async () => {
    const world = testWorld();
    const old = world.storeNow() - 49 * HOUR_US;
    world.memory.plant('holds', 'gone', `${old} none 0 {"by":"x","reason":"y"}`);
    world.memory.plant('holds', 'lasting', `${old} drain 0 {"by":"x","reason":"y"}`);
    const { sweeper } = await sweeping(world, 20_000);
    await sweeper.sweep();
    expect([...world.memory.texts('holds').keys()]).toEqual(['lasting']);
  });

  it('reports foreign records when most of a sample is of targets that no pod lists, and of thousands that it removed', async () => {
    const world = testWorld();
    const isListed = (target: string): boolean => target.startsWith('own');
    for (let i = 0; i < 20; i += 1) await record(world, `own${i}`, 0);
    const quiet = await sweeping(world, 20_000, 'pod_a', [], { isListed });
    await quiet.sweeper.sampleOnce();
    expect(quiet.foreign).toEqual([]);
    for (let i = 0; i < 400; i += 1) await record(world, `planted${i}`, 0);
    const { sweeper, foreign } = await sweeping(world, 20_000, 'pod_a', [], { isListed });
    await sweeper.sampleOnce();
    expect(foreign).toEqual(['50 of 50']);
    const now = world.storeNow();
    for (let i = 0; i < 1_500; i += 1) world.memory.plant('leases', `stray${i}`, `${now} x 0 ${now} 1`);
    await sweeper.sweep();
    expect(foreign.at(-1)).toMatch(/^1500 of \d{4}$/);
  });

  it('repeats by itself, in batches, until stopped', async () => {
    const world = testWorld();
    for (let i = 0; i < 150; i += 1) await record(world, `old${i}`, 25 * HOUR_US);
    const { sweeper, left } = await sweeping(world, 20_000);
    sweeper.start();
    await world.pass(900_000, 10_000);
    expect(left()).toEqual([]);
    sweeper.stop();
    expect(world.clock.pending()).toBe(0);
  });
});
