import { batch, computed, signal } from '@preact/signals';
import type { FleetBody, FleetTargetBody, SnapshotEvent, TargetBody } from '../../src/api/index.ts';
import { FleetClientError, followFleet } from '../../src/client/follow/index.ts';
import type { FleetFollower } from '../../src/client/follow/index.ts';
import { groupsOf } from '../model/groups.ts';
import { headlineOf } from '../model/headline.ts';
import { namesOf } from '../model/pod-names.ts';
import { sameTarget } from '../model/same-target.ts';
import { setServerTime } from './clock.ts';
import { addConnectionEvent, addEvent, clearEvents } from './events.ts';
import { podUrl } from './pod-requests.ts';

/** The newest answer of `GET /fleet`, with the changes that came since; null before the first. */
export const fleet = signal<FleetBody | null>(null);
/** When the connection was lost, by this machine's clock; null while there is one. */
export const lostAt = signal<number | null>(null);
/** Names of the pods by their ids. Changes only if a name does: rows that show one are not drawn again otherwise. */
const podNames = signal<ReadonlyMap<string, string>>(new Map());
/** Groups of targets, the worst first. */
export const groups = computed(() => groupsOf(fleet.value?.targets ?? []));
export const headline = computed(() => headlineOf(groups.value));

/** Small fleets are read more often: leases and pods change without an event. */
const REFRESH_MS = 5_000;
const LARGE_REFRESH_MS = 30_000;
const LARGE = 200;
const SOON_MS = 500;
/** Changes that come at once are shown at once. */
const COLLECT_MS = 50;

let follower: FleetFollower | undefined;
/** Takes the reason why a request failed; only a refused key is of interest. */
let onRefusal: (error: unknown) => void = () => {};
let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let collectTimer: ReturnType<typeof setTimeout> | undefined;
const changed = new Map<string, TargetBody>();

/** Connects with a key, or without. Resolves once the fleet is known. `refused`: the pod does not accept the key any more. */
export async function follow(key: string | undefined, refused: (error: unknown) => void): Promise<void> {
  forget();
  const own: FleetFollower = followFleet({
    url: podUrl,
    ...(key !== undefined && { key }),
    onFleet: (body) => own === follower && replace(body),
    onTargets: ({ targets, now }) => own === follower && replaceTargets(targets, now),
    onTarget: (body) => own === follower && collect(body),
    onEvent: (event, body) => own === follower && took(event, body),
    onConnection: (connected) => own === follower && connectionIs(connected),
    onFailure: (error) => {
      if (own !== follower) return;
      if (fleet.peek() !== null) connectionIs(false);
      onRefusal(error);
    },
  });
  follower = own;
  onRefusal = (error) => {
    if (error instanceof FleetClientError && error.code !== 'wrong-url') refused(error);
  };
  scheduleRefresh();
  await own.ready;
}

/** Ends the connection and drops what was read. */
export function forget(): void {
  follower?.close();
  follower = undefined;
  clearTimeout(refreshTimer);
  clearTimeout(collectTimer);
  collectTimer = undefined;
  changed.clear();
  batch(() => {
    fleet.value = null;
    lostAt.value = null;
    clearEvents();
  });
}

/** Reads the fleet now, such as after an action; a failure shows in the connection. */
export async function refresh(): Promise<void> {
  await follower?.refresh().catch((error: unknown) => onRefusal(error));
}

/** Name of a pod for people: its own, else its id. */
export function podName(id: string): string {
  return podNames.value.get(id) ?? id;
}

function scheduleRefresh(ms: number = isLarge() ? LARGE_REFRESH_MS : REFRESH_MS): void {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => {
    const run = lostAt.peek() === null && document.visibilityState === 'visible' ? refresh() : Promise.resolve();
    void run.then(() => scheduleRefresh());
  }, ms);
}

function isLarge(): boolean {
  return (fleet.peek()?.targets.length ?? 0) > LARGE;
}

function replace(body: FleetBody): void {
  batch(() => {
    setServerTime(body.now);
    fleet.value = { ...body, targets: keepSame(body.targets) };
    const names = namesOf(body.pods);
    // Pods that have left keep their names: evidence still speaks of them.
    if (names.some(([pod, name]) => podNames.peek().get(pod) !== name)) {
      podNames.value = new Map([...podNames.peek(), ...names]);
    }
  });
}

function replaceTargets(targets: SnapshotEvent['targets'], now: string): void {
  const known = fleet.peek();
  if (known === null) return;
  const records = new Map(known.targets.map(({ target, record }) => [target, record]));
  const whole = targets.map((target) => ({ ...target, record: records.get(target.target) ?? null }));
  batch(() => {
    setServerTime(now);
    fleet.value = { ...known, targets: keepSame(whole) };
  });
}

/** A target that did not change stays the same object, so that its row is not drawn again. */
function keepSame(targets: readonly FleetTargetBody[]): readonly FleetTargetBody[] {
  const before = new Map(fleet.peek()?.targets.map((target) => [target.target, target]));
  return targets.map((target) => {
    const known = before.get(target.target);
    return known !== undefined && sameTarget(known, target) ? known : target;
  });
}

function collect(body: TargetBody): void {
  changed.set(body.target, body);
  collectTimer ??= setTimeout(() => {
    collectTimer = undefined;
    const known = fleet.peek();
    const bodies = new Map(changed);
    changed.clear();
    if (known === null) return;
    const targets = known.targets.map((target) => {
      const next = bodies.get(target.target);
      return next === undefined ? target : { ...target, ...next };
    });
    fleet.value = { ...known, targets };
    // Events do not carry the record, which names the pod that probed.
    if (!isLarge()) scheduleRefresh(SOON_MS);
  }, COLLECT_MS);
}

function took(event: string, body: unknown): void {
  addEvent(event, body);
  // What the event does not carry: the store's problem, the pause, the restriction.
  if (event === 'mode-changed' || event === 'probing-changed' || event === 'cooldowns-changed') void refresh();
}

/** Both a failed attempt and the end of the stream say that the connection is lost: the first one counts. */
function connectionIs(connected: boolean): void {
  const wasLost = lostAt.peek() !== null;
  if (connected === !wasLost) return;
  addConnectionEvent(connected ? 'connected again' : 'connection lost');
  lostAt.value = connected ? null : Date.now();
}
