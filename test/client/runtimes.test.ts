import { Miniflare } from 'miniflare';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { allJudged, allMet, fleetFor, SECRETS } from '../fleet/harness/index.ts';
import type { TestFleet } from '../fleet/harness/index.ts';
import { bundled } from './bundle.ts';
import { startProxy } from './proxy.ts';
import type { ProxyOptions, TestProxy } from './proxy.ts';
import { scenario } from './scenario.ts';
import type { Seen } from './scenario.ts';

// The same scenario in each runtime, against two real pods and a real Redis.

async function start(
  test: TestContext,
  options: Omit<ProxyOptions, 'pod'> = {},
): Promise<{ readonly fleet: TestFleet; readonly proxy: TestProxy }> {
  const fleet = await fleetFor(test, { pods: 2, models: ['chat', 'embed'], interval: 3_600 });
  await allMet(fleet, 2);
  await allJudged(fleet);
  const fail = (): { type: string; body: string } => {
    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    return { type: 'text/plain', body: 'broken' };
  };
  const own = { '/break': fail, ...options.own };
  return { fleet, proxy: await startProxy(test, { pod: fleet.pod(0).url, ...options, own }) };
}

function expectWhole(seen: Seen, { lastEventIds }: TestProxy): void {
  expect(seen).toEqual({
    wrongKey: 'wrong-key',
    first: { state: 'up', since: expect.any(Number), ageMs: expect.any(Number), why: expect.any(String), stale: false },
    connections: [true, false, true],
    stale: true,
    last: expect.objectContaining({ state: 'down', stale: false, why: expect.stringContaining('one reporter') }),
    reports: { queued: 0, accepted: 2, unknown: 0, ignored: 0, dropped: 0 },
  });
  expect(lastEventIds()).toEqual([undefined, expect.stringMatching(/^pod_.*-\d+$/)]);
}

it('Node', async (test) => {
  const { proxy } = await start(test);
  expectWhole(await scenario({ url: proxy.url, key: SECRETS.masterKey }), proxy);
});

const WORKER = `
import { scenario } from './scenario.js';
export default {
  fetch: async (_request, { URL: url, KEY: key }) => Response.json(await scenario({ url, key })),
};`;

it('workerd, the runtime of Cloudflare workers', async (test) => {
  const { proxy } = await start(test);
  const worker = new Miniflare({
    modules: [
      { type: 'ESModule', path: 'main.js', contents: WORKER },
      { type: 'ESModule', path: 'scenario.js', contents: await bundled('scenario.ts') },
    ],
    compatibilityDate: '2026-07-01',
    bindings: { URL: proxy.url, KEY: SECRETS.masterKey },
  });
  test.onTestFinished(async () => await worker.dispose());
  const answer = await worker.dispatchFetch('http://worker/');
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  expectWhole(JSON.parse(text) as Seen, proxy);
});

const CHROMIUM = process.env['CHROMIUM_BIN'];
const PAGE = '<!doctype html><link rel="icon" href="data:,"><title>dashboard</title>';

// Pods send no CORS headers: the page comes from a proxy before the pod, which adds the key.
it.skipIf(CHROMIUM === undefined)('Chromium, if CHROMIUM_BIN names one (.ci/fetch-chromium)', async (test) => {
  const code = await bundled('scenario.ts');
  const own = {
    '/': () => ({ type: 'text/html', body: PAGE }),
    '/scenario.js': () => ({ type: 'text/javascript', body: code }),
  };
  const { proxy } = await start(test, { key: SECRETS.masterKey, own });
  // Root has no sandbox.
  const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  test.onTestFinished(async () => await browser.close());
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(proxy.url);
  const run = `import('/scenario.js').then(({ scenario }) => scenario({ url: location.origin }))`;
  expectWhole(await page.evaluate<Seen>(run), proxy);
  expect(errors).toEqual([]);
});
