import { parseRecord } from '../../../src/health/index.ts';
import type { Failure } from '../../../src/health/index.ts';
import type { UpstreamPath } from '../sim-upstream.ts';
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

export function eventsLost(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'pushed events lost', 'pod', { low: 100, high: 30_000 }, () => {
    pod.storeFaults.eventsLost = true;
    return () => {
      pod.storeFaults.eventsLost = false;
    };
  });
}

export function storeUnreachable(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'store unreachable from one pod', 'pod', { low: 100, high: 40_000 }, () => {
    pod.storeFaults.storeUnreachable = true;
    return () => {
      pod.storeFaults.storeUnreachable = false;
    };
  });
}

/** A pod out of sockets: its probes tell nothing. */
export function blind(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.path.kind !== 'open') return;
  const path: UpstreamPath = { kind: 'blind' };
  lasting(world, 'blind pod', 'pod', { low: 500, high: 60_000 }, () => {
    pod.path = path;
    return () => {
      if (pod.path === path) pod.path = { kind: 'open' };
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
function sicken(world: World, fault: 'sick pod' | 'sick pod behind a proxy', path: UpstreamPath): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.path.kind !== 'open' || !noPodWasSickRecently(world)) return;
  lasting(world, fault, 'pod', { low: 1_000, high: 120_000 }, () => {
    pod.path = path;
    return () => {
      if (pod.path === path) world.heal(pod);
    };
  });
}

function noPodWasSickRecently(world: World): boolean {
  const { pods, truths, time, lastHealedMs } = world;
  return (
    time.now - lastHealedMs >= SETTLED_MS &&
    [...pods].every(
      ({ path, fleet }) =>
        path.kind !== 'broken' &&
        fleet.targets().every(({ id, facts }) => truths.get(id)?.neverFails !== true || facts?.run.kind !== 'failed'),
    ) &&
    noFailureLeftByPause(world)
  );
}

/** While probing was paused nobody took back what a sick pod had said, also of targets that no pod knows any more. */
function noFailureLeftByPause({ memory, truths, pausedAtMs }: World): boolean {
  if (pausedAtMs === Number.NEGATIVE_INFINITY) return true;
  return [...memory.texts('records')].every(([id, text]) => {
    if (truths.get(id)?.neverFails !== true) return true;
    const parsed = parseRecord(text);
    return parsed.kind !== 'record' || parsed.record.facts.run.kind !== 'failed';
  });
}
