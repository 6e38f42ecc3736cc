import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, expectCalm, fleetFor, observe, rowsOf, startsOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

// Longer than elsewhere: reading a configuration takes a busy machine a moment, and that moment is in the window.
const INTERVAL_S = 4;
const INTERVAL_MS = INTERVAL_S * 1_000;

describe.concurrent('a new configuration', () => {
  it('is taken by running pods: what stays is probed as before, what is new once per interval, what went no more', async (test) => {
    const fleet = await fleetFor(test, { models: ['stays', 'goes'], interval: INTERVAL_S, pods: 3 });
    await allMet(fleet, 3);
    await allJudged(fleet);
    const ids = fleet.pods.map(({ id }) => id);
    await observe(1.5 * INTERVAL_MS);
    const across = observe(5 * INTERVAL_MS);
    for (const [place, pod] of fleet.pods.entries()) {
      fleet.configure(place, { models: ['stays', 'comes'] });
      pod.kill('SIGHUP');
      // oxlint-disable-next-line no-await-in-loop -- pods get their files one after another
      await until(() => groups(pod, ['stays', 'comes']), { withinMs: 5_000, what: `${pod.name} to know the new list` });
    }
    const reloaded = Date.now();
    const span = await across;
    expectCalm({ upstream: fleet.upstream, models: ['stays'], intervalMs: INTERVAL_MS, span });
    await allJudged(fleet);
    expectCalm({
      upstream: fleet.upstream,
      models: ['stays', 'comes'],
      intervalMs: INTERVAL_MS,
      span: await observe(4 * INTERVAL_MS),
    });
    expect(startsOf(fleet.upstream, 'goes', { from: reloaded + 500, to: Date.now() })).toEqual([]);
    expect(fleet.pods.map(({ id }) => id)).toEqual(ids);
    for (const pod of fleet.pods) {
      expect(pod.lines(/ INFO: Configuration reloaded: 1 target added, 1 removed, 1 kept$/)).toHaveLength(1);
      expect(await pod.metrics()).not.toContain('openai/goes');
    }
  });

  it('that cannot be used changes nothing, and is logged in one line with all its problems', async (test) => {
    const fleet = await fleetFor(test, { models: ['m'], interval: INTERVAL_S, pods: 2 });
    await allMet(fleet, 2);
    await allJudged(fleet);
    await observe(1.5 * INTERVAL_MS);
    const across = observe(3 * INTERVAL_MS);
    for (const [place, pod] of fleet.pods.entries()) {
      fleet.configure(place, { models: ['other'], interval: 'soon', settings: { allowed_ips: ['10.0.0.1'] } });
      pod.kill('SIGHUP');
    }
    for (const pod of fleet.pods) {
      // oxlint-disable-next-line no-await-in-loop -- one pod after another
      await until(() => refusals(pod).length > 0, { withinMs: 5_000, what: `${pod.name} to refuse` });
    }
    expectCalm({ upstream: fleet.upstream, models: ['m'], intervalMs: INTERVAL_MS, span: await across });
    for (const pod of fleet.pods) {
      expect(await groups(pod, ['m'])).toBe(true);
      for (const line of refusals(pod)) {
        expect(line).toMatch(
          /general_settings\.health_check_interval .*; .*PROTECTIVE_KEY: general_settings\.allowed_ips /,
        );
      }
    }
    expect(startsOf(fleet.upstream, 'other', { from: 0, to: Date.now() })).toEqual([]);
  });

  it('is noticed without a signal, and names what takes a restart', async (test) => {
    const fleet = await fleetFor(test, { models: ['m'], pods: 1 });
    await allJudged(fleet);
    const pod = fleet.pod(0);
    fleet.configure(0, { models: ['m', 'n'], interval: INTERVAL_S, fleetHealth: { fleet: 'elsewhere' } });
    await until(() => groups(pod, ['m', 'n']), { withinMs: 10_000, what: 'the pod to know both models' });
    await allJudged(fleet);
    expect(
      pod.lines(
        / WARNING: Settings changed that apply only after a restart: fleet_health\.fleet\. To fix: restart this pod$/,
      ),
    ).toHaveLength(1);
    expect((await pod.sharedStatus()).status).toMatchObject({ fleet: 'default', targets: 2 });
    // The first gap leads from the old grid to the new one.
    await observe(1.5 * INTERVAL_MS);
    const span = await observe(4 * INTERVAL_MS);
    expectCalm({ upstream: fleet.upstream, models: ['m', 'n'], intervalMs: INTERVAL_MS, span });
  });
});

async function groups(pod: TestPod, wanted: readonly string[]): Promise<boolean> {
  const shown = rowsOf(await pod.health()).map(({ model }) => model.replace('openai/', ''));
  return JSON.stringify(shown.toSorted()) === JSON.stringify([...wanted].toSorted());
}

function refusals(pod: TestPod): readonly string[] {
  return pod.lines(/ ERROR: Configuration not reloaded; the running configuration stays in effect: /);
}
