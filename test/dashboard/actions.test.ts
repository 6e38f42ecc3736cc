import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, sharedFleet } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { confirm, goTo, openTarget, showsState } from './shown.ts';

describe.skipIf(CHROMIUM === undefined)('actions', () => {
  const open = useBrowser();
  const fleet = sharedFleet({ pods: 2, models: ['chat', 'embed'], interval: 3_600 }, async (started) => {
    await allMet(started, 2);
    await allJudged(started);
  });

  it('a drain shows at once in the page of the other pod, with reason, name and end, and so does its end', async (test) => {
    const [one, other] = [await open(test, fleet().pod(0).url), await open(test, fleet().pod(1).url)];
    await showsState(other.page, 'chat', 'up');
    await openTarget(one.page, 'chat');
    await one.page.getByRole('button', { name: 'Drain…' }).click();
    const dialog = one.page.getByRole('dialog', { name: 'Take it out of traffic?' });
    await dialog.getByLabel('Reason').fill('vendor maintenance');
    await dialog.getByLabel('Ends after').selectOption('4 hours');
    await dialog.getByLabel('Your name').fill('ann');
    await dialog.getByRole('button', { name: 'Drain' }).click();
    await dialog.waitFor({ state: 'detached' });
    await one.page.getByText('by ann (master key)').first().waitFor();
    await one.page
      .locator('.hold-card')
      .filter({ hasText: /vendor maintenance.*Ends in 3 h 59 min/ })
      .waitFor();
    await showsState(other.page, 'chat', 'drained');
    await other.page.getByText('Drained by ann (master key): vendor maintenance').waitFor();
    await other.page
      .getByRole('heading', { level: 1, name: 'chat has no routable deployment: 1 drained of 2 targets' })
      .waitFor();
    await goTo(other.page, 'Events');
    await other.page.getByText('drain by ann (master key): vendor maintenance').first().waitFor();

    await confirm(one.page, 'End hold…');
    await one.page.locator('.verdict .state', { hasText: 'up' }).waitFor();
    await goTo(other.page, 'Fleet');
    await showsState(other.page, 'chat', 'up');
    expect([...one.faults, ...other.faults]).toEqual([]);
  });

  it('a hold without an end counts a target as up', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await openTarget(page, 'embed');
    await page.getByRole('button', { name: 'Hold up…' }).click();
    await page.getByLabel('Ends after').selectOption('until it is ended by hand');
    await page.getByLabel('Reason').fill('false alarm');
    await page.getByRole('dialog').getByRole('button', { name: 'Hold up' }).click();
    await page.locator('.verdict .state', { hasText: 'held up' }).waitFor();
    await page.getByText('Ends when it is ended by hand').waitFor();
    await confirm(page, 'End hold…');
    await page.locator('.verdict .state', { hasText: 'held up' }).waitFor({ state: 'detached' });
  });

  it('a drain needs a reason, and Escape cancels it and gives the focus back', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await openTarget(page, 'chat');
    await page.getByRole('button', { name: 'Drain…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    expect(await page.evaluate(`document.querySelector('input:invalid').name`)).toBe('reason');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator(':focus').textContent()).toBe('Drain…');
    expect((await fleet().pod(0).fleet()).targets.every(({ hold }) => hold === null)).toBe(true);
  });

  it('a check sends one probe', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await until(async () => (await fleet().pod(0).fleet()).targets.every(({ age_seconds: age }) => (age ?? 0) > 10), {
      withinMs: 30_000,
      what: 'evidence too old to use again',
    });
    const before = fleet().upstream.probes('chat');
    await openTarget(page, 'chat');
    await confirm(page, 'Check now');
    await page.getByText(/Last probe \(.*\) by .* passed in/).waitFor();
    expect(fleet().upstream.probes('chat') - before).toBe(1);
  });

  it('probing of the fleet is paused and resumed', async (test) => {
    const [one, other] = [await open(test, fleet().pod(0).url), await open(test, fleet().pod(1).url)];
    await showsState(other.page, 'chat', 'up');
    await confirm(one.page, 'Pause probing…', 'price change');
    await other.page.getByText('Probing is paused by master key: price change').waitFor();
    await confirm(one.page, 'Resume probing…');
    await other.page.getByText('Probing is paused').waitFor({ state: 'detached' });
    await one.page.getByRole('button', { name: 'Pause probing…' }).waitFor();
  });
});
