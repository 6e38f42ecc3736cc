import { counted } from '../../health/index.ts';
import type { PodShot, Snapshot, TargetShot } from './snapshot.ts';

/** Changes between two snapshots, as sentences. */
export function newsBetween(before: Snapshot, after: Snapshot): readonly string[] {
  return [
    ...firstNews(before, after),
    ...after.targets.flatMap((target) =>
      stateNews(
        before.targets.find(({ name }) => name === target.name),
        target,
        after,
      ),
    ),
    ...after.targets.flatMap((target) =>
      holdNews(
        before.targets.find(({ name }) => name === target.name),
        target,
      ),
    ),
    ...pauseNews(before, after),
    ...after.pods.flatMap((pod) =>
      impairedNews(
        before.pods.find(({ name }) => name === pod.name),
        pod,
      ),
    ),
  ];
}

function stateNews(before: TargetShot | undefined, after: TargetShot, { pods }: Snapshot): readonly string[] {
  if (before === undefined || before.state === after.state || after.state === 'unknown') return [];
  if (before.state === 'unknown' && after.state === 'up') return [];
  const agreed = agreement(after, pods);
  if (after.state === 'up') return [`${after.name} is up again${agreed} (probed by ${after.by})`];
  const met = after.fault === 'none' ? '' : `; ${counted(after.metFault, 'request')} met the failure`;
  return [`${after.name} is ${after.state}${agreed}: ${after.why}${met}`];
}

function holdNews(before: TargetShot | undefined, after: TargetShot): readonly string[] {
  if (before === undefined || before.hold === after.hold) return [];
  if (after.hold === null) return [`${after.name} is no longer held: its probes count again, it is ${after.state}`];
  const counts = after.hold === 'drain' ? 'it gets no traffic, probes continue' : 'it counts as up';
  return [`${after.name} is held (${after.hold}): ${counts}`];
}

function pauseNews({ probing: before }: Snapshot, { probing: after }: Snapshot): readonly string[] {
  if (before === after) return [];
  return [
    after === 'paused'
      ? 'Probing is paused: no pod probes'
      : 'Probing resumed: the first probes are spread over an interval',
  ];
}

/** Pods learn of a change within milliseconds, and snapshots are much rarer, so usually all pods agree. */
function agreement({ name, state }: TargetShot, pods: readonly PodShot[]): string {
  const asked = pods.filter(({ self }) => self !== null);
  const agreeing = asked.filter(({ states }) => states[name] === state).length;
  if (asked.length < 2) return '';
  if (agreeing < asked.length) return `, ${agreeing} of ${asked.length} pods agree`;
  return asked.length === 2 ? ', both pods agree' : `, all ${asked.length} pods agree`;
}

/** One sentence once all targets are judged after the start. */
function firstNews(before: Snapshot, { targets, pods, probes }: Snapshot): readonly string[] {
  const isKnown = ({ state }: TargetShot): boolean => state !== 'unknown';
  if (before.targets.every(isKnown) || !targets.every(isKnown)) return [];
  return [
    `All ${targets.length} targets are judged: ${counted(probes.counted, 'probe')} by ${counted(pods.length, 'pod')} that started together`,
  ];
}

function impairedNews(before: PodShot | undefined, after: PodShot): readonly string[] {
  if (!before?.self || !after.self || before.self.impaired === after.self.impaired) return [];
  if (!after.self.impaired) return [`${after.name} is no longer impaired and probes again`];
  return [
    `${after.name} is impaired: its probes fail where other pods' probes succeed; it stops probing, and other pods ignore its results`,
  ];
}
