import { describe, expect, it } from 'vitest';
import { settled } from '../../../support/fleet-parts.ts';
import { manualClock } from '../../../../src/testing/manual-clock.ts';
import { ResyncPlan } from '../../../../src/fleet/replication/resync-plan.ts';

/** A plan whose readings last until they are ended. */
function planned() {
  const clock = manualClock();
  const read: string[] = [];
  const ends: (() => void)[] = [];
  const plan = new ResyncPlan(clock, async (why) => {
    read.push(`${why} at ${clock.monotonicMs()}`);
    await new Promise<void>((resolve) => ends.push(resolve));
  });
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await settled();
  };
  return { clock, plan, read, end };
}

describe('the plan of readings', () => {
  it('serves many requests by one resync, the earliest', () => {
    const { clock, plan, read } = planned();
    plan.request('late', 500);
    plan.request('early', 100);
    plan.request('later', 900);
    clock.advance(10_000);
    expect(read).toEqual(['early at 100']);
  });

  it('resyncs at once without a delay, and once at a time', async () => {
    const { clock, plan, read, end } = planned();
    plan.request('first', 0);
    plan.started();
    plan.request('second', 0);
    plan.request('third', 300);
    clock.advance(100);
    expect(read).toEqual(['first at 0']);
    await end();
    expect(read).toEqual(['first at 0', 'second at 100']);
    await end();
    clock.advance(1_000);
    expect(read).toHaveLength(2);
  });

  it('serves all requests made before a resync started by that resync', async () => {
    const { clock, plan, read, end } = planned();
    plan.request('first', 0);
    plan.request('second', 0);
    plan.started();
    await end();
    clock.advance(10_000);
    expect(read).toEqual(['first at 0']);
  });

  it('keeps the time of one that has to wait while another runs', async () => {
    const { clock, plan, read, end } = planned();
    plan.request('first', 0);
    plan.started();
    plan.request('second', 500);
    clock.advance(200);
    await end();
    clock.advance(299);
    expect(read).toHaveLength(1);
    clock.advance(1);
    expect(read).toEqual(['first at 0', 'second at 500']);
  });

  it('can be rescheduled: a fleet whose store is back does not resync early because of a retry', () => {
    const { clock, plan, read } = planned();
    plan.request('retry', 100);
    plan.reschedule('Redis is back', 1_500);
    clock.advance(10_000);
    expect(read).toEqual(['Redis is back at 1500']);
  });

  it('returns the time since the last start', () => {
    const { clock, plan } = planned();
    expect(plan.sinceStartMs).toBe(Number.POSITIVE_INFINITY);
    plan.started();
    clock.advance(70);
    expect(plan.sinceStartMs).toBe(70);
  });

  it('reads no more once it is stopped', async () => {
    const { clock, plan, read, end } = planned();
    plan.request('first', 0);
    plan.started();
    plan.request('second', 100);
    plan.stop();
    await end();
    plan.request('third', 0);
    clock.advance(10_000);
    expect(read).toEqual(['first at 0']);
    expect(clock.pending()).toBe(0);
  });
});
