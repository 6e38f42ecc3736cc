import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore } from '../../../support/fleet-parts.ts';
import { holdingWorld, INTERVAL_MS, order, target } from '../../../support/holding.ts';
import { PROBING } from '../../../../src/ports/index.ts';
import type { FleetStore } from '../../../../src/ports/index.ts';

const pause = order({ on: 'probing', kind: 'pause' });

describe('paused probing', () => {
  it('stops all probes except checks on demand, while ages grow', async () => {
    const { pass, pod, upstream, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide(pause);
    await pass(1_000);
    const probes = upstream.probes.length;
    await pass(5 * INTERVAL_MS, 50);
    expect(upstream.probes).toHaveLength(probes);
    expect(fleets[1]!.status().pause).toMatchObject({ kind: 'pause', by: 'ops' });
    expect(fleets[1]!.target(target.id)!.ageMs).toBeGreaterThan(5 * INTERVAL_MS);
    expect(
      lines(/^Probing is paused by ops, until an operator ends it: maintenance. To resume: allswell probing resume$/),
    ).toHaveLength(2);
    const checked = fleets[1]!.check([target.id], new AbortController().signal);
    await pass(500);
    await checked;
    expect(upstream.probes).toHaveLength(probes + 1);
    expect(fleets[0]!.target(target.id)!.ageMs).toBeLessThan(1_000);
  });

  it('stops a pod that missed it, which shows it after its next claim', async () => {
    const { pass, pod, upstream, memory } = holdingWorld();
    const store = memory.open();
    const deaf: FleetStore = {
      ...store,
      subscribe: (listener) => store.subscribe({ ...listener, event: () => undefined }),
    };
    const [pushedEvents, missing] = [pod('pod_a'), pod('pod_b', { store: deaf })];
    await pass(INTERVAL_MS);
    upstream.failure = { class: 'server', message: 'HTTP 500' };
    // Fails for the first time: who does not know of the pause wants the confirmation at once.
    await pass(INTERVAL_MS / 2);
    await pushedEvents.decide(pause);
    const probes = upstream.probes.length;
    await pass(5 * INTERVAL_MS, 50);
    expect(upstream.probes).toHaveLength(probes);
    expect(missing.status().pause).toMatchObject({ kind: 'pause', by: 'ops' });
  });

  it('lets a check on demand be confirmed', async () => {
    const { pass, pod, upstream } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide(pause);
    await pass(2 * INTERVAL_MS, 50);
    upstream.failure = { class: 'server', message: 'HTTP 500' };
    const checked = fleet.check([target.id], new AbortController().signal);
    await pass(2_000, 50);
    await checked;
    expect(fleet.target(target.id)!.state).toBe('down');
  });

  it('stops confirmations, too', async () => {
    const { pass, pod, upstream } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide(pause);
    await pass(INTERVAL_MS + 1_000, 50);
    upstream.failure = { class: 'server', message: 'HTTP 500' };
    const controller = new AbortController();
    const checked = fleets[0]!.check([target.id], controller.signal);
    await pass(150);
    controller.abort();
    await checked;
    const probes = upstream.probes.length;
    await pass(3 * INTERVAL_MS, 50);
    expect(upstream.probes).toHaveLength(probes);
  });

  it('goes on with one probe per target and interval', async () => {
    const { pass, pod, upstream, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide(pause);
    await pass(3 * INTERVAL_MS, 50);
    const before = upstream.probes.length;
    await fleets[1]!.decide({ ...pause, kind: 'none', reason: 'done' });
    // Spread over the boot window.
    await pass(2_500);
    expect(upstream.probes).toHaveLength(before + 3);
    await pass(4 * INTERVAL_MS, 50);
    expect(upstream.probes.length - before).toBeGreaterThanOrEqual(3 * 4);
    expect(upstream.probes.length - before).toBeLessThanOrEqual(3 * 5);
    expect(lines(/^Probing resumed by ops: done$/)).toHaveLength(2);
  });

  it.each([
    ['by a person', null],
    ['by its time', 30_000],
  ])('that ended %s is spread like a start, and not a storm', async (_, pausedMs) => {
    const { pass, pod, upstream, clock, storeNow } = holdingWorld();
    const many = Array.from({ length: 40 }, (__, i) =>
      fleetTarget({ id: ((i * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'), upstreamHost: `host-${i}` }),
    );
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name, { targets: many, maxProbes: 64, bootWindowMs: 4_000 }));
    await pass(INTERVAL_MS);
    const until = pausedMs === null ? null : storeNow() + pausedMs * 1_000;
    await fleets[0]!.decide({ ...pause, until });
    await pass(29_000, 50);
    const before = upstream.probes.length;
    if (pausedMs === null) await fleets[0]!.decide({ ...pause, kind: 'none' });
    else await pass(1_000);
    const resumedMs = clock.monotonicMs();
    await pass(5_000);
    const times = upstream.probes.slice(before).map(({ atMs }) => atMs - resumedMs);
    expect(times).toHaveLength(many.length);
    expect(times.filter((ms) => ms < 1_000).length, 'in the first quarter of four seconds').toBeLessThanOrEqual(20);
    expect(Math.max(...times)).toBeGreaterThan(2_000);
  });

  it("goes on as soon as the store's clock is past its time, though it jumped there", async () => {
    const { pass, pod, upstream, clock, storeNow, lines } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide({ ...pause, until: storeNow() + 600_000_000 });
    await pass(INTERVAL_MS);
    clock.stepWall(3_600_000);
    const probes = upstream.probes.length;
    // A heartbeat tells of the clock; then all that became due is spread over the boot window.
    await pass(2 * INTERVAL_MS, 50);
    expect(upstream.probes.length).toBeGreaterThanOrEqual(probes + 3);
    expect(lines(/^Probing resumed: pause expired$/)).toHaveLength(1);
  });

  it('that was ended stays ended, though the store lost the pause and its clock was set back before it', async () => {
    const { pass, pod, memory, clock } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    const before = memory.snapshot();
    await fleets[0]!.decide(pause);
    await pass(INTERVAL_MS);
    memory.restore(before);
    clock.stepWall(-60_000);
    expect(await fleets[1]!.decide({ ...pause, kind: 'none', reason: 'done' })).toMatchObject({ kind: 'stored' });
    await pass(3 * INTERVAL_MS, 50);
    expect(fleets.map((fleet) => fleet.status().pause)).toEqual([null, null]);
  });

  it('stays paused in a pod that lost the store', async () => {
    const { pass, pod, upstream, memory, clock } = holdingWorld();
    const way = hangingStore(clock, memory.open());
    const fleet = pod('pod_a', { store: way.store });
    await pass(INTERVAL_MS);
    await fleet.decide(pause);
    await pass(1_000);
    const probes = upstream.probes.length;
    way.hung = true;
    await pass(5 * INTERVAL_MS, 50);
    expect(fleet.status()).toMatchObject({ mode: 'fallback', pause: { by: 'ops' } });
    expect(upstream.probes).toHaveLength(probes);
  });

  it('has a place of its own in the store', async () => {
    const { pass, pod, memory } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide(pause);
    expect([...memory.texts('holds').keys()]).toEqual([PROBING]);
  });
});
