import { SelfCheck } from '../../../src/fleet/evidence/self-check.ts';
import type { FleetOptions } from '../../../src/fleet/options.ts';
import type { StoreClock } from '../../../src/fleet/store/store-clock.ts';
import type { Facts, Observation, StoreTime } from '../../../src/health/index.ts';
import { STEP_US } from '../model-state.ts';
import type { PodState } from '../model-state.ts';
import { ignore, TARGET } from './settings.ts';

/** A real self-check built from the pod's data; `at` makes a change at an earlier time. */
export function selfCheckOf(
  { failure, openCheck, id }: PodState,
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
  if (openCheck !== undefined) {
    selfCheck.ownEvidence(TARGET, openCheck.mine, 'nothing');
    at(openCheck.since, () => selfCheck.fleetEvidence(TARGET, factsAfterSuccess(openCheck.mine, id)));
  }
  if (failure !== undefined) selfCheck.ownEvidence(TARGET, failure, 'nothing');
  return selfCheck;
}

/** Reads a self-check back into data. Its stored failures are private, and are derived from its inputs. */
export function saveSelfCheck(
  data: PodState,
  selfCheck: SelfCheck,
  told: { own?: Observation; facts?: Facts; now: StoreTime },
): void {
  const { own, facts, now } = told;
  const openCheck = selfCheck.of(TARGET) as { mine: Observation; since: number } | undefined;
  if (openCheck === undefined) data.openCheck = undefined;
  else if (data.openCheck?.mine.at !== openCheck.mine.at) {
    data.openCheck = { mine: openCheck.mine, since: openCheck.since, nextCheckAt: now + STEP_US };
  }
  if (own !== undefined && !own.ok) data.failure = own;
  const { failure } = data;
  if (failure === undefined) return;
  const ended =
    own === undefined
      ? openCheck?.mine.at === failure.at || decidedByOthers(data, facts)
      : own.ok && own.at > failure.at;
  if (ended) data.failure = undefined;
}

/** Another pod's later evidence confirmed or refuted this pod's failure. */
function decidedByOthers({ id, failure }: PodState, facts: Facts | undefined): boolean {
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
