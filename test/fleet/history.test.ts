import { expect, it } from 'vitest';
import type { HistoryBody, PastCheck } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, KEYS } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

it('an outage is in the history of every pod, and stays there when the pod that saw it is killed', async (test) => {
  const fleet = await fleetFor(test, { pods: 3, models: ['m', 'n'], interval: 2 });
  await allMet(fleet, 3);
  await allJudged(fleet);
  fleet.upstream.set('m', { kind: 'status', status: 500, body: { error: { message: 'on fire' } } });
  await until(async () => (await changesIn(fleet.pod(0), 'm'))[0] === 'unhealthy', {
    withinMs: 8_000,
    what: 'the outage',
  });
  const [seen] = await historyOf(fleet.pod(0), '?model=m&limit=1');
  expect(seen).toMatchObject({ model_name: 'm', error_message: expect.stringContaining('server: ') });
  const killed = fleet.podOf(seen?.checked_by ?? '');
  await killed.end();
  fleet.upstream.set('m', { kind: 'ok' });

  const living = fleet.pods.filter((pod) => pod !== killed);
  const wanted = ['healthy', 'unhealthy', 'healthy'];
  for (const pod of living) {
    await until(async () => (await changesIn(pod, 'm')).join() === wanted.join(), {
      withinMs: 25_000,
      what: `the recovery in what ${pod.name} shows`,
      everyMs: 100,
    });
  }
  const told = await Promise.all(living.map((pod) => historyOf(pod)));
  for (const rows of told) expect(rows).toEqual(told[0]);
  for (const pod of living) expect(await changesIn(pod, 'n')).toEqual(['healthy']);

  await fleet.store.set(KEYS.history, 'no hash');
  for (const pod of living) expect(await historyOf(pod)).toEqual([]);
});

async function historyOf(pod: TestPod, query = ''): Promise<readonly PastCheck[]> {
  const { status, text } = await pod.get(`/health/history${query}`);
  expect(status, text).toBe(200);
  return (JSON.parse(text) as HistoryBody).health_checks;
}

/** What a pod shows of a model, newest first, without the points that only begin an hour. */
async function changesIn(pod: TestPod, model: string): Promise<readonly string[]> {
  const statuses = (await historyOf(pod, `?model=${model}`)).map(({ status }) => status);
  return statuses.filter((status, i) => status !== statuses[i + 1]);
}
