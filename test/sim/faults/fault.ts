import type { SimPod } from '../sim-pod.ts';
import type { FaultArea } from '../fault-times.ts';
import type { World } from '../world.ts';

/** All kinds of faults; a run of many seeds must contain each of them. */
export const faultKinds = [
  'single pod',
  'no background checks',
  'crash',
  'restart',
  'stop',
  'pause',
  'lost reply',
  'late script',
  'store hang',
  'store down',
  'writes refused: out-of-memory',
  'writes refused: read-only',
  'loss of last writes',
  'loss of all data',
  'clock step',
  'long clock step ahead',
  'long clock step back',
  'garbage flood',
  'pushed events lost',
  'store unreachable from one pod',
  'blind pod',
  'sick pod',
  'sick pod behind a proxy',
  'sick pod healed',
  'rolling deploy',
  'check on demand',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Makes one fault occur. */
export type Fault = (world: World, podCount: number) => void;

/** Runs a fault for some time; `begin` returns the function that ends it. */
export function lasting(
  world: World,
  fault: FaultKind,
  kind: FaultArea,
  { low, high }: { low: number; high: number },
  begin: () => () => void,
): void {
  world.note(fault);
  const over = world.faultTimes.begin(kind);
  const end = begin();
  world.time.schedule(world.random.between(low, high), () => {
    end();
    over();
  });
}

/** Records a fault without duration. */
export function happened(world: World, fault: FaultKind, kind: FaultArea): void {
  world.note(fault);
  world.faultTimes.happened(kind);
}

export function anyPod(world: World): SimPod | undefined {
  return world.pods.size === 0 ? undefined : world.random.pick([...world.pods]);
}
