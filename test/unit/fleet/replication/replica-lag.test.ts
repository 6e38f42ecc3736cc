import { beforeEach, describe, expect, it } from 'vitest';
import { ReplicaLag } from '../../../../src/fleet/replication/replica-lag.ts';
import { manualClock } from '../../../../src/testing/index.ts';
import type { ManualClock } from '../../../../src/testing/index.ts';
import { commit, replicating, withFilteredChannel } from '../../../support/replicating.ts';
import { settled, testWorld } from '../../../support/fleet-parts.ts';

const HEARTBEAT_MS = 3_000;
const follows = { appliedSeq: 1, follows: true };

describe('the lag of the replica', () => {
  let clock: ManualClock;
  let lag: ReplicaLag;
  const now = (): number => clock.wallMs() * 1000;
  const answered = (seq: number, delayMs = 0): void => {
    lag.answered({ epoch: 'e', seq, now: now() - delayMs * 1000 }, 1);
  };
  /** Heartbeats for a time; the lag that each publishes. */
  const beats = (ms: number, delayMs: number, seq = 1): (number | undefined)[] => {
    return Array.from({ length: ms / HEARTBEAT_MS }, () => {
      clock.advance(HEARTBEAT_MS);
      answered(seq, delayMs);
      return lag.publish()?.seconds;
    });
  };

  beforeEach(() => {
    clock = manualClock();
    lag = new ReplicaLag({ clock, now, latest: now });
  });

  it('is unknown until the first resync', () => {
    answered(9);
    expect([lag.longestSeconds, lag.publish()]).toEqual([undefined, undefined]);
    lag.resynced(0, { appliedSeq: 9, follows: true });
    expect([lag.longestSeconds, lag.publish()?.seconds]).toEqual([0, 0]);
  });

  it('is the longest delay of an event or answer in the last minute', () => {
    lag.resynced(0, follows);
    lag.applied(now() - 400_000, 2);
    answered(1, 20);
    expect(lag.longestSeconds).toBe(0.4);
    clock.advance(50_000);
    answered(1, 30);
    expect(lag.longestSeconds).toBe(0.4);
    clock.advance(20_000);
    expect(lag.longestSeconds).toBe(0.03);
  });

  it('grows while an answer is ahead, until the event or a resync comes', () => {
    lag.resynced(0, follows);
    answered(5);
    clock.advance(2_000);
    lag.applied(now(), 4);
    expect(lag.longestSeconds).toBe(2);
    clock.advance(1_000);
    lag.applied(now(), 5);
    clock.advance(5_000);
    expect(lag.longestSeconds).toBe(3);
    lag.needsResync();
    clock.advance(4_000);
    lag.applied(now(), 99);
    clock.advance(4_000);
    lag.resynced(clock.monotonicMs(), { appliedSeq: 99, follows: true });
    clock.advance(5_000);
    expect(lag.longestSeconds).toBe(8);
  });

  it('does not count an answer as current while the replica is behind', () => {
    lag.resynced(0, follows);
    lag.needsResync();
    clock.advance(12_000);
    answered(1);
    expect(lag.longestSeconds).toBe(12);
  });

  it('counts from the last resync while there is no push channel', () => {
    lag.resynced(0, { appliedSeq: 1, follows: false });
    clock.advance(2_500);
    expect(lag.longestSeconds).toBe(2.5);
    lag.resynced(clock.monotonicMs(), { appliedSeq: 1, follows: false });
    clock.advance(500);
    expect(lag.longestSeconds).toBe(2.5);
    clock.advance(1_000);
    lag.resynced(clock.monotonicMs(), { appliedSeq: 1, follows: false });
    clock.advance(70_000);
    expect(lag.longestSeconds).toBe(70);
  });

  it('grows while the store is unreachable, and counts anew when it is back', () => {
    lag.resynced(0, follows);
    const before = lag.publish();
    lag.storeUnreachable();
    clock.advance(30_000);
    expect([lag.longestSeconds, lag.publish()]).toEqual([30, before]);
    lag.resynced(clock.monotonicMs(), follows);
    expect([lag.longestSeconds, lag.publish()]).toEqual([0, before]);
    expect(beats(60_000, 0)).not.toContain(10);
  });

  it('forgets times by the old clock when the clock of the store is set', () => {
    lag.resynced(0, follows);
    lag.applied(now() - 3_600_000_000, 1);
    lag.clockSet();
    expect(lag.longestSeconds).toBe(0);
  });

  it('is published in steps: a lasting one within 20 s, and its end a minute later', () => {
    lag.resynced(0, follows);
    expect(beats(30_000, 40)).toEqual(Array.from({ length: 10 }, () => 0));
    const rising = beats(21_000, 150);
    expect([rising[0], rising.at(-1)]).toEqual([0, 0.1]);
    const since = lag.publish()?.since;
    expect(beats(60_000, 900).every((seconds) => seconds === 0.1)).toBe(true);
    expect(lag.publish()?.since).toBe(since);
    const falling = beats(75_000, 5);
    expect([falling[10], falling.at(-1)]).toEqual([0.1, 0]);
    expect(new Set(falling.slice(falling.indexOf(0)))).toEqual(new Set([0]));
  });

  it.each([
    [1_500, 1],
    [30_000, 10],
    [90_000, 60],
    [4_000_000, 60],
  ])('publishes %d ms as the step %d s', (delayMs, step) => {
    lag.resynced(0, follows);
    expect(beats(30_000, delayMs).at(-1)).toBe(step);
  });

  it('publishes nothing of one pause of the store, however long', () => {
    lag.resynced(0, follows);
    beats(30_000, 5);
    answered(1, 240);
    expect(new Set(beats(90_000, 5))).toEqual(new Set([0]));
  });

  it('publishes that the replica has been behind for long', () => {
    lag.resynced(0, follows);
    lag.needsResync();
    expect(beats(30_000, 0).at(-1)).toBe(10);
    expect(beats(60_000, 0).at(-1)).toBe(60);
  });
});

describe('the replicator measures the lag', () => {
  it('of events that are missing, until it has read them', async () => {
    const world = testWorld();
    const lag = new ReplicaLag({ clock: world.clock, now: world.storeNow, latest: world.storeNow });
    const store = withFilteredChannel(world, () => false);
    const { replicator } = replicating({ ...world, lag }, store);
    expect(lag.longestSeconds).toBeUndefined();
    replicator.start();
    await settled();
    expect(lag.longestSeconds).toBe(0);
    await commit(world);
    const answer = await store.time();
    if (answer.kind === 'ok') replicator.answered(answer.meta, 0);
    await world.pass(900);
    expect(lag.longestSeconds).toBeCloseTo(0.9, 1);
    await world.pass(10_000);
    expect(lag.longestSeconds).toBeGreaterThanOrEqual(0.9);
    expect(lag.longestSeconds).toBeLessThan(1.5);
    await replicator.stop();
  });
});
