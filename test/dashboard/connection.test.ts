import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { startForwarder } from './forwarder.ts';
import { confirm, goTo, openTarget, rowOf, showsState } from './shown.ts';

describe.skipIf(CHROMIUM === undefined)('the connection of the dashboard', () => {
  const open = useBrowser();

  it('says that it is lost while ages go on, and shows what changed meanwhile once it is back', async (test) => {
    const fleet = await fleetFor(test, { pods: 1, models: ['chat', 'embed'], interval: 2 });
    const forwarder = await startForwarder(test, fleet.pod(0).url);
    const { page, faults } = await open(test, forwarder.url);
    await showsState(page, 'chat', 'up');

    forwarder.cut();
    const banner = page.getByText('Disconnected from the pod');
    await banner.waitFor();
    const age = rowOf(page, 'chat').locator('.age time');
    const seen = new Set<string>();
    await until(async () => seen.add((await age.textContent()) ?? '').size > 2, {
      withinMs: 10_000,
      what: 'ages that go on',
    });
    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    await until(async () => (await fleet.pod(0).fleet()).targets.some(({ state }) => state === 'down'), {
      withinMs: 20_000,
      what: 'the pod to find it down',
    });
    await showsState(page, 'chat', 'up');

    forwarder.mend();
    await showsState(page, 'chat', 'down');
    await banner.waitFor({ state: 'detached' });
    await goTo(page, 'Events');
    for (const text of ['connection lost', 'connected again']) await page.locator('.events').getByText(text).waitFor();
    expect(faults).toEqual([]);
  });

  it('goes to a pod that was started anew at the same address', async (test) => {
    const fleet = await fleetFor(test, { pods: 1, models: ['chat'], interval: 2 });
    const { url, id } = fleet.pod(0);
    const { page } = await open(test, url, { hash: '#/pods' });
    await page.getByText(id).waitFor();
    await fleet.pod(0).stop();
    await page.getByText('Disconnected from the pod').waitFor();
    const next = await fleet.addPod({ port: Number(new URL(url).port) });
    await page.getByText(next.id).waitFor();
    await page.getByText('Disconnected from the pod').waitFor({ state: 'detached' });
  });

  it('works while Redis is away, says so, and says why a hold is refused', async (test) => {
    const fleet = await fleetFor(test, { pods: 2, models: ['chat', 'embed'], interval: 2 });
    await allMet(fleet, 2);
    await allJudged(fleet);
    const { page, faults } = await open(test, fleet.pod(0).url);
    await showsState(page, 'chat', 'up');
    await fleet.redis.kill();
    const banner = page.getByText('Redis is away');
    await banner.waitFor();

    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    await showsState(page, 'chat', 'down');
    await openTarget(page, 'chat');
    await page.getByText('The history cannot be read').waitFor();
    await page.getByRole('button', { name: 'Drain…' }).click();
    await page.getByLabel('Reason').fill('try');
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /Redis|store/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await goTo(page, 'Pods');
    await page.getByText('✕ away').waitFor();
    const other = page.getByRole('row').filter({ hasText: fleet.pod(1).id });
    await other.filter({ hasText: /last knownunknown/ }).waitFor();
    await goTo(page, 'Money');
    await page.getByRole('heading', { name: 'Money', exact: true }).waitFor();

    await fleet.redis.restart();
    await banner.waitFor({ state: 'detached' });
    await goTo(page, 'Fleet');
    await openTarget(page, 'chat');
    await confirm(page, 'Drain…', 'now it is stored');
    await page.locator('.verdict .state', { hasText: 'drained' }).waitFor();
    expect(faults).toEqual([]);
  });
});
