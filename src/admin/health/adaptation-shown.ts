import type { AdaptationBody } from '../../api/index.ts';
import type { ProbeAdaptation } from '../../health/index.ts';

/** A change of the probe as answers show it; without a new name the parameter is left out. */
export function adaptationOf({ parameter, renamedTo }: ProbeAdaptation): AdaptationBody {
  return { parameter, renamed_to: renamedTo ?? null };
}
