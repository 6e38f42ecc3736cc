import { parseRecord } from '../../../src/health/index.ts';
import type { Failure, TargetId } from '../../../src/health/index.ts';
import type { FleetReader, TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Delivery time of a write to the pods. */
const ON_ITS_WAY_MS = 200;

/** A pod to check. */
export interface Shown {
  readonly id: string;
  readonly fleet: FleetReader;
}

/** Invariant 4: some time after the last fault every pod shows what the store holds. */
export function checkConverged(
  pods: Iterable<Shown>,
  records: ReadonlyMap<string, string>,
  storeNowMs: number,
  checked: Checked,
): void {
  const versions = new Map(Array.from(records, ([target, text]) => [target, versionOf(text)]));
  for (const { id, fleet } of pods) {
    for (const view of fleet.targets()) {
      const version = versions.get(view.id) ?? 0;
      const settled = version / 1000 < storeNowMs - ON_ITS_WAY_MS;
      if (!settled) continue;
      checked('4: a pod shows what the store holds');
      if (view.version !== version) {
        throw new Violation(`invariant 4: ${id} has version ${view.version} of ${view.id}, the store ${version}`);
      }
    }
  }
}

function versionOf(text: string): number {
  const parsed = parseRecord(text);
  return parsed.kind === 'record' ? parsed.record.version : 0;
}

/** Invariant 10: a target that never failed stays available, whatever one sick pod reports. */
export function checkNeverFailed(
  pod: string,
  view: TargetView,
  meanwhile: 'a proxy answers for it' | 'no proxy',
  checked: Checked,
): void {
  checked(`10: a target that ${meanwhile === 'no proxy' ? 'never failed' : 'a proxy answers for'} is available`);
  if (view.state === 'up' || view.state === 'unknown' || isOnlySlow(view)) return;
  throw new Violation(`invariant 10: ${view.id} never failed, ${pod} says ${view.state}: ${view.why}`);
}

/** A slow probe is not a failure. */
function isOnlySlow({ state, flags }: TargetView): boolean {
  return state === 'degraded' && flags.includes('slow');
}

/** Invariant 6: while one deployment of a group passes, one of the group is routable, in every pod that is not sick. */
export function checkRoutable(pod: string, group: readonly TargetView[], checked: Checked): void {
  checked('6: a group has a routable target');
  if (group.some(({ state }) => state !== 'down' && state !== 'suspect')) return;
  const states = group.map(({ id, state, why }) => `${id} is ${state}: ${why}`).join('; ');
  throw new Violation(`invariant 6: nothing is routable in ${pod}, though a deployment passes: ${states}`);
}

/** A 429 or a rejected probe does not replace earlier evidence: an older failure may still determine the state. */
function isTruth(view: TargetView, failure: Failure | undefined): boolean {
  switch (failure?.class) {
    case undefined:
      return view.state === 'up' || isOnlySlow(view);
    case 'overloaded':
      return view.state !== 'up' && view.state !== 'unknown';
    case 'bad-probe':
      return view.flags.includes('probe-rejected') || view.state === 'down';
    default:
      return view.state === 'down';
  }
}

/** At the end the fleet's states match the upstreams. */
export function checkTruth(
  { id, fleet }: Shown,
  target: TargetId,
  failure: Failure | undefined,
  checked: Checked,
): void {
  const view = fleet.target(target);
  if (view === undefined) return;
  checked('end: states match the upstreams');
  if (isTruth(view, failure)) return;
  const truth = failure === undefined ? 'passes' : `fails by ${failure.class}`;
  throw new Violation(`end: ${target} ${truth}, ${id} shows ${view.state}: ${view.why}`);
}
