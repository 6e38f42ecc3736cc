import { parseRecord } from '../../../src/health/index.ts';
import type { Failure } from '../../../src/health/index.ts';
import type { UpstreamPath } from '../sim-upstream.ts';
import type { World } from '../world.ts';
import { anyPod, lasting } from './fault.ts';

const refused: Failure = { class: 'network', message: 'connection refused' };
/** Answers of a broken proxy between a pod and all upstreams. */
const proxied: readonly Failure[] = [
  { class: 'auth', status: 401, message: 'the proxy requires authentication' },
  { class: 'auth', status: 403, message: 'the proxy denies all requests' },
  { class: 'not-found', status: 404, message: 'the proxy cannot resolve the host' },
];
/** After this time the evidence of a sick pod is resolved, even if a failover restored it. */
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

/** A pod without free sockets: its probes yield no evidence. */
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

/** One pod can reach no upstream. */
export function sick(world: World): void {
  sicken(world, 'sick pod', { kind: 'broken', failure: refused, connects: 'no' });
}

/** A proxy answers all probes of one pod. */
export function sickBehindProxy(world: World): void {
  const { random } = world;
  const connects = random.chance(0.5) ? 'yes' : 'no';
  sicken(world, 'sick pod behind a proxy', { kind: 'broken', failure: random.pick(proxied), connects });
}

/** At most one pod at a time, and not while evidence of the last one remains: two sick pods are two valid witnesses. */
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

/** During a pause no probe corrects the evidence of a sick pod, even for targets that no pod has any more. */
function noFailureLeftByPause({ memory, truths, pausedAtMs }: World): boolean {
  if (pausedAtMs === Number.NEGATIVE_INFINITY) return true;
  return [...memory.texts('records')].every(([id, text]) => {
    if (truths.get(id)?.neverFails !== true) return true;
    const parsed = parseRecord(text);
    return parsed.kind !== 'record' || parsed.record.facts.run.kind !== 'failed';
  });
}
