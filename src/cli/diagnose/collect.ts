import { readFileSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { loadConfig, readConfigFile } from '../../config/index.ts';
import { packageVersion } from '../../package-files.ts';
import { askPod, fleetForm, misfitOf } from '../ask/index.ts';
import type { FleetPage, PodAddress } from '../ask/index.ts';
import { findWhy } from '../status/find-why.ts';
import { createCleaner, redactConfig, sayingsIn } from '../../redaction/index.ts';

/** Environment of the command: the bundle has the names only. Values are redacted everywhere. */
interface EnvironmentNames {
  readonly names: readonly string[];
  readonly secrets: readonly string[];
}

const LOG_LINES = 200;

const paths = ['/fleet', '/health/shared-status', '/health/readiness/details', '/v1/model/info'] as const;

export interface CollectInput {
  readonly address: PodAddress;
  readonly env: NodeJS.ProcessEnv;
  readonly config?: string;
  readonly log?: string;
}

/** Support bundle: settings, state and log of a pod, without secrets. */
export async function collectBundle({ address, env, config, log }: CollectInput): Promise<unknown> {
  const answers = await Promise.all(paths.map(async (path) => await read(address, path, 'json')));
  const pod = Object.fromEntries(paths.map((path, at) => [path, answers[at]]));
  const [metrics, fleetMetrics] = await Promise.all([
    read(address, '/metrics', 'text'),
    read(address, '/metrics/fleet', 'text'),
  ]);
  const names = environmentNames(env);
  const file = config === undefined ? undefined : readConfig(config);
  const clean = createCleaner({
    secrets: [...(address.key === undefined ? [] : [address.key]), ...names.secrets, ...(file?.secrets ?? [])],
    sayings: sayingsIn(pod),
  });
  return {
    made_at: new Date().toISOString(),
    versions: { allswell: packageVersion(), node: process.version, system: `${platform()} ${release()} ${arch()}` },
    environment_names: names.names,
    ...(file !== undefined && { config: clean(file.shown) }),
    ...(config !== undefined && { config_check: clean(checkOf(config, env)) }),
    why: clean(whyOf(address, pod['/fleet'])),
    pod: clean(pod),
    metrics: linesOf(clean(metrics)),
    fleet_metrics: linesOf(clean(fleetMetrics)),
    ...(log !== undefined && { log: clean(lastLines(log)) }),
  };
}

function linesOf(shown: unknown): unknown {
  return typeof shown === 'string' ? shown.split('\n') : shown;
}

async function read(address: PodAddress, path: string, accept: 'json' | 'text'): Promise<unknown> {
  const answer = await askPod(address, path, { accept });
  return answer.kind === 'answered' ? answer.body : { not_read: answer.why };
}

function whyOf({ url }: PodAddress, page: unknown): unknown {
  const isPage = misfitOf(page, fleetForm) === undefined;
  return isPage ? findWhy([{ kind: 'answered', url, page: page as FleetPage }]) : [];
}

function readConfig(path: string): ReturnType<typeof redactConfig> {
  try {
    return redactConfig(readConfigFile(path));
  } catch (error) {
    return { shown: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, secrets: [] };
  }
}

/** What a pod would say of the file where this command runs; names places and kinds of values, never the values. */
function checkOf(file: string, env: NodeJS.ProcessEnv): readonly string[] {
  const loaded = loadConfig({ file, env, readFile: readConfigFile });
  const at = ({ line, column }: { line: number; column: number }): string => (line === 0 ? '' : `${line}:${column}: `);
  const problems = loaded.kind === 'refused' ? loaded.problems : [];
  return [
    ...problems.map((one) => `${at(one)}${one.code}: ${one.message}`),
    ...loaded.notes.map((one) => `${at(one)}${one.level}: ${one.message}`),
  ];
}

function lastLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES);
  } catch (error) {
    return [`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`];
  }
}

function environmentNames(env: NodeJS.ProcessEnv): EnvironmentNames {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return {
    names: set.map(([name]) => name).toSorted(),
    secrets: set.filter(([name, value = '']) => isSecret(name, value)).map(([, value = '']) => value),
  };
}

/** True for a secret by its name or its form, because a name is not certain. Words and paths are excluded: they occur everywhere. */
function isSecret(name: string, value: string): boolean {
  if (/key|token|secret|pass|pwd|cred|auth|dsn|cookie|salt|signature/i.test(name)) return true;
  return value.length >= 12 && !/\s/.test(value) && !/^[./~]/.test(value) && !/^[a-z-]+$/i.test(value);
}
