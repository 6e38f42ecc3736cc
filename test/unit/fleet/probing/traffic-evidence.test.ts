import { describe, expect, it } from 'vitest';
import { fleetTarget } from '../../../support/fleet-parts.ts';
import { fleetWithTraffic } from '../../../support/fleet-with-traffic.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const target = fleetTarget();
const { id } = target;

describe('a failure of requests', () => {
  it('makes a probe due at once; one that fails too takes the target down', async () => {
    const { upstream, failed, state, pass } = await fleetWithTraffic();
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    const before = upstream.probes.length;
    failed();
    await pass(300);
    expect(state()).toBe('down');
    expect(upstream.probes.length).toBe(before + 1);
  });

  it('changes nothing if the probe passes', async () => {
    const { upstream, failed, state, fleet, pass } = await fleetWithTraffic();
    const before = upstream.probes.length;
    failed();
    await pass(10);
    expect(fleet.target(id)).toMatchObject({ state: 'up', why: expect.stringContaining('not confirmed') as string });
    await pass(300);
    expect(state()).toBe('up');
    expect(upstream.probes.length).toBe(before + 1);
    expect(fleet.target(id)?.facts?.run.kind).toBe('ok');
  });

  it.each(['auth', 'quota', 'not-found', 'network'] as const)(
    'of class %s, which one probe would prove, still needs a probe',
    async (failureClass) => {
      const { failed, fleet, state, pass } = await fleetWithTraffic();
      failed({ failure: { class: failureClass, message: 'of one caller, perhaps' } });
      await pass(10);
      // Stored as a class that no single failure proves.
      expect(fleet.target(id)?.facts?.failureRun?.class).toBe('server');
      expect(fleet.target(id)).toMatchObject({ state: 'up', why: expect.stringContaining('not confirmed') as string });
      await pass(300);
      expect(fleet.target(id)?.facts?.run.kind).toBe('ok');
      expect(state()).toBe('up');
    },
  );

  it('costs ever fewer probes, if probes keep passing', async () => {
    const { upstream, failed, pass } = await fleetWithTraffic();
    const before = upstream.probes.length;
    for (let second = 0; second < 120; second++) {
      failed();
      // oxlint-disable-next-line no-await-in-loop -- one report per second
      await pass(1_000, 100);
    }
    const scheduled = 120_000 / target.intervalMs;
    expect(upstream.probes.length - before).toBeLessThanOrEqual(scheduled + 6);
  });

  it('costs ever fewer probes also where reports come rarely', async () => {
    const { upstream, failed, pass } = await fleetWithTraffic({ intervalMs: 300_000 });
    const before = upstream.probes.length;
    for (let second = 0; second < 7_200; second += 35) {
      failed();
      // oxlint-disable-next-line no-await-in-loop -- one report each 35 s
      await pass(35_000, 500);
    }
    expect(upstream.probes.length - before).toBeLessThanOrEqual(7_200 / 300 + 14);
  });

  it.each([
    ['host-of-this-pod', 'Requests of this pod to'],
    ['reporter/proxy-1', 'The reporter proxy-1 keeps reporting failures of'],
    ['litellm', 'LiteLLM keeps reporting failures of'],
  ])('fault: requests of one pod or program fail for ever, and nothing names it: %s', async (witness, begin) => {
    const { failed, pass, logger } = await fleetWithTraffic();
    const warnings = (): readonly string[] =>
      logger.lines
        .filter(({ level, message }) => level === 'warn' && message.startsWith(begin))
        .map(({ message }) => message);
    failed({ witness });
    await pass(3_000, 100);
    expect(warnings(), 'after one').toEqual([]);
    for (let second = 0; second < 120; second++) {
      failed({ witness });
      // oxlint-disable-next-line no-await-in-loop -- one report per second
      await pass(1_000, 100);
    }
    expect(warnings()[0]).toContain('and probes of it pass, so no verdict follows. To fix: ');
    expect(warnings().length).toBeLessThanOrEqual(6);
  });

  it('is paused for no longer than before once a probe has confirmed one', async () => {
    const { upstream, failed, state, pass } = await fleetWithTraffic();
    for (let outage = 0; outage < 6; outage++) {
      upstream.failure = { class: 'server', status: 500, message: 'boom' };
      failed();
      // oxlint-disable-next-line no-await-in-loop -- outages one after the other
      await pass(300);
      expect(state()).toBe('down');
      upstream.failure = undefined;
      // oxlint-disable-next-line no-await-in-loop -- outages one after the other
      await pass(15_000, 100);
      expect(state()).toBe('up');
    }
  });

  it('costs no second probe after one that another pod made', async () => {
    const { upstream, failed, pass, options, memory, storeNow } = await fleetWithTraffic();
    const more = { pod: 'pod_b', host: 'host_b', prober: upstream, targets: [target], store: memory.open() };
    const other = createFleet(options(more));
    other.start();
    await pass(8_000, 100);
    const before = upstream.probes.filter(({ level }) => level === 'inference').length;
    failed({ at: storeNow() });
    await pass(300);
    const failure = { class: 'server', status: 500, message: 'HTTP 500' } as const;
    other.report({
      target: id,
      at: storeNow(),
      ok: false,
      failure,
      latencyMs: 1,
      verdict: 'suspect',
      witness: 'litellm',
    });
    await pass(300);
    expect(upstream.probes.length - before).toBe(1);
  });

  it('is not committed again while the target is down', async () => {
    const { upstream, failed, fleet, pass } = await fleetWithTraffic();
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    failed();
    await pass(300);
    const { version } = fleet.target(id) ?? {};
    failed();
    await pass(100);
    expect(fleet.target(id)?.version).toBe(version);
  });
});

describe('requests that are all rate-limited', () => {
  const limited = {
    verdict: 'degraded',
    failure: { class: 'overloaded', status: 429, message: 'HTTP 429' },
  } as const;

  it('take the target down if probes are rate-limited too', async () => {
    const { upstream, failed, state, pass } = await fleetWithTraffic();
    upstream.failure = { class: 'overloaded', status: 429, message: 'slow down' };
    failed(limited);
    await pass(50);
    expect(state()).toBe('degraded');
    for (let second = 0; second < 15 && state() !== 'down'; second++) {
      failed(limited);
      // oxlint-disable-next-line no-await-in-loop -- one report per second
      await pass(1_000, 100);
    }
    expect(state()).toBe('down');
  });

  it('leave it up if a probe passes, and cost ever fewer probes', async () => {
    const { upstream, failed, state, pass } = await fleetWithTraffic();
    const before = upstream.probes.length;
    for (let second = 0; second < 120; second++) {
      failed(limited);
      // oxlint-disable-next-line no-await-in-loop -- one report per second
      await pass(1_000, 100);
      expect(state()).not.toBe('down');
    }
    expect(upstream.probes.length - before).toBeLessThanOrEqual(120_000 / target.intervalMs + 6);
  });
});

describe('successes of requests', () => {
  it('replace most paid probes while they come steadily, and probing resumes within an interval after them', async () => {
    const { upstream, report, fleet, pass } = await fleetWithTraffic();
    await pass(10_000);
    const before = upstream.probes.length;
    for (let second = 0; second < 300; second++) {
      report({});
      // oxlint-disable-next-line no-await-in-loop -- one request per second
      await pass(1_000, 100);
    }
    // One in four or five intervals remains.
    expect(upstream.probes.length - before).toBeGreaterThanOrEqual(5);
    expect(upstream.probes.length - before).toBeLessThanOrEqual(8);
    expect(fleet.target(id)?.ageMs).toBeLessThan(target.intervalMs);
    const after = upstream.probes.length;
    await pass(1.5 * target.intervalMs + 1_000, 100);
    expect(upstream.probes.length).toBeGreaterThan(after);
  });

  it('replace all probes of a target that is only probed on demand', async () => {
    const { upstream, report, fleet, pass } = await fleetWithTraffic({ background: false });
    for (let second = 0; second < 120; second++) {
      report({});
      // oxlint-disable-next-line no-await-in-loop -- one request per second
      await pass(1_000, 100);
    }
    expect(upstream.probes).toEqual([]);
    expect(fleet.target(id)?.ageMs).toBeLessThan(target.intervalMs);
  });

  it('of a target that probes found down make a probe due, which brings it back', async () => {
    const { upstream, failed, report, state, storeNow, pass } = await fleetWithTraffic({ intervalMs: 300_000 });
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    failed();
    await pass(300);
    expect(state()).toBe('down');
    upstream.failure = undefined;
    report({ at: storeNow() - 60_000_000 });
    await pass(300);
    expect(state()).toBe('down');
    report({ at: storeNow() });
    await pass(300);
    expect(state()).toBe('up');
  });

  it('change no verdict while probes fail, and cost ever fewer probes', async () => {
    const { upstream, failed, report, state, storeNow, pass } = await fleetWithTraffic({ intervalMs: 300_000 });
    upstream.failure = { class: 'auth', status: 401, message: 'wrong key' };
    failed();
    await pass(300);
    const before = upstream.probes.length;
    for (let second = 0; second < 3_600; second += 5) {
      report({ at: storeNow() });
      // oxlint-disable-next-line no-await-in-loop -- one request each 5 s
      await pass(5_000, 500);
      expect(state()).toBe('down');
    }
    expect(upstream.probes.length - before).toBeGreaterThanOrEqual(5);
    expect(upstream.probes.length - before).toBeLessThanOrEqual(24);
  });

  it('are not dated later than now, whatever their clock says', async () => {
    const { report, fleet, storeNow, pass } = await fleetWithTraffic();
    await pass(5_000, 100);
    report({ at: storeNow() + 3_600_000_000 });
    await pass(1_500, 100);
    expect(fleet.target(id)?.evidenceAt).toBeLessThanOrEqual(storeNow());
  });
});

describe('evidence from requests', () => {
  it('leaves the lease of a running probe alone', async () => {
    const { upstream, failed, fleet, pass, clock } = await fleetWithTraffic();
    upstream.tookMs = 3_000;
    const started = upstream.probes.length;
    while (upstream.probes.length === started) {
      // oxlint-disable-next-line no-await-in-loop -- until the next scheduled probe runs
      await pass(100);
      if (clock.monotonicMs() > 60_000) throw new Error('no probe started');
    }
    failed();
    await pass(500);
    expect(fleet.target(id)?.lease?.pod).toBe('pod_a');
    await pass(3_000);
    expect(fleet.target(id)?.state).toBe('up');
  });

  it('is ignored for a target that is not configured', async () => {
    const { report, fleet, pass } = await fleetWithTraffic();
    report({ target: 'ffffffffffff' });
    await pass(100);
    expect(fleet.target('ffffffffffff')).toBeUndefined();
  });
});
