import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitUse } from '../../../src/ports/index.ts';
import { limitedFleet } from '../../support/limited-fleet.ts';
import type { LimitedFleet, LimitedPod } from '../../support/limited-fleet.ts';
import { ok } from '../../support/routing.ts';

/** True if the request was sent to the deployment. */
function sends({ router }: LimitedPod): boolean {
  return router.run(() => ok).went.length > 0;
}

const shareOf = ({ shares }: LimitedPod): number | null => shares.shareOf('a').rpm;
const sharesOf = ({ pods }: LimitedFleet): (number | null)[] => pods.map((pod) => shareOf(pod));

/** Most starts within any 60 s. */
function mostInAMinute(starts: readonly number[]): number {
  return Math.max(0, ...starts.map((from, at) => starts.slice(at).filter((one) => one < from + 60_000).length));
}

describe('the shares of pods', () => {
  it('are nothing that costs a command, where no deployment has a limit', async () => {
    const fleet = await limitedFleet(3, {});
    await fleet.advance(10_000);
    expect(fleet.commands()).toBe(0);
    expect(fleet.pods[0]?.shares.shareOf('a')).toEqual({ rpm: null, tpm: null, maxParallel: null });
  });

  it('are renewed once per second with one command, whatever the number of limits', async () => {
    const fleet = await limitedFleet(1, { rpm: 60, tpm: 1_000, maxParallel: 3 });
    const before = fleet.commands();
    await fleet.advance(10_000);
    expect(fleet.commands() - before).toBeGreaterThanOrEqual(9);
    expect(fleet.commands() - before).toBeLessThanOrEqual(12);
  });

  it('are leased on after a bug in a renewal, which is logged once and ends nothing', async () => {
    const fleet = await limitedFleet(1, { rpm: 60 });
    await fleet.advance(8_000);
    const [pod] = fleet.pods as [LimitedPod];
    pod.path = 'throws';
    await fleet.advance(20_000);
    pod.path = 'works';
    await fleet.advance(10_000);
    const bug = 'Limits of deployments: a renewal failed: a bug. To fix: report it with allswell diagnose';
    expect(pod.lines.filter((line) => line.includes('a bug'))).toEqual([bug]);
    expect(shareOf(pod)).toBe(54);
    pod.path = 'throws';
    await pod.shares.stop();
  });

  it('are equal while all pods are idle, and follow their use', async () => {
    const fleet = await limitedFleet(3, { rpm: 60 });
    await fleet.advance(8_000);
    expect(sharesOf(fleet)).toEqual([18, 18, 18]);
    const [busy, less, idle] = fleet.pods as [LimitedPod, LimitedPod, LimitedPod];
    for (let second = 0; second < 70; second++) {
      for (let n = 0; n < 3; n++) sends(busy);
      if (second % 4 === 0) sends(less);
      // oxlint-disable-next-line no-await-in-loop -- time passes
      await fleet.advance(1_000);
    }
    expect(shareOf(busy)).toBeGreaterThan(35);
    expect(shareOf(less)).toBeGreaterThanOrEqual(8);
    expect(shareOf(idle)).toBeGreaterThanOrEqual(2);
  });

  it('have something for a pod that joins, within one renewal', async () => {
    const fleet = await limitedFleet(1, { rpm: 60 });
    await fleet.advance(8_000);
    const joined = await fleet.join();
    expect(shareOf(joined)).toBe(6);
    await fleet.advance(3_500);
    expect(sharesOf(fleet)).toEqual([27, 27]);
  });

  it('of a pod that stops are free at once, but for what it has used', async () => {
    const fleet = await limitedFleet(2, { rpm: 60 });
    await fleet.advance(8_000);
    const [stays, stops] = fleet.pods as [LimitedPod, LimitedPod];
    for (let n = 0; n < 10; n++) expect(sends(stops)).toBe(true);
    await stops.shares.stop();
    await fleet.advance(2_500);
    expect(shareOf(stays)).toBe(45);
    const before = fleet.commands();
    await stops.shares.stop();
    expect(fleet.commands()).toBe(before);
    await fleet.advance(70_000);
    expect(shareOf(stays)).toBe(54);
  });

  it('of a pod that dies are free when its lease has ended and its use has left the minute', async () => {
    const fleet = await limitedFleet(2, { rpm: 60 });
    await fleet.advance(8_000);
    const [stays, dies] = fleet.pods as [LimitedPod, LimitedPod];
    dies.path = 'cut';
    await fleet.advance(60_000);
    expect(shareOf(stays)).toBeLessThanOrEqual(33);
    await fleet.advance(15_000);
    expect(shareOf(stays)).toBe(54);
  });

  it('of a limit of one request at once go to the pod that needs it', async () => {
    const fleet = await limitedFleet(3, { maxParallel: 1 });
    await fleet.advance(8_000);
    const parallel = (): (number | null)[] => fleet.pods.map(({ shares }) => shares.shareOf('a').maxParallel);
    const ones = (): number => parallel().filter((one) => one === 1).length;
    expect(ones()).toBe(1);
    const without = fleet.pods[parallel().indexOf(0)] as LimitedPod;
    expect(sends(without)).toBe(false);
    await fleet.advance(4_500);
    expect(sends(without)).toBe(true);
    expect(ones()).toBe(1);
  });

  it('grow for a prompt that is larger than they are', async () => {
    const fleet = await limitedFleet(3, { tpm: 90_000 });
    await fleet.advance(8_000);
    const [pod] = fleet.pods as [LimitedPod];
    const large = (): number => pod.router.run(() => ok, { inputTokens: 40_000 }).went.length;
    expect(large()).toBe(0);
    await fleet.advance(4_000);
    expect(large()).toBe(1);
  });

  it('keep their leases when the configuration is read anew, and follow a new limit', async () => {
    const fleet = await limitedFleet(1, { rpm: 60 });
    await fleet.advance(8_000);
    const [pod] = fleet.pods as [LimitedPod];
    const use: LimitUse = { requests: 0, tokens: 0, inFlight: 0, refused: 0, refusedTokens: 0 };
    const configure = (rpm: number): void => pod.shares.configure([{ id: 'a', rpm }], () => use);
    configure(60);
    expect(shareOf(pod)).toBe(54);
    configure(10);
    expect(shareOf(pod)).toBe(10);
    configure(100);
    await fleet.advance(2_500);
    expect(shareOf(pod)).toBe(90);
    pod.shares.configure([], () => use);
    expect(shareOf(pod)).toBeNull();
  });
});

describe('without the store', () => {
  it('a pod has no share before the store had a second to answer, then a tenth, and after five seconds an equal part', async () => {
    const fleet = await limitedFleet(0, { rpm: 60 }, 4);
    const pod = await fleet.join('cut');
    expect(shareOf(pod)).toBe(0);
    await fleet.advance(900);
    expect([shareOf(pod), pod.lines]).toEqual([0, []]);
    await fleet.advance(300);
    expect(shareOf(pod)).toBe(6);
    await fleet.advance(3_500);
    expect([shareOf(pod), pod.lines]).toEqual([6, []]);
    await fleet.advance(1_500);
    expect(shareOf(pod)).toBe(15);
    expect(pod.lines).toEqual([expect.stringContaining('the store renews no shares')]);
  });

  it('a pod keeps its share until the lease ends, then takes no more than an equal part, and a minute later all of that', async () => {
    const fleet = await limitedFleet(3, { rpm: 60 });
    await fleet.advance(8_000);
    const [busy, other] = fleet.pods as [LimitedPod, LimitedPod];
    for (let second = 0; second < 30; second++) {
      sends(busy);
      sends(busy);
      // oxlint-disable-next-line no-await-in-loop -- time passes
      await fleet.advance(1_000);
    }
    const before = sharesOf(fleet);
    expect(before[0]).toBeGreaterThan(30);
    expect(before[1]).toBeLessThan(15);
    for (const pod of fleet.pods) pod.path = 'cut';
    await fleet.advance(3_500);
    expect(sharesOf(fleet)[0]).toBeGreaterThan(30);
    await fleet.advance(4_000);
    expect(shareOf(busy)).toBe(20);
    expect(shareOf(other)).toBeLessThan(15);
    expect(busy.lines).toEqual([expect.stringContaining('the store renews no shares')]);
    await fleet.advance(66_000);
    expect(sharesOf(fleet)).toEqual([20, 20, 20]);
    for (const pod of fleet.pods) pod.path = 'works';
    await fleet.advance(1_200);
    expect(busy.lines[1]).toContain('leased from the store again');
    expect(sharesOf(fleet).reduce((sum: number, one) => sum + (one ?? 0), 0)).toBeLessThanOrEqual(60);
  });

  it('a limit smaller than the fleet lets each pod send one', async () => {
    const fleet = await limitedFleet(3, { rpm: 1 });
    for (const pod of fleet.pods) pod.path = 'cut';
    await fleet.advance(80_000);
    expect(sharesOf(fleet)).toEqual([1, 1, 1]);
  });

  it('a loss of its data lets no pod use more than before', async () => {
    const fleet = await limitedFleet(3, { rpm: 60 });
    await fleet.advance(8_000);
    fleet.flush();
    await fleet.advance(1_200);
    expect(sharesOf(fleet)).toEqual([18, 18, 18]);
  });
});

describe('for any traffic, and any loss of commands and answers', () => {
  interface Moment {
    readonly ms: number;
    readonly pod: number;
    readonly requests: number;
    readonly event: 'none' | 'loses-answers' | 'cut' | 'works' | 'stop' | 'join';
  }
  const moment: fc.Arbitrary<Moment> = fc.record({
    ms: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 1_500 }) }, fc.integer({ min: 0, max: 20_000 })),
    pod: fc.integer({ min: 0, max: 4 }),
    requests: fc.integer({ min: 0, max: 25 }),
    event: fc.constantFrom('none', 'none', 'none', 'none', 'loses-answers', 'cut', 'works', 'works', 'stop', 'join'),
  });

  it('no more than the limit is sent in any minute', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(3, 10, 60),
        fc.array(moment, { minLength: 10, maxLength: 60 }),
        async (rpm, moments) => {
          const fleet = await limitedFleet(3, { rpm });
          const starts: number[] = [];
          const stopped = new Set<LimitedPod>();
          for (const [index, { ms, pod: at, requests, event }] of moments.entries()) {
            const pod = fleet.pods[at % fleet.pods.length] as LimitedPod;
            // oxlint-disable no-await-in-loop -- time passes
            if (event === 'join' && fleet.pods.length < 5) await fleet.join();
            else if (event === 'stop') {
              stopped.add(pod);
              await pod.shares.stop();
            } else if (event === 'cut' || event === 'works' || event === 'loses-answers') pod.path = event;
            for (let n = 0; n < requests && !stopped.has(pod); n++) {
              if (sends(pod)) starts.push(fleet.clock.monotonicMs());
            }
            // A pod that is cut off for a minute takes an equal part again, while others may use it: not here.
            await fleet.advance(Math.min(ms, 2_000));
            if (ms > 2_000 || index % 10 === 9) {
              for (const one of fleet.pods) one.path = 'works';
              await fleet.advance(Math.max(0, ms - 2_000));
            }
            // oxlint-enable no-await-in-loop
          }
          expect(mostInAMinute(starts)).toBeLessThanOrEqual(rpm);
        },
      ),
      { numRuns: 60 },
    );
  });
});
