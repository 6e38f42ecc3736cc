import { describe, expect, it } from 'vitest';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/index.ts';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';

// Targets without background probes, whose probe is the next request of a user.

const target = fleetTarget({ background: false });
const { id } = target;

function open(isReady: () => boolean = () => true) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const fleet = createFleet(world.options({ prober: upstream, targets: [target], trials: { isReady } }));
  fleet.start();
  const report = (ok: boolean): void => {
    const failure = { class: 'server', status: 500, message: 'requests failed' } as const;
    const verdict = ok ? 'success' : 'suspect';
    const at = world.storeNow() - 100_000;
    fleet.report({ target: id, at, ok, latencyMs: 100, verdict, witness: 'host-a', ...(!ok && { failure }) });
    fleet.planTrial(id);
  };
  return { ...world, upstream, fleet, report, state: () => fleet.target(id)?.state };
}

describe('a target that only requests test', () => {
  it('is never tested while it is up or unknown', async () => {
    const { upstream, fleet, report, state, pass } = open();
    fleet.planTrial(id);
    await pass(30_000, 100);
    report(true);
    await pass(300);
    expect(state()).toBe('up');
    for (let i = 0; i < 6; i += 1) {
      fleet.planTrial(id);
      // oxlint-disable-next-line no-await-in-loop -- time passes in steps
      await pass(10_000, 100);
    }
    expect(upstream.probes).toEqual([]);
  });

  it('is tested at once after a failure, then once per interval, until a test passes', async () => {
    const { upstream, report, state, pass } = open();
    report(true);
    await pass(300);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    report(false);
    await pass(300);
    expect(upstream.probes).toHaveLength(1);
    expect(state()).toBe('down');
    await pass(60_000, 100);
    expect(upstream.probes.length).toBeGreaterThanOrEqual(5);
    expect(upstream.probes.length).toBeLessThanOrEqual(8);
    upstream.failure = undefined;
    await pass(11_000, 100);
    expect(state()).toBe('up');
    const tested = upstream.probes.length;
    await pass(60_000, 100);
    expect(upstream.probes).toHaveLength(tested);
  });

  it('is not tested by a process without requests', async () => {
    let ready = false;
    const { upstream, fleet, report, pass } = open(() => ready);
    await pass(3_000);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    report(false);
    await pass(60_000, 100);
    expect(upstream.probes).toEqual([]);
    ready = true;
    fleet.planTrial(id);
    await pass(300);
    expect(upstream.probes).toHaveLength(1);
  });

  it('is left to a pod that probes it on schedule', async () => {
    const { upstream, options, report, state, memory, clock, pass } = open();
    const theirs = testUpstream(clock);
    const pod: Fleet = createFleet(
      options({
        pod: 'pod_b',
        store: memory.open(),
        prober: theirs,
        targetsHash: 'scheduled',
        targets: [fleetTarget()],
      }),
    );
    pod.start();
    await pass(5_000);
    for (const one of [upstream, theirs]) one.failure = { class: 'server', status: 500, message: 'boom' };
    report(false);
    await pass(60_000, 100);
    expect(theirs.probes.length).toBeGreaterThan(3);
    expect(upstream.probes).toEqual([]);
    expect(state()).toBe('down');
    // Successes of requests bring nothing back that probes find down.
    report(true);
    await pass(200);
    expect(state()).toBe('down');
    await pod.stop();
  });

  it('is not tested while an operator drains it', async () => {
    const { upstream, fleet, report, pass } = open();
    await pass(3_000);
    const drain = { on: id, kind: 'drain', by: 'ops', reason: 'upgrade', until: null, at: 0 } as const;
    expect(await fleet.decide(drain)).toMatchObject({ kind: 'stored' });
    await pass(300);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    report(false);
    await pass(30_000, 100);
    expect(upstream.probes).toEqual([]);
  });

  it('blames no pod where no request came for a test', async () => {
    const { report, pass, options } = open(() => false);
    let tests = 0;
    const unused = createFleet(
      options({
        pod: 'pod_c',
        targets: [target],
        prober: {
          probe: async (_, level) => {
            tests += 1;
            return await Promise.resolve({
              outcome: { kind: 'no-evidence', why: 'no request' },
              level,
              latencyMs: 1,
              sent: 'nothing',
            });
          },
        },
        trials: { isReady: () => true },
      }),
    );
    unused.start();
    await pass(3_000);
    report(false);
    const blind = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- time passes in steps
      await pass(500, 100);
      for (const { blind: targets } of unused.status().members) for (const one of targets) blind.add(one);
    }
    expect(tests).toBeGreaterThan(2);
    expect([...blind]).toEqual([]);
    await unused.stop();
  });
});
