import type { Entry } from './deployment.ts';
import type { Environment } from '../source/index.ts';
import { addNote, addProblem } from '../problems/index.ts';
import { environments } from '../schema/index.ts';
import { follow } from '../yaml/index.ts';
import type { Purpose } from '../types.ts';

/**
 * Whether there is no such deployment in this environment, as `supported_environments` says. LiteLLM goes on without it, and
 * so do we; without a valid `LITELLM_ENVIRONMENT` it logs an error and goes on without all that name environments. A bridge
 * that would do so most likely lacks what LiteLLM's pods have, and nobody would probe what it leaves out.
 */
export function isElsewhere(
  { info, infoNode, path: above, findings }: Entry,
  { environment, purpose }: { environment: Environment; purpose: Purpose },
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
  const expected = "the variable as LiteLLM's pods have it: development, staging or production";
  if (purpose === 'bridge') addProblem(findings, { ...at, is, expected });
  else addNote(findings, 'warn', { ...at, is: `${is}: as in LiteLLM, the deployment is left out` });
  return true;
}
