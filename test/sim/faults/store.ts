import type { World } from '../world.ts';
import { happened, lasting } from './fault.ts';

/** Sizes of clock steps: a small correction, a minute, an hour. */
const SHORT_STEP_MS = 5_000;
const LONG_STEPS_MS = [60_000, 3_600_000] as const;
/** Longer steps back would delay the end of a Retry-After, and second witnesses, until that time is reached again. */
const LONGEST_STEP_BACK_MS = 30_000;

export function storeHang(world: World): void {
  if (world.storeFaults.hung) return;
  lasting(world, 'store hang', 'store', { low: 300, high: 40_000 }, () => {
    world.storeFaults.hung = true;
    return () => resumeStore(world);
  });
}

export function resumeStore({ storeFaults }: World): void {
  storeFaults.hung = false;
  for (const execute of storeFaults.waiting.splice(0)) execute();
}

export function storeDown(world: World): void {
  const { storeFaults, random } = world;
  if (storeFaults.down) return;
  const calm = { atMs: world.time.now, forMs: world.faultTimes.quietForMs() };
  lasting(world, 'store down', 'store', { low: 200, high: 40_000 }, () => {
    storeFaults.down = true;
    world.memory.dropSubscribers('connection closed');
    return () => {
      storeFaults.down = false;
      if (!random.chance(0.3)) return;
      world.note('loss of all data');
      world.histories.holds.loses(world.pods, calm);
      world.histories.reset();
      world.memory.flush();
    };
  });
}

/** The store is full or became a replica: reads succeed, writes fail. */
export function writesRefused(world: World): void {
  const { storeFaults, random } = world;
  if (storeFaults.refuses !== undefined) return;
  const code = random.pick(['out-of-memory', 'read-only'] as const);
  lasting(world, `writes refused: ${code}`, 'store', { low: 200, high: 60_000 }, () => {
    storeFaults.refuses = code;
    return () => {
      storeFaults.refuses = undefined;
    };
  });
}

export function lossOfLastWrites(world: World): void {
  const snapshot = world.memory.snapshot();
  world.time.schedule(world.random.between(50, 5_000), () => {
    const calm = { atMs: world.time.now, forMs: world.faultTimes.quietForMs() };
    world.histories.holds.loses(world.pods, calm);
    happened(world, 'loss of last writes', 'store');
    world.histories.reset();
    world.memory.restore(snapshot);
    if (world.random.chance(0.5)) world.memory.dropSubscribers('failover');
  });
}

export function clockStep(world: World): void {
  happened(world, 'clock step', 'store');
  world.stepStoreClock(world.random.between(-SHORT_STEP_MS, SHORT_STEP_MS));
}

export function longClockStep(world: World): void {
  const { random } = world;
  if (random.chance(0.5)) {
    happened(world, 'long clock step ahead', 'store');
    world.stepStoreClock(random.between(SHORT_STEP_MS, random.pick(LONG_STEPS_MS)));
  } else if (world.clockState().aheadMs <= SHORT_STEP_MS) {
    happened(world, 'long clock step back', 'store');
    world.stepStoreClock(-random.between(SHORT_STEP_MS, LONGEST_STEP_BACK_MS));
  }
}

export function lostReplies(world: World): void {
  const end = world.faultTimes.begin('store');
  world.storeFaults.lostReplies = 0.2;
  world.time.schedule(world.random.between(1_000, 20_000), () => {
    world.storeFaults.lostReplies = 0;
    end();
  });
}

/** Unparsable messages on the fleet's channel. Every promise applies meanwhile, so that no fault is recorded. */
export function garbageFlood(world: World): void {
  const { random, time, memory } = world;
  world.note('garbage flood');
  const untilMs = time.now + random.between(100, 20_000);
  const everyMs = random.between(1, 100);
  const publish = (): void => {
    memory.publishGarbage('neither a commit nor a lease');
    if (time.now < untilMs) time.schedule(everyMs, publish);
  };
  publish();
}
