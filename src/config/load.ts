import { readBlocks } from './blocks.ts';
import { resolveEnvRefs } from './env-refs.ts';
import { readEnvironment } from './environment.ts';
import { addNote, ENVIRONMENT, nowhere, openFindings, type Findings } from './findings.ts';
import { identityKey } from './identity.ts';
import { reportIgnoredKeys } from './ignored-keys.ts';
import { policyPrintOf, targetsPrintOf } from './prints.ts';
import { readTree, type ReadTree } from './read-tree.ts';
import { chooseRedis } from './redis.ts';
import { readSettings } from './settings.ts';
import { noteUnknownGroups } from './taking-part.ts';
import { noteUnknownModels } from './probe-level.ts';
import { readModels } from './targets.ts';
import { child, isAbsent, valueOf, type Node } from './tree.ts';
import type { AllswellConfig, ConfigNote, Env, LoadedConfig, LoadInput, Problem } from './types.ts';

/**
 * Reads LiteLLM's YAML file and the environment. All problems are found in one go; without any, the configuration is
 * complete and checked. Reads files only through `readFile`, and nothing else of the process.
 *
 * @example
 * loadConfig({ text: 'model_list: []', env: {}, readFile }).kind // 'loaded'
 */
export function loadConfig(input: LoadInput): LoadedConfig {
  const findings = openFindings(input.file ?? (input.text === undefined ? ENVIRONMENT : 'configuration'));
  const text = readText(input, findings);
  const tree: ReadTree = text === undefined ? { root: nothing, placeOf: (place) => place } : readTree(text, findings);
  const config =
    tree.root === undefined ? checkEnvironmentOnly(input.env, findings) : assemble(tree.root, input, findings);
  const problems = findings.problems.map((problem) => inText(problem, tree, findings.file));
  if (config === undefined || problems.length > 0) return { kind: 'refused', problems: problems.toSorted(byPlace) };
  return {
    kind: 'loaded',
    config: frozen(config),
    notes: findings.notes.map((note) => inText(note, tree, findings.file)),
  };
}

const nothing: Node = { kind: 'map', place: nowhere, entries: [] };

function readText({ file, text, readFile }: LoadInput, findings: Findings): string | undefined {
  if (text !== undefined || file === undefined) return text;
  try {
    return readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const message = `the file cannot be read${code}`;
    findings.problems.push({
      code: 'ALLSWELL_ERR_CONFIG_UNREADABLE',
      file,
      ...nowhere,
      path: '',
      message,
      expected: 'a YAML file',
    });
    return undefined;
  }
}

function checkEnvironmentOnly(env: Env, findings: Findings): undefined {
  readEnvironment(env, findings);
}

function assemble(written: Node, input: LoadInput, findings: Findings): AllswellConfig {
  const env = withFileVariables(written, input.env);
  const root = resolveEnvRefs(isAbsent(written) ? nothing : written, env, findings);
  const environment = readEnvironment(env, findings);
  const blocks = readBlocks(root, findings);
  const redis = chooseRedis({
    root,
    litellm: blocks.litellm,
    env: environment.redis,
    readFile: input.readFile,
    findings,
  });
  const settings = readSettings({ root, blocks, environment, redis, findings });
  reportIgnoredKeys(root, blocks.fleet.accept_ignored ?? [], findings);
  const key = identityKey(blocks.fleet.identity_secret, settings.fleet);
  const list = child(root, 'model_list');
  const models = readModels({
    list,
    env,
    environment,
    settings,
    levels: blocks.fleet.level ?? {},
    identityKey: key,
    findings,
  });
  const names = models.deployments.map(({ modelName }) => modelName);
  noteUnknownGroups(root, { modelGroups: settings.modelGroups, names }, findings);
  noteUnknownModels(root, names, findings);
  if (models.deployments.length === 0) addNote(findings, 'warn', noModels);
  return {
    ...settings,
    file: input.file ?? null,
    redis: redis?.target ?? null,
    policyPrint: policyPrintOf(settings.policy, settings.cacheTtlMs),
    targetsPrint: targetsPrintOf(models.targets.map(({ id }) => id)),
    ...models,
  };
}

const noModels = {
  place: nowhere,
  path: ['model_list'],
  is: 'has no models: the pod starts, and has nothing to route to or to probe',
};

/** `environment_variables` of the file count before the process's own, as with LiteLLM. */
function withFileVariables(root: Node, env: Env): Env {
  const block = child(root, 'environment_variables');
  if (block === undefined) return env;
  const values = valueOf(resolveEnvRefs(block, env, openFindings('')));
  if (typeof values !== 'object' || values === null) return env;
  const set = Object.entries(values).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return { ...env, ...Object.fromEntries(set.map(([name, value]) => [name, String(value)])) };
}

function inText<T extends Problem | ConfigNote>(found: T, tree: ReadTree, file: string): T {
  // Missing spaces were found in the text itself; all others in the tree.
  const moved = 'code' in found && found.code === 'ALLSWELL_ERR_CONFIG_MISSING_SPACE';
  return found.file !== file || moved ? found : { ...found, ...tree.placeOf(found) };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
