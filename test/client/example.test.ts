import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Miniflare } from 'miniflare';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, SECRETS } from '../fleet/harness/index.ts';
import { bundled } from './bundle.ts';

it('examples/library/worker.ts uses another model while one is down, and reports what it sees', async (test) => {
  const fleet = await fleetFor(test, { pods: 2, models: ['chat', 'spare'], interval: 3_600 });
  await allMet(fleet, 2);
  await allJudged(fleet);
  const worker = await startWorker({
    ALLSWELL_URL: fleet.pod(0).url,
    ALLSWELL_KEY: SECRETS.masterKey,
    MODEL_URL: fleet.upstream.apiBase,
    MODEL_KEY: SECRETS.upstreamKey,
  });
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

it('examples/library/worker.ts answers before its report is sent', async () => {
  let reports = 0;
  const pod = await serverOf(({ url }, response) => {
    if (url === '/fleet') response.end(JSON.stringify({ mode: 'independent', targets: [] }));
    else if (url === '/fleet/events') response.writeHead(200).write(': heartbeat\n\n');
    // Never answered.
    else if (url === '/fleet/observations') reports += 1;
  });
  let modelAnsweredMs = Infinity;
  const model = await serverOf((_, response) => {
    modelAnsweredMs = performance.now();
    response.end('{}');
  });
  const worker = await startWorker({ ALLSWELL_URL: pod, ALLSWELL_KEY: 'sk-1', MODEL_URL: model, MODEL_KEY: 'sk-2' });
  const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: 'A question' });
  expect(await answer.text()).toBe('{}');
  // For so long a client that closes waits for its report.
  expect(performance.now() - modelAnsweredMs).toBeLessThan(2_000);
  await until(() => reports === 1, { withinMs: 10_000, what: 'the report' });
});

async function startWorker(bindings: Record<string, string>): Promise<Miniflare> {
  const worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'main.js', contents: await bundled('../../examples/library/worker.ts') }],
    compatibilityDate: '2026-07-01',
    bindings,
  });
  onTestFinished(async () => await worker.dispose());
  return worker;
}

async function serverOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
