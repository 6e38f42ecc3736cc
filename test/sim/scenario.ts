import type { SimPod, World } from './world.ts';

const RUN_MS = 600_000;
/** Long enough for everything to be judged again after the last fault: leases, back-offs, two intervals of the slowest. */
const CALM_MS = 200_000;

/** Every kind of fault; a run of many seeds must have met each of them. */
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
] as const;

/** Ten minutes of bad luck, then calm; throws a `Violation` if an invariant broke. */
export async function play(world: World, podCount: number): Promise<void> {
  const [old] = world.deploys;
  for (let i = 0; i < podCount; i += 1) {
    world.time.schedule(world.random.between(0, 3_000), () => void world.startPod(old));
  }
  scheduleFaults(world, podCount);
  await world.run(RUN_MS);
  calm(world);
  await world.run(RUN_MS + CALM_MS);
  // Refreshes go on for ever: look at a moment when none is under way.
  await world.run(RUN_MS + CALM_MS + 1_500);
  const pods = [...world.pods].map(({ id, fleet }) => ({ id, fleet }));
  await world.run(world.time.now + 100);
  world.checks.converged(pods, world.memory.texts('records'));
}

function scheduleFaults(world: World, podCount: number): void {
  const { random, time } = world;
  const kinds = allFaults.filter(() => random.chance(0.5));
  const rate = random.between(5_000, 60_000);
  const next = (): void => {
    if (time.now > RUN_MS - 60_000 || kinds.length === 0) return;
    random.pick(kinds)(world, podCount);
    time.schedule(random.between(0, 2 * rate), next);
  };
  time.schedule(random.between(2_000, 20_000), next);
}

type Fault = (world: World, podCount: number) => void;

const crash: Fault = (world, podCount) => {
  const pod = anyPod(world);
  if (pod === undefined || pod.sick) return;
  world.crash(pod);
  world.time.schedule(world.random.between(0, 30_000), () => {
    if (world.pods.size >= podCount) return;
    world.note('restart');
    world.startPod(world.random.pick(world.deploys));
  });
};

const stop: Fault = (world, podCount) => {
  const pod = anyPod(world);
  if (pod === undefined || pod.sick) return;
  world.note('stop');
  world.pods.delete(pod);
  void pod.fleet.stop();
  world.time.schedule(world.random.between(0, 15_000), () => {
    if (world.pods.size < podCount) world.startPod(world.deploys[0]);
  });
};

const roll: Fault = (world) => {
  world.note('rolling deploy');
  const deploy = world.random.pick(world.deploys);
  [...world.pods]
    .filter(({ sick }) => !sick)
    .forEach((pod, i) => {
      world.time.schedule(i * 4_000, () => {
        if (!world.pods.delete(pod)) return;
        world.startPod(deploy);
        void pod.fleet.stop();
      });
    });
};

const pause: Fault = (world) => {
  const pod = anyPod(world);
  if (pod === undefined) return;
  world.note('pause');
  pod.clock.pause();
  world.time.schedule(world.random.between(100, 30_000), () => pod.clock.resume());
};

const hang: Fault = (world) => {
  const { weather, time, random } = world;
  if (weather.hung) return;
  world.note('store hang');
  weather.hung = true;
  time.schedule(random.between(300, 40_000), () => goOn(weather));
};

const down: Fault = (world) => {
  const { weather, time, random } = world;
  if (weather.down) return;
  world.note('store down');
  weather.down = true;
  world.memory.dropSubscribers('connection closed');
  time.schedule(random.between(200, 40_000), () => {
    weather.down = false;
    if (!random.chance(0.3)) return;
    world.note('loss of all data');
    world.checks.historyBroke();
    world.memory.flush();
  });
};

const losesWrites: Fault = (world) => {
  const snapshot = world.memory.snapshot();
  world.time.schedule(world.random.between(50, 5_000), () => {
    world.note('loss of last writes');
    world.checks.historyBroke();
    world.memory.restore(snapshot);
    if (world.random.chance(0.5)) world.memory.dropSubscribers('failover');
  });
};

const steps: Fault = (world) => world.stepStoreClock(world.random.between(-5_000, 5_000));

const repliesLost: Fault = (world) => {
  world.weather.lostReplies = 0.2;
  world.time.schedule(world.random.between(1_000, 20_000), () => {
    world.weather.lostReplies = 0;
  });
};

const deaf: Fault = (world) => {
  const pod = anyPod(world);
  if (pod === undefined) return;
  world.note('deaf follower');
  pod.weather.deaf = true;
  world.time.schedule(world.random.between(100, 30_000), () => {
    pod.weather.deaf = false;
  });
};

const cutOff: Fault = (world) => {
  const pod = anyPod(world);
  if (pod === undefined) return;
  world.note('cut off');
  pod.weather.cutOff = true;
  world.time.schedule(world.random.between(100, 40_000), () => {
    pod.weather.cutOff = false;
  });
};

/** At most one pod at a time loses its way: two are two witnesses, and rightly so. */
const sick: Fault = (world) => {
  const pod = anyPod(world);
  if (pod === undefined || [...world.pods].some((other) => other.sick)) return;
  world.note('sick pod');
  pod.sick = true;
};

const allFaults: readonly Fault[] = [
  crash,
  stop,
  roll,
  pause,
  hang,
  down,
  losesWrites,
  steps,
  repliesLost,
  deaf,
  cutOff,
  sick,
];

function goOn(weather: World['weather']): void {
  weather.hung = false;
  for (const execute of weather.waiting.splice(0)) execute();
}

function calm(world: World): void {
  const { weather } = world;
  weather.down = false;
  weather.lostReplies = 0;
  goOn(weather);
  for (const pod of world.pods) {
    pod.clock.resume();
    Object.assign(pod.weather, { deaf: false, cutOff: false } satisfies SimPod['weather']);
  }
}

function anyPod(world: World): SimPod | undefined {
  return world.pods.size === 0 ? undefined : world.random.pick([...world.pods]);
}
