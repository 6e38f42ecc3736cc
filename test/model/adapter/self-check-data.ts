import { SelfCheck } from '../../../src/fleet/evidence/self-check.ts';
import type { FleetOptions } from '../../../src/fleet/options.ts';
import type { StoreClock } from '../../../src/fleet/store/store-clock.ts';
import type { Facts, Observation, StoreTime } from '../../../src/health/index.ts';
import { STEP_US } from '../model-state.ts';
import type { PodState } from '../model-state.ts';
import { ignore, TARGET } from './settings.ts';

/** Real doubts that hold what the pod's data say; `at` lets a change happen at an earlier time. */
export function doubtsOf(
  { failure, doubt, id }: PodState,
  options: FleetOptions,
  storeClock: StoreClock,
  at: (time: StoreTime, change: () => void) => void,
): SelfCheck {
  const selfCheck = new SelfCheck(options, storeClock, {
    changed: ignore,
    impaired: ignore,
    isPaused: () => false,
    requestProbe: () => 'unavailable',
  });
  if (doubt !== undefined) {
    selfCheck.ownEvidence(TARGET, doubt.mine, 'nothing');
    at(doubt.since, () => selfCheck.fleetEvidence(TARGET, factsAfterSuccess(doubt.mine, id)));
  }
  if (failure !== undefined) selfCheck.ownEvidence(TARGET, failure, 'nothing');
  return selfCheck;
}

/** Reads doubts back. Which failures they remember is private to them: it follows from what they were told. */
export function keepDoubts(
  data: PodState,
  selfCheck: SelfCheck,
  told: { own?: Observation; facts?: Facts; now: StoreTime },
): void {
  const { own, facts, now } = told;
  const doubt = selfCheck.of(TARGET) as { mine: Observation; since: number } | undefined;
  if (doubt === undefined) data.doubt = undefined;
  else if (data.doubt?.mine.at !== doubt.mine.at) {
    data.doubt = { mine: doubt.mine, since: doubt.since, lookAt: now + STEP_US };
  }
  if (own !== undefined && !own.ok) data.failure = own;
  const { failure } = data;
  if (failure === undefined) return;
  const ended =
    own === undefined ? doubt?.mine.at === failure.at || othersDecided(data, facts) : own.ok && own.at > failure.at;
  if (ended) data.failure = undefined;
}

/** Another pod's later evidence settled what this pod's failure means. */
function othersDecided({ id, failure }: PodState, facts: Facts | undefined): boolean {
  if (failure === undefined || facts === undefined) return false;
  if (facts.last.pod === id || facts.last.at <= failure.at) return false;
  return !facts.last.ok || facts.run.kind === 'ok';
}

function factsAfterSuccess(failed: Observation, self: string): Facts {
  const { failure: _, ...rest } = failed;
  const at = failed.at + 1;
  const last: Observation = { ...rest, at, answeredAt: at, ok: true, pod: `${self}_other`, level: 'inference' };
  return { format: 2, run: { kind: 'ok', length: 1, since: at }, lastSuccess: { inference: at }, last };
}
