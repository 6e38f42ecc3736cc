import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allMet, sharedFleet } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { confirm, goTo, openTarget, showsState } from './shown.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, one line each. `evaluate` is not bound by the page's policy. */
async function violationsOf(page: Page): Promise<string[]> {
  // An element that fades in has another contrast.
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))');
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe.skipIf(CHROMIUM === undefined)('access to the dashboard', () => {
  const open = useBrowser();
  const fleet = sharedFleet(
    {
      pods: 2,
      models: [
        'chat',
        'broken',
        'busy',
        'drained',
        'held',
        { model: 'manual', info: { disable_background_health_check: true } },
      ],
      interval: 2,
      fleetHealth: { budget: { probes_per_hour: 10_000, usd_per_day: 1 } },
    },
    async (started) => {
      started.upstream.set('broken', { kind: 'status', status: 500 });
      started.upstream.set('held', { kind: 'status', status: 500 });
      started.upstream.set('busy', { kind: 'status', status: 429, headers: { 'retry-after': '600' } });
      await allMet(started, 2);
    },
  );

  it.for(['light', 'dark'] as const)('axe finds nothing wrong on any page, in %s', async (colorScheme, test) => {
    const { page, faults } = await open(test, fleet().pod(0).url, { colorScheme, key: null });
    await page.getByLabel('Admin key').fill('sk-wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByLabel('Admin key').fill('sk-master-5ae81c40b7');
    await page.getByRole('button', { name: 'Sign in' }).click();

    await showsState(page, 'broken', 'down');
    if (colorScheme === 'light') {
      for (const [model, action] of [
        ['drained', 'Drain…'],
        ['held', 'Hold up…'],
      ] as const) {
        await openTarget(page, model);
        await confirm(page, action, 'for axe');
        await goTo(page, 'Fleet');
      }
      await confirm(page, 'Pause probing…', 'for axe');
    }
    await showsState(page, 'drained', 'drained');
    await showsState(page, 'held', 'held up');
    await showsState(page, 'busy', 'degraded');
    await page.getByText('Probing is paused by').waitFor();
    expect(await violationsOf(page)).toEqual([]);

    await openTarget(page, 'drained');
    expect(await violationsOf(page)).toEqual([]);
    await goTo(page, 'Fleet');
    await openTarget(page, 'broken');
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drain…' }).click();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['Pods', 'Money', 'Events'] as const) {
      await goTo(page, name);
      await page.locator(`nav a[aria-current]`, { hasText: name }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
    }
    expect(faults).toEqual([]);
  });

  it('a page can be used with the keyboard: skip link, links, and the focus on the heading of the next page', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await showsState(page, 'chat', 'up');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').evaluate('document.activeElement.tagName')).toBe('H1');
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('link', { name: 'openai/broken' }).focus();
    const outline = await page.locator(':focus').evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
    await page.keyboard.press('Enter');
    const focused = async (): Promise<string> =>
      await page
        .locator('h1:focus')
        .allTextContents()
        .then((all) => all.join());
    await until(async () => (await focused()).includes('openai/broken'), {
      withinMs: 10_000,
      what: 'the focus on the heading',
    });
    expect(outline).not.toBe('none');
    expect(await page.title()).toContain('Target');
  });

  it('nothing moves for people who do not want it', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await showsState(page, 'broken', 'down');
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });
});
