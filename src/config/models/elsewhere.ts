import type { Entry } from './entry.ts';
import type { Environment } from '../source/index.ts';
import { addNote, type Findings } from '../problems/index.ts';
import { environments } from '../schema/index.ts';
import { follow, type Path, type Place } from '../yaml/index.ts';

export interface EnvironmentRules {
  /** Reports a deployment that names environments while `LITELLM_ENVIRONMENT` is none. */
  reportUnknownEnvironment(
    at: { readonly place: Place; readonly path: Path; readonly is: string },
    findings: Findings,
  ): void;
}

/**
 * Whether there is no such deployment in this environment, as `supported_environments` says. LiteLLM goes on without it, and
 * so do we; without a valid `LITELLM_ENVIRONMENT` it logs an error and goes on without all that name environments.
 */
export function isElsewhere(
  { info, infoNode, path: above, findings }: Entry,
  { environment, rules }: { environment: Environment; rules: EnvironmentRules },
): boolean {
  const supported = info.supported_environments;
  const here = environment.litellmEnvironment;
  if (supported === undefined || infoNode === undefined) return false;
  if (here !== undefined && supported.includes(here)) return false;
  const { place } = follow(infoNode, ['supported_environments']);
  const at = { place, path: [...above, 'model_info', 'supported_environments'] };
  if (here !== undefined && environments.some((one) => one === here)) {
    addNote(findings, 'info', { ...at, is: `leaves the deployment out: LITELLM_ENVIRONMENT is ${here}` });
    return true;
  }
  const is = `needs the variable LITELLM_ENVIRONMENT, which is ${here === undefined ? 'not set' : 'no environment'}`;
  rules.reportUnknownEnvironment({ ...at, is }, findings);
  return true;
}
