import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allMet, fleetFor, sharedFleet } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { confirm, goTo, openTarget, rowOf, showsState } from './shown.ts';

// Real pods, a real Redis, and a real Chromium (CHROMIUM_BIN, see .ci/fetch-chromium).

describe.skipIf(CHROMIUM === undefined)('the pages of the dashboard', () => {
  const open = useBrowser();
  const fleet = sharedFleet(
    {
      pods: [{ env: { POD_NAME: 'pod-a' } }, { env: { POD_NAME: 'pod-b' } }],
      models: [
        'chat',
        { model: 'eu', group: 'chat', port: 1 },
        'embed',
        'broken',
        'busy',
        { model: 'manual', info: { disable_background_health_check: true } },
      ],
      extraPorts: 1,
      interval: 2,
      fleetHealth: { budget: { probes_per_hour: 10_000, usd_per_day: 1 } },
    },
    async (started) => {
      started.upstream.set('broken', { kind: 'status', status: 500 });
      started.upstream.set('busy', { kind: 'status', status: 429, headers: { 'retry-after': '600' } });
      await allMet(started, 2);
    },
  );

  it('Fleet: the worst news first, and every target with its state, reason, age and prober', async (test) => {
    const { page, faults } = await open(test, fleet().pod(0).url);
    await showsState(page, 'broken', 'down');
    await showsState(page, 'busy', 'degraded');
    await showsState(page, 'chat', 'up');
    await showsState(page, 'manual', 'unknown');
    const headline = page.getByRole('heading', { level: 1 });
    await headline.filter({ hasText: 'broken has no routable deployment: 1 down' }).waitFor();
    const names = await page.locator('.group .name').allTextContents();
    expect(names).toEqual(['broken', 'busy', 'manual', 'chat', 'embed']);
    await rowOf(page, 'broken').getByText('HTTP 500').waitFor();
    await rowOf(page, 'chat')
      .filter({ hasText: /\d+ s ago.*pod-[ab]/ })
      .waitFor();
    expect(await page.locator('.group', { hasText: 'openai/eu' }).textContent()).toContain('2 of 2 routable');
    expect(faults).toEqual([]);
  });

  it('Fleet: ages go on between answers', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    const age = rowOf(page, 'chat').locator('.age time');
    await age.waitFor();
    const seen = new Set<string>();
    await until(async () => seen.add((await age.textContent()) ?? '').size > 2, {
      withinMs: 15_000,
      what: 'three ages',
    });
  });

  it('Fleet: the filter keeps what has all its words', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await showsState(page, 'broken', 'down');
    await page.getByLabel('Filter').fill('chat eu');
    await page.getByText('1 group', { exact: true }).waitFor();
    expect(await page.locator('.row a').allTextContents()).toEqual(['openai/eu']);
    await page.getByLabel('Filter').fill('down');
    await rowOf(page, 'broken').waitFor();
    await page.getByLabel('Filter').fill('nothing like that');
    await page.getByText('No group fits the filter').waitFor();
  });

  it('Target: state, reason, witnesses, what would bring it back, and its stored results', async (test) => {
    const { page, faults } = await open(test, fleet().pod(0).url);
    await showsState(page, 'broken', 'down');
    await openTarget(page, 'broken');
    await page.getByRole('heading', { name: 'What would bring it back' }).waitFor();
    await page.getByText(/one good probe at level inference/).waitFor();
    const evidence = page.locator('.timeline');
    await evidence.getByText('Failures began').waitFor();
    await evidence.getByText(/Last probe .* by pod-[ab] failed: .*HTTP 500/).waitFor();
    await page.locator('.bar.failed').first().waitFor();
    await page.getByRole('cell', { name: /✕ server/ }).waitFor();
    await page.getByText(/in \d+ s \(scheduled\) by pod-[ab], else pod-[ab]|now \(scheduled\)|running now/).waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#\/targets\/[0-9a-f]{24}$/);
    expect(faults).toEqual([]);
  });

  it('Target: an unknown id says so', async (test) => {
    const { page } = await open(test, fleet().pod(0).url, { hash: '#/targets/abc' });
    await page.getByText('No target has this id or name').waitFor();
  });

  it('Pods: names, ids, state, and the store', async (test) => {
    const { page, faults } = await open(test, fleet().pod(0).url, { hash: '#/pods' });
    await page.getByRole('heading', { name: '2 pods' }).waitFor();
    const own = page.getByRole('row', { name: /pod-a/ });
    // A pod's second heartbeat is the first with its lag.
    await own.filter({ hasText: /answers this page.*✓ well.*shared[<≥] [\d.]+ s.*same.*pod_/ }).waitFor();
    const other = page.getByRole('row', { name: /pod-b/ });
    await other.filter({ hasText: /✓ well.*shared[<≥] [\d.]+ s.*same/ }).waitFor();
    expect(await other.textContent()).toContain(fleet().pod(1).id);
    await page.getByText('✓ answers').waitFor();
    expect(faults).toEqual([]);
  });

  it('Money: sums, budgets and paid targets', async (test) => {
    const { page, faults } = await open(test, fleet().pod(0).url, { hash: '#/money' });
    await page.getByRole('heading', { name: 'Today', exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Avoided by traffic' }).waitFor();
    await page.getByRole('meter', { name: 'Probes this hour' }).waitFor();
    await page.getByText(/of \$1\.00/).waitFor();
    await page.getByRole('row', { name: /openai\/chat/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it('Events: a change appears as it happens, and is said to screen readers', async (test) => {
    const { page } = await open(test, fleet().pod(0).url, { hash: '#/events' });
    await page.getByText('Nothing has changed yet').waitFor();
    fleet().upstream.set('embed', { kind: 'status', status: 503 });
    test.onTestFinished(() => fleet().upstream.set('embed', { kind: 'ok' }));
    const row = page.getByRole('listitem').filter({ hasText: 'openai/embed' });
    await row.filter({ hasText: '→ down' }).waitFor();
    await page.locator('[aria-live]').filter({ hasText: 'openai/embed' }).waitFor({ state: 'attached' });
    await goTo(page, 'Fleet');
    await showsState(page, 'embed', 'down');
  });

  it('a lone pod: suspect is shown until the failure counts', async (test) => {
    const lone = await fleetFor(test, {
      pods: 1,
      models: ['chat', 'shaky'],
      interval: 2,
      fleetHealth: { fall: 10, edge_interval: 3_600 },
    });
    const { page } = await open(test, lone.pod(0).url);
    await showsState(page, 'shaky', 'up');
    lone.upstream.set('shaky', { kind: 'status', status: 500 });
    await showsState(page, 'shaky', 'suspect');
    await page
      .getByRole('heading', { level: 1 })
      .filter({ hasText: 'Every group is routable: 1 suspect of 2 targets' })
      .waitFor();
    await openTarget(page, 'shaky');
    await confirm(page, 'Hold up…', 'known glitch');
    await page.locator('.verdict .state', { hasText: 'held up' }).waitFor();
  });
});
