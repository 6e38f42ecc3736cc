import type { Entry } from './deployment.ts';
import type { Environment } from '../source/index.ts';
import { addNote, addProblem } from '../problems/index.ts';
import { environments } from '../schema/index.ts';
import { follow } from '../yaml/index.ts';
import type { Purpose } from '../types.ts';

/**
 * True if `supported_environments` excludes the deployment from this environment. LiteLLM leaves it out, and so does
 * allswell. Without a valid `LITELLM_ENVIRONMENT` LiteLLM logs an error and leaves out every deployment that names
 * environments. A bridge is then refused: it probably lacks the variable of LiteLLM's pods, and nothing would probe these.
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
  const is = `needs the variable LITELLM_ENVIRONMENT, which is ${here === undefined ? 'not set' : 'invalid'}`;
  const expected = "the value in LiteLLM's pods: development, staging or production";
  if (purpose === 'bridge') addProblem(findings, { ...at, is, expected });
  else addNote(findings, 'warn', { ...at, is: `${is}: as in LiteLLM, the deployment is left out` });
  return true;
}
