import { calm } from '../faults/index.ts';
import { deaf, cutOff } from '../faults/ways.ts';
import { pause } from '../faults/pods.ts';
import { garbageFlood, lossOfLastWrites, lostReplies, storeDown, storeHang, writesRefused } from '../faults/store.ts';
import { watchAttention } from '../watch-attention.ts';
import { plantText, scheduleGarbage } from './garbage.ts';
import { wayOf } from './lasting-world.ts';
import type { LastingWorld } from './lasting-world.ts';
import type { LastingWay, Place } from './plan.ts';
import { checkCalmRates, watchLiveness } from './watch-liveness.ts';

/** Faults that pass, beside those that stay. */
const passing = [storeHang, storeDown, writesRefused, lossOfLastWrites, lostReplies, garbageFlood, pause, deaf, cutOff];
const START_WITHIN_MS = 3_000;

/** Plays a world whose faults stay to the end; throws a `Violation` if an invariant broke. */
export async function playLasting(lasting: LastingWorld): Promise<void> {
  const { plan, world } = lasting;
  const { time, random } = world;
  if (plan.slowPagesMs !== undefined) world.weather.slowPagesMs = plan.slowPagesMs;
  if (plan.storeLostFromMs === 0) world.weather.down = true;
  for (const place of plan.places) {
    time.schedule(random.between(0, START_WITHIN_MS), () => void lasting.start(place));
    if (place.restart !== undefined) time.schedule(place.restart.everyMs, () => replace(lasting, place));
    if (place.wrongFromMs > 0) time.schedule(place.wrongFromMs, () => goWrong(lasting, place));
    if (place.wrongToMs !== undefined) time.schedule(place.wrongToMs, () => mend(lasting, place));
  }
  for (const target of plan.targets) scheduleTruth(lasting, target.id);
  for (const { atMs, byMs } of plan.clockSteps) time.schedule(atMs, () => step(lasting, byMs));
  if (plan.storeLostFromMs !== undefined) time.schedule(plan.storeLostFromMs, () => loseStore(lasting));
  scheduleGarbage(lasting);
  for (const { atMs, key, target, text } of plan.planted ?? []) {
    time.schedule(atMs, () => plantText(lasting, { key, field: target, text }));
  }
  if (plan.dataLostAtMs !== undefined) time.schedule(plan.dataLostAtMs, () => loseData(lasting));
  schedulePassing(lasting);
  noteKinds(lasting);
  // Without a store a target waits for the slots of pods that may be gone, and for pods that do not know how many share.
  if (plan.storeLostFromMs === undefined) watchAttention(world, plan.runMs);
  watchLiveness(lasting);
  await world.run(plan.runMs);
  if (plan.storeLostFromMs === undefined) checkCalmRates(lasting);
}

function scheduleTruth({ plan, planned, world }: LastingWorld, id: string): void {
  const truth = world.truths.get(id);
  const { failure, fromMs = 0, toMs = Infinity } = planned.get(id) ?? {};
  if (truth === undefined || failure === undefined) return;
  world.time.schedule(fromMs, () => {
    truth.failure = failure;
  });
  if (toMs < plan.runMs) {
    world.time.schedule(toMs, () => {
      truth.failure = undefined;
    });
  }
}

function goWrong({ plan, inPlace }: LastingWorld, place: Place): void {
  const pod = inPlace.get(place);
  if (pod !== undefined) pod.way = wayOf(plan, place.way);
}

function mend({ inPlace }: LastingWorld, place: Place): void {
  const pod = inPlace.get(place);
  if (pod !== undefined) pod.way = { kind: 'open' };
}

/** The process of a place ends, and another one takes its place. */
function replace(lasting: LastingWorld, place: Place): void {
  const { world, inPlace, plan } = lasting;
  const { restart } = place;
  const pod = inPlace.get(place);
  if (restart === undefined || pod === undefined || world.time.now > plan.runMs) return;
  const isWrong = pod.way.kind !== 'open';
  const how =
    restart.by === 'crash' ? 'lasting: sick process crashes and starts again' : 'lasting: sick process is rolled';
  world.note(isWrong ? how : 'lasting: healthy process is replaced');
  if (restart.by === 'crash') {
    world.troubles.happened('members');
    pod.clock.kill();
    end(lasting, place);
    world.time.schedule(world.random.between(0, 5_000), () => void lasting.start(place));
  } else {
    world.troubles.happened('members');
    end(lasting, place);
    lasting.start(place);
    void pod.fleet.stop();
  }
  world.time.schedule(restart.everyMs, () => replace(lasting, place));
}

function end({ world, inPlace }: LastingWorld, place: Place): void {
  const pod = inPlace.get(place);
  if (pod === undefined) return;
  world.pods.delete(pod);
  world.books.holds.gone(pod.id);
}

function step({ world, liveness, rate }: LastingWorld, byMs: number): void {
  world.note(byMs > 0 ? 'lasting: hours of clock ahead' : 'lasting: hours of clock back');
  world.troubles.happened('store');
  world.stepStoreClock(byMs);
  liveness.disturbed();
  rate.disturbed();
}

function loseStore({ world, money, plan }: LastingWorld): void {
  world.weather.down = true;
  world.memory.dropSubscribers('connection closed');
  world.troubles.begin('store');
  money.begins(plan.places.length);
}

function loseData({ world, liveness, rate }: LastingWorld): void {
  world.note('loss of all data');
  world.troubles.happened('store');
  world.books.broke();
  world.memory.flush();
  liveness.disturbed();
  rate.disturbed();
}

/** Until the storm ends; then everything that can be mended is mended, and the lasting faults stay. */
function schedulePassing(lasting: LastingWorld): void {
  const { world, plan } = lasting;
  const { time, random } = world;
  if (plan.stormEndsMs === 0) return;
  const kinds = passing.filter(() => random.chance(0.5));
  const next = (): void => {
    if (time.now > plan.stormEndsMs - 60_000 || kinds.length === 0) return;
    random.pick(kinds)(world);
    time.schedule(random.between(0, 40_000), next);
  };
  time.schedule(random.between(2_000, 20_000), next);
  time.schedule(plan.stormEndsMs, () => {
    const ways = [...world.pods].map((pod) => [pod, pod.way] as const);
    for (const pod of world.pods) pod.way = { kind: 'open' };
    calm(world);
    for (const [pod, way] of ways) pod.way = way;
  });
}

function noteKinds({ plan, world }: LastingWorld): void {
  const { places, targets } = plan;
  const sick = places.filter(({ way }) => way?.kind === 'sick');
  const kinds: readonly (readonly [string, boolean])[] = [
    ['lasting: sick place', sick.length > 0],
    ['lasting: two sick places', sick.length > 1],
    ['lasting: place cut off from some hosts', places.some(({ way }) => way?.kind === 'partial')],
    ['lasting: place whose connections are accepted, then reset', places.some(({ way }) => acceptsAndResets(way))],
    ['lasting: way of a place is mended', places.some(({ wrongToMs }) => wrongToMs !== undefined)],
    ['lasting: blind place', places.some(({ way }) => way?.kind === 'blind')],
    ['lasting: place without background checks', places.some(({ background }) => !background)],
    ['lasting: place that probes at level models only', places.some(({ level }) => level === 'models')],
    ['lasting: target fails to the end', targets.some(({ failure, toMs }) => failure && toMs === undefined)],
    ['lasting: only generation fails', targets.some(({ failure, generationOnly }) => failure && generationOnly)],
    ['lasting: outage ends', targets.some(({ failure, toMs }) => failure && toMs !== undefined)],
    ['lasting: more than 200 targets', targets.length > 200],
    ['lasting: more than 20 pods', places.length > 20],
    ['lasting: store never seen', plan.storeLostFromMs === 0],
    ['lasting: store lost for good', plan.storeLostFromMs !== undefined && plan.storeLostFromMs > 0],
  ];
  for (const [kind, is] of kinds) if (is) world.note(kind);
}

function acceptsAndResets(way: LastingWay | undefined): boolean {
  return way !== undefined && way.kind !== 'blind' && way.failure.class === 'network' && way.connects === 'yes';
}
