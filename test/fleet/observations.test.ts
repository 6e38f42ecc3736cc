import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { FleetBody, ObservationBody, ObservationsTakenBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, epochMs, fleetFor, observe, SECRETS, startsOf } from './harness/index.ts';
import type { TestFleet, TestPod } from './harness/index.ts';

// Another program reports its requests to the first of two pods, with a key of its own. No probe is scheduled meanwhile.

const MODEL = 'chat';
const KEY = 'sk-reports-77b2';

async function start(test: TestContext): Promise<TestFleet> {
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const fleet = await fleetFor(test, {
    pods: 2,
    models: [{ model: MODEL, info: { id: MODEL } }],
    interval: 3_600,
    fleetHealth: { keys: [{ name: 'proxy', sha256, role: 'events' }] },
  });
  await allMet(fleet, 2);
  await allJudged(fleet);
  return fleet;
}

async function send({ url }: TestPod, observations: readonly ObservationBody[]): Promise<ObservationsTakenBody> {
  const headers = { authorization: `Bearer ${KEY}` };
  const body = JSON.stringify({ reporter: 'proxy-1', observations });
  const answer = await fetch(`${url}/fleet/observations`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ObservationsTakenBody;
}

const failures = [0, 1].map(() => ({ deployment: MODEL, ok: false, status: 500, duration_ms: 20 }));

async function targetAt(pod: TestPod): Promise<FleetBody['targets'][number] | undefined> {
  return (await pod.fleet()).targets[0];
}

it('failures that one pod hears of make all pods avoid a target that fails', async (test) => {
  const fleet = await start(test);
  const [first, second] = [fleet.pod(0), fleet.pod(1)];
  fleet.upstream.set(MODEL, { kind: 'status', status: 500 });
  const from = epochMs();
  expect(await send(first, failures)).toEqual({ accepted: 2, unknown: 0, ignored: 0, problems: [] });
  await until(async () => ['suspect', 'down'].includes((await targetAt(second))?.state ?? ''), {
    withinMs: 10_000,
    what: 'the other pod to avoid the target',
    everyMs: 20,
  });
  await until(async () => (await targetAt(second))?.state === 'down', { withinMs: 20_000, what: 'it to be down' });
  const { record } = (await targetAt(second)) ?? {};
  expect(record?.failureRun?.witnesses.map(({ host }) => host)).toContain('reporter/proxy-1');
  const headers = { authorization: `Bearer ${SECRETS.masterKey}` };
  const page = await fetch(`${first.url}/fleet/targets/${(await targetAt(first))?.target}`, { headers });
  const explained = await page.json();
  expect(explained).toMatchObject({
    evidence: {
      failure_run: { witnesses: expect.arrayContaining([expect.objectContaining({ reporter: 'proxy-1' })]) },
    },
  });
  expect(startsOf(fleet.upstream, MODEL, { from, to: Infinity }).length).toBeGreaterThan(0);
  expect(await first.metrics()).toContain('allswell_observations_total{source="external",class="server"} 2');
});

it('failures that no probe confirms cost one probe in the whole fleet, and change no verdict', async (test) => {
  const fleet = await start(test);
  const from = epochMs();
  const probes = (): number => startsOf(fleet.upstream, MODEL, { from, to: Infinity }).length;
  await send(fleet.pod(0), failures);
  await until(() => probes() > 0, { withinMs: 10_000, what: 'the confirming probe', everyMs: 20 });
  const passed = async (): Promise<boolean> => {
    const shown = await Promise.all(fleet.pods.map(targetAt));
    return shown.every((one) => one?.record?.run.kind === 'ok' && one.record.last.reason === 'confirmation');
  };
  await until(passed, { withinMs: 10_000, what: 'all pods to know that it passed', everyMs: 20 });
  // Of the same reporter, within the pause of 5 s: no second one.
  await send(fleet.pod(0), failures);
  await observe(1_000);
  expect(probes()).toBe(1);
  expect((await Promise.all(fleet.pods.map(targetAt))).map((one) => one?.state)).toEqual(['up', 'up']);
  expect(fleet.pods.flatMap((pod) => pod.lines(/is down/))).toEqual([]);
});
