import type { Observation } from '../../src/health/index.ts';
import type { Fleet, PodParts, Reply } from './adapter/index.ts';
import { STEP_US, TICK_US } from './model-state.ts';
import type { ModelState, PodState, Truth, UpstreamPath } from './model-state.ts';

/** An action that is possible in a state. */
export type Action =
  | { readonly kind: 'claim' | 'finish'; readonly pod: number; readonly reply: Reply }
  | { readonly kind: 'offer' | 'pause' | 'resume' | 'hear'; readonly pod: number }
  | { readonly kind: 'self-check'; readonly pod: number }
  | { readonly kind: 'break' | 'heal' | 'lose-data' | 'step' };

/** The faults of a world, besides the turns of pods. */
export interface Accidents {
  readonly pauses: boolean;
  readonly replies: readonly Reply[];
  readonly dataLoss: boolean;
  readonly outages: boolean;
}

/** Ranks wait up to 600 ms, within one step. */
const WITHIN_STEP_US = 1_000_000;
const SELF_CHECK_US = STEP_US;

/** All possible next actions. Time does not pass the end of a probe, because a running pod keeps its deadline. */
export function actionsIn(fleet: Fleet, accidents: Accidents): readonly Action[] {
  const { state } = fleet;
  const actions: Action[] = [];
  state.pods.forEach((pod, index) => {
    if (pod.pausedAt !== undefined) {
      actions.push({ kind: 'resume', pod: index });
      return;
    }
    if (pod.behind) actions.push({ kind: 'hear', pod: index });
    if (pod.job !== undefined) {
      for (const reply of accidents.replies) actions.push({ kind: 'finish', pod: index, reply });
    } else if (isDue(fleet.pod(index), state.now)) {
      for (const reply of accidents.replies) if (reply !== 'hung') actions.push({ kind: 'claim', pod: index, reply });
    }
    if ((pod.own !== undefined && pod.job === undefined) || pod.lostRecord !== undefined) {
      actions.push({ kind: 'offer', pod: index });
    }
    if (pod.openCheck !== undefined && pod.openCheck.nextCheckAt <= state.now) {
      actions.push({ kind: 'self-check', pod: index });
    }
    const canPause = accidents.pauses && state.pods.every(({ pausedAt, behind }) => pausedAt === undefined && !behind);
    if (canPause && pod.job !== undefined) actions.push({ kind: 'pause', pod: index });
  });
  if (accidents.outages) actions.push({ kind: state.truth === 'good' ? 'break' : 'heal' });
  if (accidents.dataLoss && state.store.record !== '') actions.push({ kind: 'lose-data' });
  if (!state.pods.some((pod) => hasToEnd(pod, state.now))) actions.push({ kind: 'step' });
  return actions;
}

/** Executes one action on the state of `fleet`. */
export async function act(fleet: Fleet, action: Action): Promise<void> {
  const { state } = fleet;
  switch (action.kind) {
    case 'claim': {
      const pod = fleet.pod(action.pod);
      const plan = pod.plan();
      state.now += TICK_US;
      if (plan !== undefined && (await pod.claim(plan, action.reply)) === 'granted') state.notes.granted += 1;
      break;
    }
    case 'finish':
      await finish(fleet, fleet.pod(action.pod), action.reply);
      break;
    case 'offer':
      await fleet.pod(action.pod).offer();
      break;
    case 'self-check': {
      const pod = fleet.pod(action.pod);
      pod.selfChecked(pod.data.path === 'cut' ? 'shut' : 'open', SELF_CHECK_US);
      break;
    }
    case 'pause':
      fleet.pod(action.pod).data.pausedAt = state.now;
      return;
    case 'resume':
      Object.assign(fleet.pod(action.pod).data, { pausedAt: undefined, behind: true });
      return;
    case 'hear':
      await fleet.hear(action.pod);
      break;
    case 'break':
    case 'heal':
      setTruth(state, action.kind === 'heal' ? 'good' : 'bad');
      return;
    case 'lose-data':
      fleet.loseData();
      break;
    case 'step':
      await step(fleet);
      return;
  }
  await fleet.hearAll();
}

/** A pod may claim within this step. */
export function isDue(pod: PodParts, now: number): boolean {
  const plan = pod.plan();
  return plan !== undefined && plan.at <= now + WITHIN_STEP_US;
}

function hasToEnd({ job, pausedAt }: PodState, now: number): boolean {
  return job !== undefined && pausedAt === undefined && Math.floor(job.grant / STEP_US) < Math.floor(now / STEP_US);
}

async function finish(fleet: Fleet, pod: PodParts, reply: Reply): Promise<void> {
  const { state } = fleet;
  const { job, path } = pod.data;
  if (job === undefined) return;
  const probe = probeOf(pod.data, job, state.truth);
  if (probe === undefined) await pod.blinded();
  else await pod.commit(probe, reply);
  if (probe?.level === 'inference') state.notes.deepAt = Math.max(state.notes.deepAt, job.grant);
  if (path === 'open' && state.truth === 'good' && reply === 'answered') {
    Object.assign(state.notes, { excused: false, missedSteps: 0 });
  }
}

/** The result of a probe of this pod: the upstream's state or the fault of the pod's path; undefined for no evidence. */
function probeOf(
  { id, host, path }: PodState,
  job: NonNullable<PodState['job']>,
  truth: Truth,
): Observation | undefined {
  if (path === 'blind') return undefined;
  const level = path === 'shallow' ? 'models' : 'inference';
  const fixed = {
    at: job.grant,
    answeredAt: job.grant,
    pod: id,
    host,
    source: 'probe',
    reason: job.reason,
    level,
    latencyMs: 100,
  } as const;
  if (path === 'cut') return { ...fixed, ok: false, failure: { class: 'network', message: 'connection refused' } };
  // The list of models is served while generation fails.
  const fails = path === 'proxy' || (path === 'open' && truth === 'bad');
  return fails
    ? { ...fixed, ok: false, failure: { class: 'server', status: 500, message: 'boom' } }
    : { ...fixed, ok: true };
}

function setTruth(state: ModelState, truth: Truth): void {
  state.truth = truth;
  state.notes.excused = true;
}

/** One edge interval passes; running pods renew the leases of their probes. */
async function step(fleet: Fleet): Promise<void> {
  const { state } = fleet;
  const waits = fleet.pods.some((pod) => isOpen(pod.data) && pod.data.pausedAt === undefined && isDue(pod, state.now));
  const paused = state.pods.some((pod) => isOpen(pod) && (pod.pausedAt !== undefined || pod.behind));
  const missedSteps = state.notes.missedSteps + Number(waits || paused);
  Object.assign(state.notes, {
    missedSteps: Math.min(missedSteps, 2),
    excused: state.notes.excused || missedSteps > 1,
  });
  for (const pod of fleet.pods) {
    // oxlint-disable-next-line no-await-in-loop -- one thread of time
    if (pod.data.pausedAt === undefined && pod.data.job !== undefined) await pod.renew();
  }
  await fleet.hearAll();
  state.now = (Math.floor(state.now / STEP_US) + 1) * STEP_US;
  for (const pod of state.pods) if (pod.restUntil <= state.now) pod.restUntil = 0;
}

/** A pod that reaches the upstream at level inference. */
export function isOpen({ path }: { readonly path: UpstreamPath }): boolean {
  return path === 'open';
}
