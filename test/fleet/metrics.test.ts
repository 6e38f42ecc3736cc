import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, sumOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const LIMIT = { withinMs: 30_000, everyMs: 100 };
const FAILING = 'gpt-4o';

it('every pod says the same of the fleet, each change of state is counted once, and the series go on when a pod is killed', async (test) => {
  const fleet = await fleetFor(test, {
    pods: 3,
    models: [
      { model: FAILING, group: 'chat' },
      { model: 'gpt-4o-mini', group: 'chat' },
    ],
    interval: 2,
    fleetHealth: { expected_pods: 3 },
  });
  await allMet(fleet, 3);
  await allJudged(fleet);
  const pods = fleet.pods;
  await expectAll(pods, { state: 1, routable: 2 });
  expect(await changesIn(pods)).toEqual({ down: 0, up: 0 });

  fleet.upstream.set(FAILING, { kind: 'status', status: 500 });
  await expectAll(pods, { state: 4, routable: 1 });
  expect(await changesIn(pods)).toEqual({ down: 1, up: 0 });
  for (const pod of pods) {
    expect(await pod.fleetMetrics()).toMatch(/^allswell_target_consecutive_failures\{.*class="server"\} [2-9]/m);
  }

  fleet.upstream.set(FAILING, { kind: 'ok' });
  await expectAll(pods, { state: 1, routable: 2 });
  expect(await changesIn(pods)).toEqual({ down: 1, up: 1 });

  const [killed, ...left] = pods;
  const before = namesIn((await killed?.fleetMetrics()) ?? '');
  killed?.kill('SIGKILL');
  const isNoticed = async (): Promise<boolean> =>
    (await Promise.all(left.map(async (pod) => /^allswell_fleet_pods 2$/m.test(await pod.fleetMetrics())))).every(
      Boolean,
    );
  await until(isNoticed, { ...LIMIT, what: 'the other pods to notice' });
  for (const pod of left) {
    const text = await pod.fleetMetrics();
    expect(namesIn(text)).toEqual(before);
    expect(sumOf(text, /^allswell_fleet_expected_pods /)).toBe(3);
  }
});

/** Waits until all pods say so, of the fleet and of themselves. */
async function expectAll(pods: readonly TestPod[], expected: { state: number; routable: number }): Promise<void> {
  const isSaid = async (pod: TestPod): Promise<boolean> => {
    const [text, own] = [await pod.fleetMetrics(), await pod.metrics()];
    const state = new RegExp(`^allswell_target_state\\{.*model="openai/${FAILING}"\\} ${expected.state}$`, 'm');
    return (
      state.test(text) &&
      new RegExp(state.source.replace('allswell_', 'allswell_pod_'), 'm').test(own) &&
      sumOf(text, /^allswell_group_routable_deployments\{group="chat"\} /) === expected.routable &&
      sumOf(text, /^allswell_group_deployments\{group="chat"\} /) === 2
    );
  };
  const areSaid = async (): Promise<boolean> => (await Promise.all(pods.map(isSaid))).every(Boolean);
  await until(areSaid, { ...LIMIT, what: `state ${expected.state} in all pods` });
}

/** Changes of the failing target that all pods together counted. */
async function changesIn(pods: readonly TestPod[]): Promise<{ down: number; up: number }> {
  const text = (await Promise.all(pods.map(async (pod) => await pod.metrics()))).join('\n');
  const to = (state: string): number =>
    sumOf(text, new RegExp(`^allswell_target_transitions_total\\{.*model="openai/${FAILING}",to="${state}"\\} `));
  return { down: to('down'), up: to('up') };
}

/** Series without their values, but those that come and go by themselves. */
function namesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('allswell_') && !/_(?:flag|probe_latency_seconds)\{/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .toSorted((a, b) => a.localeCompare(b));
}
