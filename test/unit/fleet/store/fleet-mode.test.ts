import { describe, expect, it } from 'vitest';
import { fleetTarget, testWorld } from '../../../support/fleet-parts.ts';
import { FleetModeTracker } from '../../../../src/fleet/store/fleet-mode.ts';

function keeper(intervalMs: number, joinGraceMs?: number) {
  const world = testWorld();
  const options = world.options({
    ...(joinGraceMs !== undefined && { joinGraceMs }),
    targets: [fleetTarget({ intervalMs }), fleetTarget({ intervalMs: 600_000 })],
  });
  const state = { inTouch: false };
  const changes: string[] = [];
  const mode = new FleetModeTracker(options, {
    inSync: () => state.inTouch,
    now: world.storeNow,
    problem: () => 'refused',
    changed: (to) => changes.push(`${to} at ${world.clock.monotonicMs()}`),
  });
  const lose = (): void => {
    state.inTouch = false;
    mode.storeUnreachable();
  };
  const regain = (): void => {
    state.inTouch = true;
    mode.synced();
  };
  return { ...world, mode, changes, lose, regain };
}

describe('the mode of a pod', () => {
  it.each([
    { intervalMs: 300_000, graceMs: 5_000 },
    { intervalMs: 12_000, graceMs: 3_000 },
    { intervalMs: 2_000, graceMs: 1_000 },
    { intervalMs: 500, graceMs: 1_000 },
  ])('falls back $graceMs ms after a loss where the shortest interval is $intervalMs ms', ({ intervalMs, graceMs }) => {
    const { mode, lose, clock, changes } = keeper(intervalMs);
    lose();
    clock.advance(graceMs - 1);
    expect(mode.permission).toBe('wait');
    clock.advance(1);
    expect(mode.permission).toBe('fallback');
    expect(changes).toEqual([`fallback at ${graceMs}`]);
  });

  it('outlasts two trials of a pod whose connection is made slowly at its start (35 ms of fallback in each boot)', () => {
    const { mode, regain, clock, changes } = keeper(2_000);
    mode.start();
    // Trials go out after 50, 100, 200 and 400 ms of silence; the fourth is answered, and everything read.
    clock.advance(760);
    regain();
    clock.advance(60_000);
    expect(changes).toEqual([]);
    expect(mode.permission).toBe('shared');
  });

  it('waits for the first answer as long as it was told, and for a lost store as ever', () => {
    const { mode, regain, lose, clock, changes } = keeper(20_000, 300);
    mode.start();
    clock.advance(300);
    regain();
    lose();
    clock.advance(4_999);
    expect(changes).toEqual(['fallback at 300', 'shared at 300']);
    clock.advance(1);
    expect(changes.at(-1)).toBe('fallback at 5300');
  });

  it('grants each loss a grace of its own (two blips taken for one long loss)', () => {
    const { lose, regain, clock, changes } = keeper(20_000);
    lose();
    clock.advance(50);
    regain();
    clock.advance(4_900);
    lose();
    clock.advance(4_990);
    expect(changes).toEqual([]);
    clock.advance(10);
    expect(changes).toEqual(['fallback at 9950']);
  });

  it('shares as soon as the store is back, and logs each change once', () => {
    const { lose, regain, clock, changes, logger, mode } = keeper(20_000);
    lose();
    clock.advance(7_000);
    lose();
    clock.advance(7_000);
    regain();
    regain();
    expect(mode.permission).toBe('shared');
    expect(changes).toEqual(['fallback at 5000', 'shared at 14000']);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'Falling back to local health checks: Redis does not answer: refused; sharing resumes without a restart when it answers',
      'Sharing health again: Redis answers',
    ]);
  });

  it('stays in fallback when a store that refuses writes was read (neither sharing nor alone, and nothing is probed)', () => {
    const { lose, mode, clock, changes } = keeper(20_000);
    lose();
    clock.advance(5_000);
    mode.synced();
    expect(mode.permission).toBe('fallback');
    expect(changes).toEqual(['fallback at 5000']);
  });

  it('does nothing more once it is stopped', () => {
    const { lose, mode, clock, changes } = keeper(20_000);
    lose();
    mode.stop();
    clock.advance(60_000);
    expect(changes).toEqual([]);
    expect(mode.permission).toBe('wait');
    expect(clock.pending()).toBe(0);
  });
});
