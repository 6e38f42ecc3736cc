import { mkdirSync, statSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { until } from '../src/testing/index.ts';
import { SECRETS, startFleet } from '../test/fleet/harness/index.ts';
import type { TestFleet } from '../test/fleet/harness/index.ts';
import { buildDashboard } from './build-dashboard.ts';

// Takes the pictures of the dashboard in docs/images: three pods, a Redis and a mock upstream, with one model down.
// CHROMIUM_BIN names the browser (.ci/fetch-chromium).

const FOLDER = new URL('../docs/images/', import.meta.url);
const MOST_BYTES = 150_000;
const WIDTH = 1280;
/** Height of each picture: where its content ends. */
const HEIGHTS = { 'fleet-light': 480, 'fleet-dark': 480, target: 720, drain: 560, money: 660 } as const;
/** Time in which some spend and history comes together. */
const RUN_MS = 45_000;

const models = [
  'gpt-4o',
  { model: 'gpt-4o', group: 'gpt-4o', port: 1, info: { id: 'gpt-4o-eu' }, params: { region_name: 'eu' } },
  'gpt-4o-mini',
  { model: 'gpt-4o-mini', group: 'cheap' },
  'o3-mini',
  'text-embedding-3-small',
  { model: 'gpt-4.1', group: 'long-context' },
  { model: 'gpt-4.1-mini', group: 'long-context', port: 1 },
];

async function main(): Promise<void> {
  await buildDashboard();
  mkdirSync(FOLDER, { recursive: true });
  const fleet = await startFleet({
    pods: ['allswell-0', 'allswell-1', 'allswell-2'].map((name) => ({ env: { POD_NAME: name } })),
    models,
    extraPorts: 1,
    interval: 5,
    fleetHealth: { budget: { probes_per_hour: 20_000, usd_per_day: 2 } },
  });
  // Root has no sandbox.
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_BIN'] ?? '', args: ['--no-sandbox'] });
  try {
    await play(fleet);
    await takeAll(browser, fleet.pod(0).url);
  } finally {
    await browser.close();
    await fleet.stop();
  }
}

/** Lets one model work, fail, work and fail again, another be slow to answer, and an operator drain a third. */
async function play(fleet: TestFleet): Promise<void> {
  const stateOf = async (model: string): Promise<string | undefined> =>
    (await fleet.pod(0).fleet()).targets.find((target) => target.model === `openai/${model}`)?.state;
  const becomes = async (model: string, state: string): Promise<void> => {
    await until(async () => (await stateOf(model)) === state, { withinMs: 30_000, what: `${model} to be ${state}` });
  };
  await becomes('o3-mini', 'up');
  fleet.upstream.set('o3-mini', { kind: 'status', status: 500 });
  await becomes('o3-mini', 'down');
  fleet.upstream.set('o3-mini', { kind: 'slow', ms: 340 });
  await becomes('o3-mini', 'up');
  await pass(RUN_MS);
  fleet.upstream.set('o3-mini', { kind: 'status', status: 503 });
  fleet.upstream.set('gpt-4.1-mini', { kind: 'status', status: 429 });
  await becomes('o3-mini', 'down');
  await becomes('gpt-4.1-mini', 'degraded');
  const id = (await fleet.pod(0).fleet()).targets.find(({ region }) => region !== null)?.target ?? '';
  const drained = await fetch(`${fleet.pod(0).url}/fleet/targets/${id}/drain`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'vendor maintenance', until: '2h', by: 'ann' }),
  });
  if (!drained.ok) throw new Error(`the drain was refused: ${await drained.text()}`);
}

async function takeAll(browser: Browser, pod: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const page = await signedIn(browser, pod, scheme);
    // oxlint-disable-next-line no-await-in-loop
    await take(page, `fleet-${scheme}`);
    // oxlint-disable-next-line no-await-in-loop
    if (scheme === 'light') await takePages(page);
  }
}

async function takePages(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'openai/o3-mini' }).click();
  await page.locator('.bar').first().waitFor();
  await take(page, 'target');
  await page.getByRole('button', { name: 'Drain…' }).click();
  await page.getByLabel('Reason').fill('vendor maintenance');
  await take(page, 'drain');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Money' }).click();
  await page.getByRole('meter').first().waitFor();
  await take(page, 'money');
}

async function signedIn(browser: Browser, pod: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({
    colorScheme,
    viewport: { width: WIDTH, height: HEIGHTS[`fleet-${colorScheme}`] },
    reducedMotion: 'reduce',
  });
  await page.goto(`${pod}/ui/`);
  await page.getByLabel('Admin key').fill(SECRETS.masterKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.state-drained').waitFor();
  return page;
}

async function take(page: Page, name: keyof typeof HEIGHTS): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: HEIGHTS[name] });
  const file = new URL(`dashboard-${name}.png`, FOLDER);
  await page.screenshot({ path: file.pathname });
  const { size } = statSync(file);
  console.log(`docs/images/dashboard-${name}.png: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`dashboard-${name}.png is larger than ${MOST_BYTES} bytes`);
}

await main();
