import {
  hasDefault,
  isOfDefaulted,
  isUnaskableAlone,
  noteUnprobed,
  refuseWildcard,
  type SettledEntry,
} from './models/index.ts';
import type { Findings } from './problems/index.ts';
import { checkProfile, type ConfigProfile } from './profile.ts';
import { REPEATED_KEY } from './yaml/index.ts';
import type { Problem } from './types.ts';

/** A pod that serves requests: it starts with every file that LiteLLM starts with, except for security settings. */
export const serve: ConfigProfile = {
  ...checkProfile,
  name: 'serve',
  ignoredKeys: (blocks) => ({ ...checkProfile.ignoredKeys(blocks), misplaced: 'warning' }),
  models: {
    ...checkProfile.models,
    keepsEntryWithout: hasDefault,
    checkRow: (row, levels) => {
      // With a level of its own it is a mistake in fleet_health, which is reported later.
      if (levels.model?.[row.entry.modelName] !== undefined) return;
      if (isUnaskableAlone(row, levels)) refuseWildcard(row, row.entry.findings);
    },
    settle: settleAsLitellm,
  },
  warningFor,
};

/** A default takes the place of a wrong value. Without one the deployment is listed, and neither probed nor called. */
function settleAsLitellm({ found }: SettledEntry, findings: Findings): string | undefined {
  const [wrong, ...more] = found.problems.filter((problem) => !isOfDefaulted(problem));
  for (const problem of [...found.problems.filter(isOfDefaulted), ...more]) warn(problem, findings);
  if (wrong !== undefined) return noteUnprobed({ ...found, problems: [wrong] }, UNCALLED, findings);
  findings.notes.push(...found.notes);
  return undefined;
}

const UNCALLED = 'not probed, and gets no requests';

function warn(problem: Problem, findings: Findings): void {
  const { file, line, column, path } = problem;
  findings.notes.push({ level: 'warn', file, line, column, path, message: ignoredLine(problem) });
}

function ignoredLine({ message, path, expected }: Problem): string {
  const effect = ofRedis.test(path) ? ': the connection is not used' : '';
  return `${message} and is ignored${effect}. Expected: ${expected}`;
}

/** Wrong values of a Redis, without which nothing of its block is used. */
const ofRedis = /^(?:litellm_settings\.cache_params|general_settings\.coordination_redis)\b/;

/**
 * Values in LiteLLM's blocks. Not those that, if they were ignored, would open what they close; no block as a whole, with which LiteLLM does
 * not start either: without `model_list` a pod would answer nothing; and nothing of `fleet_health`.
 */
const startsWithout =
  /^(?:credential_list|model_list\[|router_settings|general_settings\.(?!(?:master_key|drain_endpoint_token)\b)|litellm_settings\.(?!require_auth_for_metrics_endpoint\b))/;

function warningFor(problem: Problem): string | undefined {
  const repeated = lastCounts(problem);
  if (repeated !== undefined) return repeated;
  return problem.code === 'ALLSWELL_ERR_CONFIG_INVALID' && startsWithout.test(problem.path)
    ? ignoredLine(problem)
    : undefined;
}

/** The warning about a key that is there twice. */
export function lastCounts({ message }: Problem): string | undefined {
  return message === REPEATED_KEY ? `${message}: the last one counts, as in LiteLLM` : undefined;
}
