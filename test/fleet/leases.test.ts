import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  epochMs,
  fleetFor,
  KEYS,
  leasesIn,
  liveLeasesIn,
  mostAtOnce,
  observe,
  recordedIn,
  startsOf,
} from './harness/index.ts';
import type { SeenLease, TestFleet, TestPod } from './harness/index.ts';

const LEASE_S = 2;
const shortLease = { DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: String(LEASE_S) };
// No second probe is due while these tests run: a further one comes from a pod that takes over.
const LONG_S = 120;

describe.concurrent('a lease', () => {
  it('fault: the pod that lost the lock gives up after 2 s and probes anyway: one probe in flight, however slow', async (test) => {
    const fleet = await fleetFor(test, { pods: 3, models: ['m'], env: shortLease });
    await allJudged(fleet);
    fleet.upstream.set('m', { kind: 'slow', ms: 3.5 * LEASE_S * 1_000 });
    const before = startsOf(fleet.upstream, 'm').length;
    const { holder, lease } = await probing(fleet, before + 1);
    const seen = new Set<number>();
    await until(
      async () => {
        const now = await leaseOf(fleet);
        if (now.grant === lease.grant && now.until > 0) seen.add(now.until);
        return fleet.upstream.model('m').probes.ends.length > before;
      },
      { withinMs: 15_000, what: 'the end of the slow probe', everyMs: 50 },
    );
    expect(seen.size, 'ends of the lease while the probe ran').toBeGreaterThanOrEqual(4);
    expect(startsOf(fleet.upstream, 'm')).toHaveLength(before + 1);
    expect(mostAtOnce(fleet.upstream, ['m'])).toBe(1);
    const committed = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
      return bodies.every(({ healthy_endpoints: [row] }) => row?.checked_by === holder.id && row.state === 'up');
    };
    await until(committed, { withinMs: 2_000, what: "the slow probe's result in every pod" });
  });

  it.for([
    { name: 'two seconds', env: shortLease, withinMs: (LEASE_S + 1) * 1_000 },
    { name: 'the default time', env: {}, withinMs: 11_000 },
  ])('of $name that a killed pod leaves behind delays its target by that time and a second', async (row, test) => {
    const { fleet, killed, killedAt } = await killWhileProbing(test, { pods: 3, env: row.env });
    const next = await until(() => startsOf(fleet.upstream, 'm')[1], { withinMs: 15_000, what: 'the next probe' });
    expect(next - killedAt).toBeLessThanOrEqual(row.withinMs);
    await observe(3_000);
    expect(startsOf(fleet.upstream, 'm'), 'no duplicate').toHaveLength(2);
    for (const pod of fleet.pods.filter((one) => one !== killed)) expect((await pod.health()).healthy_count).toBe(1);
  });

  it("fault: a dead pod's keys stay for ever: it is forgotten as a member, and its lease passes on", async (test) => {
    const { fleet, killed } = await killWhileProbing(test, { pods: 2, env: shortLease });
    await until(async () => (await fleet.store.hexists(KEYS.pods, killed.id)) === 0, {
      withinMs: 15_000,
      what: 'the dead pod to be forgotten',
      everyMs: 100,
    });
    const [other] = fleet.pods.filter((pod) => pod !== killed);
    expect((await liveLeasesIn(fleet.store)).map(({ pod }) => pod)).not.toContain(killed.id);
    expect((await other?.fleet())?.pods.map(({ pod }) => pod)).toEqual([other?.id]);
  });

  it('fault: a lock is deleted by its former owner: a pod that slept through its lease changes nothing', async (test) => {
    const fleet = await fleetFor(test, { pods: 2, models: ['m'], env: shortLease });
    await allMet(fleet, 2);
    await allJudged(fleet);
    fleet.upstream.set('m', { kind: 'slow', ms: 7_000 });
    const count = startsOf(fleet.upstream, 'm').length;
    const { holder } = await probing(fleet, count + 1);
    holder.kill('SIGSTOP');
    // The heir's probe outlasts the sleeper's, whose answer waits in its socket.
    const { holder: heir, lease } = await probing(fleet, count + 2);
    expect(heir.id).not.toBe(holder.id);
    holder.kill('SIGCONT');
    await until(() => /Dropped stale|Lost the lease|Could not probe/.test(holder.log()), {
      withinMs: 10_000,
      what: 'the sleeper to notice',
    });
    const kept = await leaseOf(fleet);
    expect([kept.pod, kept.grant]).toEqual([lease.pod, lease.grant]);
    const committed = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
      return bodies.every(({ healthy_endpoints: [row] }) => row?.checked_by === heir.id);
    };
    await until(committed, { withinMs: 12_000, what: "the heir's result in both pods" });
  });

  it('fault: the store evicts the lease: the probe is made once more, said so, and the fleet goes on', async (test) => {
    const redisArgs = ['--maxmemory', '4mb', '--maxmemory-policy', 'allkeys-random'];
    const fleet = await fleetFor(test, { pods: 2, models: ['m'], env: shortLease, redisArgs });
    await allMet(fleet, 2);
    await allJudged(fleet);
    for (const pod of fleet.pods) expect(pod.lines(/maxmemory-policy allkeys-random/)).toHaveLength(1);
    fleet.upstream.set('m', { kind: 'slow', ms: 5_000 });
    const count = startsOf(fleet.upstream, 'm').length;
    await probing(fleet, count + 1);
    await fillUntilGone(fleet);
    await until(() => startsOf(fleet.upstream, 'm').length === count + 2, { withinMs: 8_000, what: 'another probe' });
    expect(mostAtOnce(fleet.upstream, ['m'])).toBe(2);
    fleet.upstream.set('m', { kind: 'status', status: 401 });
    const told = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
      return bodies.every(({ unhealthy_count: bad }) => bad === 1);
    };
    await until(told, { withinMs: 15_000, what: 'both pods to know of the failure' });
  });

  it('is given back by a pod that stops while it probes, with the result; the pod ends with status 0', async (test) => {
    const fleet = await fleetFor(test, { pods: 0, models: ['m'], interval: LONG_S });
    fleet.upstream.set('m', { kind: 'slow', ms: 2_000 });
    await fleet.addPod();
    const { holder } = await probing(fleet, 1);
    expect(await holder.stop()).toEqual({ code: 0, signal: null });
    expect((await leasesIn(fleet.store)).filter(({ until: end }) => end > 0)).toEqual([]);
    expect(await fleet.store.hexists(KEYS.pods, holder.id)).toBe(0);
    expect(await recordedIn(fleet.store), 'the result').toHaveLength(1);
    expect(fleet.upstream.model('m').probes).toMatchObject({ count: 1, inFlight: 0 });
  });

  it('is given back by a pod that stops though its probe never ends, and another pod takes over', async (test) => {
    const fleet = await fleetFor(test, { pods: 2, models: ['m'] });
    await allMet(fleet, 2);
    await allJudged(fleet);
    fleet.upstream.set('m', { kind: 'hang' });
    const count = startsOf(fleet.upstream, 'm').length;
    const { holder } = await probing(fleet, count + 1);
    fleet.upstream.set('m', { kind: 'ok' });
    expect(await holder.stop()).toEqual({ code: 0, signal: null });
    const stoppedAt = epochMs();
    expect((await liveLeasesIn(fleet.store)).filter(({ pod }) => pod === holder.id)).toEqual([]);
    const next = await until(() => startsOf(fleet.upstream, 'm')[count + 1], { withinMs: 5_000, what: 'the heir' });
    expect(next - stoppedAt).toBeLessThan(1_000);
  });
});

async function leaseOf(fleet: TestFleet): Promise<SeenLease> {
  const [lease] = await leasesIn(fleet.store);
  if (lease === undefined) throw new Error('there is no lease');
  return lease;
}

/** Waits for a probe to arrive; answers who makes it and under which lease. */
async function probing(fleet: TestFleet, nth: number): Promise<{ holder: TestPod; lease: SeenLease }> {
  await until(() => startsOf(fleet.upstream, 'm').length >= nth, { withinMs: 15_000, what: `probe ${nth}` });
  const lease = await leaseOf(fleet);
  return { holder: fleet.podOf(lease.pod), lease };
}

/** A fleet that has just met, whose first probe of its only target hangs, and whose probing pod was killed for it. */
async function killWhileProbing(
  test: TestContext,
  { pods, env }: { pods: number; env: Readonly<Record<string, string>> },
): Promise<{ fleet: TestFleet; killed: TestPod; killedAt: number }> {
  const fleet = await fleetFor(test, { pods: 0, models: ['m'], interval: LONG_S, env });
  fleet.upstream.set('m', { kind: 'hang' });
  await Promise.all(Array.from({ length: pods }, () => fleet.addPod()));
  await allMet(fleet, pods);
  const { holder: killed } = await probing(fleet, 1);
  fleet.upstream.set('m', { kind: 'ok' });
  const killedAt = epochMs();
  await killed.end();
  return { fleet, killed, killedAt };
}

/** Fills the store until it has thrown the leases out. */
async function fillUntilGone(fleet: TestFleet): Promise<void> {
  const filler = 'x'.repeat(20_000);
  for (let i = 0; (await fleet.store.exists(KEYS.leases)) === 1; i += 1) {
    if (i > 5_000) throw new Error('the store never threw the leases out');
    await fleet.store.set(`filler:${i}`, filler);
  }
}
