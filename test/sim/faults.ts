import { checkStopped } from './invariants/endings.ts';
import type { SimPod } from './sim-pod.ts';
import { watchTakeOver } from './take-over.ts';
import type { TroubleKind } from './troubles.ts';
import type { World } from './world.ts';

/** Every kind of bad luck; a run of many seeds must have met each of them. */
export const faultKinds = [
  'crash',
  'restart',
  'stop',
  'pause',
  'lost reply',
  'late script',
  'store hang',
  'store down',
  'loss of last writes',
  'loss of all data',
  'clock step',
  'deaf follower',
  'cut off',
  'sick pod',
  'rolling deploy',
  'check on demand',
] as const;

type FaultKind = (typeof faultKinds)[number];

export type Fault = (world: World, podCount: number) => void;

/** Quiet for so long before, a promise "when nothing else was wrong" is to be kept. */
const QUIET_MS = 15_000;

export const faults: readonly Fault[] = [
  crash,
  stop,
  roll,
  pause,
  storeHang,
  storeDown,
  lossOfLastWrites,
  clockStep,
  lostReplies,
  deaf,
  cutOff,
  sick,
  checkOnDemand,
];

/** Everything that can be mended is mended. */
export function calm(world: World): void {
  const { weather, pods } = world;
  weather.down = false;
  weather.lostReplies = 0;
  goOn(world);
  for (const pod of pods) {
    pod.clock.resume();
    pod.recovering = pod.sick;
    pod.sick = false;
    Object.assign(pod.weather, { deaf: false, cutOff: false } satisfies SimPod['weather']);
  }
  for (const truth of world.truths.values()) truth.frozen = true;
  if (pods.size === 0) world.startPod(world.deploys[0]);
}

function crash(world: World, podCount: number): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.sick) return;
  const quiet = world.troubles.quietForMs() >= QUIET_MS;
  note(world, 'crash', 'members');
  pod.clock.kill();
  world.pods.delete(pod);
  if (quiet) watchTakeOver(world, pod);
  world.time.schedule(world.random.between(0, 30_000), () => {
    if (world.pods.size >= podCount) return;
    world.note('restart');
    world.startPod(world.random.pick(world.deploys));
  });
}

function stop(world: World, podCount: number): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.sick) return;
  note(world, 'stop', 'members');
  stopInOrder(world, pod);
  world.time.schedule(world.random.between(0, 15_000), () => {
    if (world.pods.size < podCount) world.startPod(world.deploys[0]);
  });
}

function roll(world: World): void {
  const deploy = world.random.pick(world.deploys);
  [...world.pods]
    .filter((pod) => !pod.sick)
    .forEach((pod, i) => {
      world.time.schedule(i * 4_000, () => {
        if (!world.pods.has(pod)) return;
        note(world, 'rolling deploy', 'members');
        world.startPod(deploy);
        stopInOrder(world, pod);
      });
    });
}

/** A pod that stops in order, with the store in reach throughout, leaves no lease. */
function stopInOrder(world: World, pod: SimPod): void {
  const quiet = (forMs: number): boolean => world.troubles.quietForMs(['store', 'pod']) >= forMs;
  const calmBefore = quiet(QUIET_MS);
  const startedMs = world.time.now;
  world.pods.delete(pod);
  void pod.fleet.stop().then(() => {
    if (!calmBefore || !quiet(world.time.now - startedMs)) return;
    world.guard(() => checkStopped(pod.id, world.books.leases.of(pod.id), world.check));
  });
}

function pause(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'pause', 'pod', { low: 100, high: 30_000 }, () => {
    pod.clock.pause();
    return () => pod.clock.resume();
  });
}

function storeHang(world: World): void {
  if (world.weather.hung) return;
  lasting(world, 'store hang', 'store', { low: 300, high: 40_000 }, () => {
    world.weather.hung = true;
    return () => goOn(world);
  });
}

function storeDown(world: World): void {
  const { weather, random } = world;
  if (weather.down) return;
  lasting(world, 'store down', 'store', { low: 200, high: 40_000 }, () => {
    weather.down = true;
    world.memory.dropSubscribers('connection closed');
    return () => {
      weather.down = false;
      if (!random.chance(0.3)) return;
      world.note('loss of all data');
      world.books.broke();
      world.memory.flush();
    };
  });
}

function lossOfLastWrites(world: World): void {
  const snapshot = world.memory.snapshot();
  world.time.schedule(world.random.between(50, 5_000), () => {
    note(world, 'loss of last writes', 'store');
    world.books.broke();
    world.memory.restore(snapshot);
    if (world.random.chance(0.5)) world.memory.dropSubscribers('failover');
  });
}

function clockStep(world: World): void {
  note(world, 'clock step', 'store');
  world.stepStoreClock(world.random.between(-5_000, 5_000));
}

function lostReplies(world: World): void {
  const end = world.troubles.begin('store');
  world.weather.lostReplies = 0.2;
  world.time.schedule(world.random.between(1_000, 20_000), () => {
    world.weather.lostReplies = 0;
    end();
  });
}

function deaf(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'deaf follower', 'pod', { low: 100, high: 30_000 }, () => {
    pod.weather.deaf = true;
    return () => {
      pod.weather.deaf = false;
    };
  });
}

function cutOff(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'cut off', 'pod', { low: 100, high: 40_000 }, () => {
    pod.weather.cutOff = true;
    return () => {
      pod.weather.cutOff = false;
    };
  });
}

/** At most one pod at a time loses its way to the upstreams: two are two witnesses, and rightly so. */
function sick(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined || [...world.pods].some((other) => other.sick)) return;
  world.note('sick pod');
  world.troubles.begin('pod');
  pod.sick = true;
}

/** Not bad luck but a user: several callers on several pods ask at once. */
function checkOnDemand(world: World): void {
  const { random, time } = world;
  world.note('check on demand');
  const ids = [...world.truths.keys()].filter(() => random.chance(0.3));
  for (let callers = random.between(1, 4); callers > 0; callers -= 1) {
    const caller = new AbortController();
    void anyPod(world)?.fleet.check(ids, caller.signal);
    time.schedule(random.between(10, 30_000), () => caller.abort());
  }
}

function lasting(
  world: World,
  fault: FaultKind,
  kind: TroubleKind,
  { low, high }: { low: number; high: number },
  begin: () => () => void,
): void {
  world.note(fault);
  const over = world.troubles.begin(kind);
  const end = begin();
  world.time.schedule(world.random.between(low, high), () => {
    end();
    over();
  });
}

function note(world: World, fault: FaultKind, kind: TroubleKind): void {
  world.note(fault);
  world.troubles.happened(kind);
}

function goOn({ weather }: World): void {
  weather.hung = false;
  for (const execute of weather.waiting.splice(0)) execute();
}

function anyPod(world: World): SimPod | undefined {
  return world.pods.size === 0 ? undefined : world.random.pick([...world.pods]);
}
