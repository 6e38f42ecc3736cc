import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { fleetFor, modelNames } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { openTarget, rowOf, showsState } from './shown.ts';

const TARGETS = 1_000;
/** A frame that a person sees as a jerk. */
const LONG_MS = 50;

/** Work per frame: about 11 ms on two busy cores, and 20 to 23 where the browser has to watch each row by itself. */
const MOST_CPU_MS = 18;

/** Scrolls to the end in steps of most of a screen, one per frame, and gives the time of each frame, ms. */
const SCROLL = `new Promise((resolve) => {
  const times = [];
  let last = performance.now();
  const step = (now) => {
    times.push(now - last);
    last = now;
    const before = scrollY;
    scrollBy(0, 300);
    if (scrollY === before) return resolve(times.slice(1));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** Times of the frames of a scroll, in order, and processor time of the page's main thread per frame, both in ms. */
async function scrolled(page: Page): Promise<{ readonly times: readonly number[]; readonly cpuMs: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const before = await work();
  const times = await page.evaluate<number[]>(SCROLL);
  const cpuMs = ((await work()) - before) / times.length;
  await session.detach();
  return { times: times.toSorted((a, b) => a - b), cpuMs };
}

describe.skipIf(CHROMIUM === undefined)('1,000 targets', () => {
  const open = useBrowser();

  it('are folded, filtered and scrolled', async (test) => {
    const models = modelNames(TARGETS);
    const fleet = await fleetFor(test, { pods: 1, models, interval: 3_600 });
    const judged = async (): Promise<boolean> => (await fleet.pod(0).health()).healthy_count === TARGETS;
    await until(judged, { withinMs: 90_000, what: 'all targets to be judged', everyMs: 250 });
    const { page, faults } = await open(test, fleet.pod(0).url);
    await page.getByRole('heading', { level: 1, name: `All 1000 targets of 1,000 groups are up` }).waitFor();
    expect(await page.locator('.row a').count()).toBe(40);
    await page.getByRole('button', { name: 'Show 960 more healthy groups (960 targets)' }).click();
    await page.getByRole('button', { name: 'Fold healthy groups' }).waitFor();
    expect(await page.locator('.row a').count()).toBe(TARGETS);

    const { times, cpuMs } = await scrolled(page);
    const long = times.filter((ms) => ms > LONG_MS);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
    console.log(
      `scroll over ${TARGETS} targets: ${times.length} frames, median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(0.9999)} ms, ${long.length} over ${LONG_MS} ms; ${cpuMs.toFixed(1)} ms of the processor per frame`,
    );
    expect(times.length).toBeGreaterThan(50);
    // Times of frames depend on what else this machine does; the work that a frame takes does not.
    expect(cpuMs).toBeLessThan(MOST_CPU_MS);

    fleet.upstream.set('m777', { kind: 'status', status: 500 });
    await page.getByLabel('Filter').fill('m777');
    await openTarget(page, 'm777');
    await page.getByRole('link', { name: 'Fleet', exact: true }).first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await rowOf(page, 'm1').waitFor();
    await showsState(page, 'm1', 'up');
    expect(faults).toEqual([]);
  });
});
