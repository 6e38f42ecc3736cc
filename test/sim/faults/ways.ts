import { parseRecord } from '../../../src/health/index.ts';
import type { Failure } from '../../../src/health/index.ts';
import type { Way } from '../sim-upstream.ts';
import type { World } from '../world.ts';
import { anyPod, lasting } from './fault.ts';

const refused: Failure = { class: 'network', message: 'connection refused' };
/** What a broken proxy in a pod's way answers in the name of every upstream. */
const proxied: readonly Failure[] = [
  { class: 'auth', status: 401, message: 'the proxy wants a login' },
  { class: 'auth', status: 403, message: 'the proxy allows nothing' },
  { class: 'not-found', status: 404, message: 'the proxy knows no such host' },
];
/** Evidence of a pod that was sick is settled by then, also where a failover brought it back. */
const SETTLED_MS = 15_000;

export function deaf(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'deaf follower', 'pod', { low: 100, high: 30_000 }, () => {
    pod.weather.deaf = true;
    return () => {
      pod.weather.deaf = false;
    };
  });
}

export function cutOff(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'cut off', 'pod', { low: 100, high: 40_000 }, () => {
    pod.weather.cutOff = true;
    return () => {
      pod.weather.cutOff = false;
    };
  });
}

/** A pod out of sockets: its probes tell nothing. */
export function blind(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.way.kind !== 'open') return;
  const way: Way = { kind: 'blind' };
  lasting(world, 'blind pod', 'pod', { low: 500, high: 60_000 }, () => {
    pod.way = way;
    return () => {
      if (pod.way === way) pod.way = { kind: 'open' };
    };
  });
}

/** One pod loses its way to all upstreams. */
export function sick(world: World): void {
  sicken(world, 'sick pod', { kind: 'broken', failure: refused, connects: 'no' });
}

/** One pod gets answers, and none of them from an upstream. */
export function sickBehindProxy(world: World): void {
  const { random } = world;
  const connects = random.chance(0.5) ? 'yes' : 'no';
  sicken(world, 'sick pod behind a proxy', { kind: 'broken', failure: random.pick(proxied), connects });
}

/** At most one pod at a time, and not while anything is left of the last: two are two witnesses, and rightly so. */
function sicken(world: World, fault: 'sick pod' | 'sick pod behind a proxy', way: Way): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.way.kind !== 'open' || !nobodyWasSickLately(world)) return;
  lasting(world, fault, 'pod', { low: 1_000, high: 120_000 }, () => {
    pod.way = way;
    return () => {
      if (pod.way === way) world.heal(pod);
    };
  });
}

function nobodyWasSickLately(world: World): boolean {
  const { pods, truths, time, lastHealedMs } = world;
  return (
    time.now - lastHealedMs >= SETTLED_MS &&
    [...pods].every(
      ({ way, fleet }) =>
        way.kind !== 'broken' &&
        fleet.targets().every(({ id, facts }) => truths.get(id)?.alwaysWell !== true || facts?.run.kind !== 'failed'),
    ) &&
    nothingWasLeftByPause(world)
  );
}

/** While probing was paused nobody took back what a sick pod had said, also of targets that no pod knows any more. */
function nothingWasLeftByPause({ memory, truths, pausedAtMs }: World): boolean {
  if (pausedAtMs === Number.NEGATIVE_INFINITY) return true;
  return [...memory.texts('records')].every(([id, text]) => {
    if (truths.get(id)?.alwaysWell !== true) return true;
    const parsed = parseRecord(text);
    return parsed.kind !== 'record' || parsed.record.facts.run.kind !== 'failed';
  });
}
