import { Miniflare } from 'miniflare';
import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, SECRETS } from '../fleet/harness/index.ts';
import { bundled } from './bundle.ts';

it('examples/library/worker.ts uses another model while one is down, and reports what it sees', async (test) => {
  const fleet = await fleetFor(test, { pods: 2, models: ['chat', 'spare'], interval: 3_600 });
  await allMet(fleet, 2);
  await allJudged(fleet);
  const worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'main.js', contents: await bundled('../../examples/library/worker.ts') }],
    compatibilityDate: '2026-07-01',
    bindings: {
      ALLSWELL_URL: fleet.pod(0).url,
      ALLSWELL_KEY: SECRETS.masterKey,
      MODEL_URL: fleet.upstream.apiBase,
      MODEL_KEY: SECRETS.upstreamKey,
    },
  });
  test.onTestFinished(async () => await worker.dispose());
  const ask = async (): Promise<number> => {
    const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: 'A question' });
    await answer.text();
    return answer.status;
  };
  expect(await ask()).toBe(200);
  expect([fleet.upstream.traffic('chat'), fleet.upstream.traffic('spare')]).toEqual([1, 0]);
  fleet.upstream.set('chat', { kind: 'status', status: 503 });
  const usesSpare = async (): Promise<boolean> => (await ask()) === 200 && fleet.upstream.traffic('spare') > 0;
  await until(usesSpare, { withinMs: 30_000, what: 'an answer of the other model' });
});
