import { act, isOpen } from './actions.ts';
import type { Action } from './actions.ts';
import { Fleet, TARGET } from './adapter/index.ts';
import type { ModelState } from './model-state.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { parseRecord, staleAfterMs } from '../../src/health/index.ts';
import { INTERVAL_MS } from './model-state.ts';

/** The state that each pod shows, in the order of the pods. */
export function shownIn(fleet: Fleet): readonly { state: string; stale: boolean; flags: string }[] {
  return fleet.pods.map((pod) => {
    const { state, stale, ...rest } = pod.belief();
    const { flags = [] } = rest as { flags?: readonly string[] };
    return { state, stale, flags: flags.join(' ') };
  });
}

/** Checks the rules of every reachable state; returns a line for the first broken rule. */
export async function brokenIn(fleet: Fleet): Promise<string | undefined> {
  const { state } = fleet;
  const holders = state.pods.filter(
    ({ held }) => held !== undefined && held.forgotten !== true && held.until > state.now,
  );
  if (holders.length > 1) return `two live leases: ${holders.map(({ id }) => id).join(' and ')}`;
  const late = await changedLate(fleet);
  if (late !== undefined) return late;
  const shown = shownIn(fleet);
  const running = state.pods.map(({ pausedAt, behind }) => pausedAt === undefined && !behind);
  const staleUs = staleAfterMs(10_000, INTERVAL_MS, 5_000) * 1000;
  for (const [i, pod] of state.pods.entries()) {
    const { state: verdict, stale } = shown[i] ?? { state: '', stale: true };
    const deep = pod.path !== 'shallow';
    if (
      running[i] &&
      deep &&
      verdict === 'up' &&
      !stale &&
      state.notes.deepAt !== 0 &&
      state.now - state.notes.deepAt > staleUs
    ) {
      return `${pod.id} shows a fresh up, and no pod probed as deep for ${ageText(state.now - state.notes.deepAt)}`;
    }
    const sick = new Set(state.pods.filter(({ path }) => path === 'cut' || path === 'proxy').map(({ host }) => host));
    const ablePods = state.pods.filter((one) => isOpen(one) && !sick.has(one.host)).length;
    if (running[i] && isOpen(pod) && sick.size === 1 && ablePods > 0 && !state.notes.excused && verdict === 'down') {
      return `${pod.id} reaches the target and shows down, by the failures of one sick host`;
    }
  }
  return undefined;
}

async function changedLate(fleet: Fleet): Promise<string | undefined> {
  const { state } = fleet;
  const lease = state.pods.find(({ held }) => held !== undefined);
  const claims = await fleet.runLate(async (store, notAfter) => {
    const request = {
      target: TARGET,
      reason: 'forced',
      intervalMs: INTERVAL_MS,
      everyMs: INTERVAL_MS,
      version: 0,
    } as const;
    return await store.claim({ pod: 'pod_late', ttlMs: 10_000, notAfter, budget: {}, requests: [request] });
  });
  if (claims) return 'a claim that ran too late changed the store';
  const held = lease?.held;
  if (held === undefined || lease === undefined) return undefined;
  const releases = await fleet.runLate(
    async (store, notAfter) =>
      await store.release({ pod: lease.id, notAfter, leases: [{ target: TARGET, grant: held.grant }] }),
  );
  return releases ? 'a release that ran too late changed the store' : undefined;
}

/** Executes an action, and detects older evidence that changed the record. */
export async function actWatched(
  state: ModelState,
  action: Action,
  bug: PlantedBug,
): Promise<{ state: ModelState; fleet: Fleet; broken?: string }> {
  const before = parseRecord(state.store.record);
  const fleet = new Fleet(state, bug);
  await act(fleet, action);
  const after = parseRecord(fleet.state.store.record);
  if (before.kind !== 'record' || after.kind !== 'record') return { state: fleet.state, fleet };
  const older = after.record.facts.last.at < before.record.facts.last.at;
  const fewer = after.record.grant < before.record.grant;
  return { state: fleet.state, fleet, ...((older || fewer) && { broken: 'an older grant changed the record' }) };
}

/** Checks the promises that apply after enough fair steps; undefined if they are kept or there are none. */
export function settledWell(fleet: Fleet): string | undefined {
  const { state } = fleet;
  const shown = shownIn(fleet);
  const open = state.pods.map((pod, i) => ({ pod, shown: shown[i] })).filter(({ pod }) => isOpen(pod));
  if (open.length === 0) return undefined;
  if (state.truth === 'good') {
    const wrong = open.find((one) => one.shown?.state !== 'up' || one.shown.stale);
    return wrong && `${wrong.pod.id} reaches the target and shows ${textOf(wrong.shown)}`;
  }
  const wrong = state.pods
    .map((pod, i) => ({ pod, shown: shown[i] }))
    .find((one) => one.pod.path !== 'shallow' && one.shown?.state !== 'down');
  return wrong && `all pods that probe deep enough fail, and ${wrong.pod.id} shows ${textOf(wrong.shown)}`;
}

function textOf(shown: { state: string; stale: boolean } | undefined): string {
  return `${shown?.stale === true ? 'stale ' : ''}${shown?.state ?? 'nothing'}`;
}

export function ageText(us: number): string {
  return `${Math.round(us / 1_000_000)} s`;
}
