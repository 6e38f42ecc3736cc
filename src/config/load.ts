import { chooseProfile } from './bridge/index.ts';
import { identityKey } from '../providers/index.ts';
import {
  chooseRedis,
  noteUnknownStatusGroups,
  readBlocks,
  readLitellmRouting,
  readObjectives,
  readSettings,
} from './settings/index.ts';
import {
  addIncluded,
  hasSecretManager,
  readEnvironment,
  readText,
  readTree,
  resolveEnvRefs,
  withFileVariables,
} from './source/index.ts';
import { noteUnknownGroups, noteUnknownModels, readCredentials, readModels } from './models/index.ts';
import { addNote, addProblem, ENVIRONMENT, type Findings, nowhere, openFindings, summedUp } from './problems/index.ts';
import { reportIgnoredKeys } from './schema/index.ts';
import { policyHashOf, targetsHashOf } from '../fleet/index.ts';
import type { HashedTarget } from '../fleet/index.ts';
import { migrationReport } from './migration-report.ts';
import type { ConfigProfile } from './profile.ts';
import { child, isAbsent, type Node } from './yaml/index.ts';
import type { AllswellConfig, Env, LoadedConfig, LoadInput, Problem } from './types.ts';

/**
 * Reads LiteLLM's YAML file and the environment. All problems are found in one go; without any, the configuration is
 * complete and checked. Reads files only through `readFile`, and nothing else of the process.
 *
 * @example
 * loadConfig({ text: 'model_list: []', env: {}, readFile }).kind // 'loaded'
 */
export function loadConfig(input: LoadInput): LoadedConfig {
  const file = input.file ?? (input.text === undefined ? ENVIRONMENT : 'configuration');
  const findings = openFindings(file);
  const text = mainText(input, findings);
  const written = text === undefined ? nothing : readTree(text, findings);
  const included =
    written === undefined ? undefined : addIncluded(written, { file, readFile: input.readFile, findings });
  const config =
    included === undefined ? checkEnvironmentOnly(input.env, findings) : assemble(included.root, input, findings);
  const files = input.file === undefined ? [] : [input.file, ...(included?.files ?? [])];
  const notes = summedUp(findings.notes);
  if (config === undefined || findings.problems.length > 0) {
    return { kind: 'refused', problems: inOrder(findings.problems, [file, ...files]), notes, files };
  }
  const migration = migrationReport(included?.root ?? nothing, config);
  return { kind: 'loaded', config: frozen(config), notes, files, migration };
}

const nothing: Node = { kind: 'map', location: nowhere, entries: [] };

function mainText({ file, text, readFile }: LoadInput, findings: Findings): string | undefined {
  if (text !== undefined || file === undefined) return text;
  const found = readText(file, readFile);
  // A file that is still being written looks empty, and an intentionally empty file is unlikely.
  if (found.kind === 'read' && found.text.trim() !== '') return found.text;
  const is = found.kind === 'read' ? 'the file is empty' : `the file cannot be read${found.why}`;
  addProblem(findings, {
    code: 'ALLSWELL_ERR_CONFIG_UNREADABLE',
    location: nowhere,
    path: [],
    is,
    expected: 'a YAML file',
  });
  return undefined;
}

function checkEnvironmentOnly(env: Env, findings: Findings): undefined {
  readEnvironment(env, findings);
}

function assemble(written: Node, input: LoadInput, findings: Findings): AllswellConfig {
  const root = resolveEnvRefs(isAbsent(written) ? nothing : written, input.env, findings);
  const env = withFileVariables(root, input.env, findings);
  const environment = readEnvironment(env, findings);
  const blocks = readBlocks(root, findings);
  const redisInput = {
    root,
    litellm: blocks.litellm,
    passwordFile: blocks.fleet.redis_password_file,
    env: environment.redis,
    readFile: input.readFile,
    findings,
  };
  const redis = chooseRedis(redisInput);
  const profile = chooseProfile(input.profile, blocks);
  const rules = profile.settings;
  const settings = readSettings({ root, fleet: input.fleet, rules, blocks, environment, redis, findings });
  reportIgnoredKeys(root, profile.ignoredKeys(blocks), findings);
  const { dropParams, ...traffic } = rules.trafficFor({ root, env, gateway: blocks.fleet.gateway, findings });
  const key = identityKey(blocks.fleet.identity_secret, settings.fleet);
  const list = child(root, 'model_list');
  const models = readModels({
    list,
    credentials: readCredentials(root, findings),
    env,
    readFile: input.readFile,
    hasSecretManager: hasSecretManager(root),
    environment,
    rules: profile.models,
    settings,
    dropParams,
    levels: blocks.fleet.level ?? {},
    identityKey: key,
    findings,
  });
  const names = models.deployments.map(({ modelName }) => modelName);
  noteUnknownGroups(root, { modelGroups: settings.modelGroups, names }, findings);
  noteUnknownModels(root, names, findings);
  const shown = [
    ...names,
    ...models.unprobed.map(({ modelName }) => modelName),
    ...Object.keys(traffic.routing.aliases),
  ];
  noteUnknownStatusGroups(root, { page: blocks.fleet.status_page, names: shown }, findings);
  const groups = [...names, ...models.unprobed.map(({ modelName }) => modelName)];
  const { slo } = blocks.fleet;
  const objectives = readObjectives({ root, slo, groups, keptMs: settings.history.keptMs }, findings);
  profile.noteSettings(root, { env, findings });
  if (models.deployments.length + models.unprobed.length === 0) addNote(findings, 'warn', noModels);
  ignoreTolerated(findings, profile);
  return {
    ...settings,
    objectives,
    file: input.file ?? null,
    redis: redis?.target ?? null,
    cacheNamespace: redis?.namespace?.name ?? null,
    routerRedis: rules.routerRedis(redisInput),
    litellmRouting: readLitellmRouting(root),
    ...traffic,
    policyHash: policyHashOf(settings.policy, settings.cacheTtlMs),
    targetsHash: targetsHashOf(listedTargets(models.targets, settings.activation.mode)),
    ...models,
  };
}

/** Pods that only check on demand cannot be witnesses; their list shows that to the others. */
function listedTargets(targets: AllswellConfig['targets'], mode: AllswellConfig['activation']['mode']): HashedTarget[] {
  const inBackground = mode === 'shared' || mode === 'independent';
  return targets.map(({ id, level, background, intervalMs, timeoutMs }) => {
    return { id, level, background: background && inBackground, intervalMs, timeoutMs };
  });
}

/** Turns problems that do not keep the pod from starting into warnings. */
function ignoreTolerated({ problems, notes }: Findings, { warningFor }: Pick<ConfigProfile, 'warningFor'>): void {
  const tolerated = problems.flatMap((problem) => {
    const message = warningFor(problem);
    return message === undefined ? [] : [{ problem, message }];
  });
  for (const { problem, message } of tolerated) {
    problems.splice(problems.indexOf(problem), 1);
    const { file, line, column, path } = problem;
    notes.push({ level: 'warn', file, line, column, path, message });
  }
}

const noModels = {
  location: nowhere,
  path: ['model_list'],
  is: 'has no models: the pod starts, and probes nothing',
};

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** By file, in the order in which files are named, then by place. */
function inOrder(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const rank = ({ file }: Problem): number => (files.includes(file) ? files.indexOf(file) : files.length);
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}
