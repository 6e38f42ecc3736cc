import { addNote, type Findings } from '../problems/index.ts';
import { child, type Entry, type Node } from '../yaml/index.ts';
import type { Env } from '../types.ts';

/**
 * The environment once `environment_variables` of the file are set, as LiteLLM sets them: over the process's own, and after
 * every `os.environ/NAME` of the file was resolved. `root` is the file with these resolved.
 *
 * With OPENAI_API_KEY `sk-process` in the environment and `sk-file` in the file, `api_key: os.environ/OPENAI_API_KEY` is
 * `sk-process`, and a deployment without `api_key` is called with `sk-file`.
 */
export function withFileVariables(root: Node, env: Env, findings: Findings): Env {
  const block = child(root, 'environment_variables');
  if (block?.kind !== 'map') return env;
  const late = block.entries.filter(({ key }) => readAtStart.has(key));
  for (const { key, keyLocation } of late) {
    const is =
      'has no effect: as in LiteLLM, this variable is read before the file. Set it in the environment of the process';
    addNote(findings, 'warn', { location: keyLocation, path: ['environment_variables', key], is });
  }
  return { ...env, ...Object.fromEntries(block.entries.filter((entry) => !late.includes(entry)).map(variableOf)) };
}

/** Variables that LiteLLM reads into constants when its modules are loaded. */
const readAtStart: ReadonlySet<string> = new Set([
  'DEFAULT_SHARED_HEALTH_CHECK_TTL',
  'DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL',
  'DEFAULT_HEALTH_CHECK_INTERVAL',
  'HEALTH_CHECK_TIMEOUT_SECONDS',
  'DEFAULT_HEALTH_CHECK_PROMPT',
  'BACKGROUND_HEALTH_CHECK_MAX_TOKENS',
  'BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING',
  'REQUEST_TIMEOUT',
  'LITELLM_DROP_PARAMS',
]);

// For an empty value LiteLLM sets the text `None`: in both, the value of the process is then gone.
function variableOf({ key, value }: Entry): readonly [string, string | undefined] {
  if (value.kind !== 'scalar' || value.value === null) return [key, undefined];
  return [key, value.written ?? String(value.value)];
}
