import { seededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimPod } from './sim-pod.ts';
import type { World } from './world.ts';

/** Actions of operators; a run of many seeds must contain each of them. */
export const orderKinds = ['drain', 'undrain', 'hold-up', 'probing paused', 'probing resumed'] as const;

type OrderKind = (typeof orderKinds)[number];

/** A separate random generator, so that operators do not change the other draws of a world. */
const SEED_SHIFT = 0x5f37_59df;
const SHARE_OF_WORLDS = 0.5;
const LONGEST_PAUSE_MS = 120_000;
const ASK_AGAIN_MS = 2_000;

/** In some worlds operators set holds, at any pod and time, until `untilMs`, when all pauses end. */
export function scheduleOrders(world: World, untilMs: number): void {
  const random = seededRandom(world.options.seed ^ SEED_SHIFT);
  if (world.options.operators === 'none' || !random.chance(SHARE_OF_WORLDS)) return;
  const kinds = orderKinds.filter((kind) => kind === 'probing paused' || random.chance(0.8));
  const rate = random.between(5_000, 40_000);
  const next = (): void => {
    if (world.time.now > untilMs) return resumeProbing(world, random);
    const pod = somePod(world, random);
    if (pod !== undefined) void order(world, random, { pod, kind: random.pick(kinds) });
    world.time.schedule(random.between(0, 2 * rate), next);
  };
  world.time.schedule(random.between(5_000, 40_000), next);
}

/** Ends a pause of probing, and repeats that until no pod is paused. */
function resumeProbing(world: World, random: SeededRandom): void {
  const pod = somePod(world, random);
  const paused = [...world.pods].some(({ fleet }) => fleet.status().pause !== null);
  if (pod !== undefined && (paused || world.histories.holds.pausedInStore())) {
    void order(world, random, { pod, kind: 'probing resumed' });
    world.time.schedule(ASK_AGAIN_MS, () => resumeProbing(world, random));
  }
}

async function order(
  world: World,
  random: SeededRandom,
  { pod, kind }: { readonly pod: SimPod; readonly kind: OrderKind },
): Promise<void> {
  const target = kind.startsWith('probing') ? undefined : random.pick(pod.deploy.targets);
  const limit = kind === 'undrain' || kind === 'probing resumed' || random.chance(0.5);
  const until = limit ? null : world.storeNow() + Math.floor(random.between(1_000, LONGEST_PAUSE_MS) * 1000);
  const key = target?.holdKey ?? '*';
  if (target === undefined) world.pausedAtMs = world.time.now;
  const done = world.histories.holds.deciding(key, pod.id);
  const kinds = { 'probing paused': 'pause', 'probing resumed': 'none', undrain: 'none' } as const;
  const what = kind === 'drain' || kind === 'hold-up' ? kind : kinds[kind];
  const on = target === undefined ? 'probing' : target.id;
  // Two equal orders would be one hold, so that each has its own reason.
  const reason = `at ${Math.round(world.time.now)}`;
  const outcome = await pod.fleet.decide({ on, kind: what, until, by: pod.id, reason });
  if (outcome.kind === 'stored') world.note(kind);
  world.guard(() => done(outcome.kind === 'stored' ? outcome.hold : undefined));
}

function somePod({ pods }: World, random: SeededRandom): SimPod | undefined {
  const awake = [...pods].filter(({ clock }) => !clock.paused);
  return awake.length === 0 ? undefined : random.pick(awake);
}
