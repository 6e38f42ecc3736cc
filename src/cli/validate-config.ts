import { counted } from '../health/index.ts';
import { formatNote, formatRefusal, loadConfig, readConfigFile } from '../config/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { errorRegistry } from '../errors.ts';

export interface ValidateOptions {
  readonly file: string;
  readonly output: 'lines' | 'json';
}

/** The parts of the process that validating uses. */
export type ValidateProcess = {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'>;
  exitCode?: NodeJS.Process['exitCode'];
};

/**
 * Loads a configuration by the rules of `serve`, and tells what came of it: what is wrong to standard error, everything else
 * to standard output. Wrong values of LiteLLM's settings are problems here, also where `serve` starts with a warning. Exit status 0 for a usable one, 2 for any other.
 */
export function validateConfig({ file, output }: ValidateOptions, process: ValidateProcess): void {
  const loaded = loadConfig({ file, env: process.env, readFile: readConfigFile });
  if (output === 'json') process.stdout.write(`${JSON.stringify(asJson(file, loaded))}\n`);
  else if (loaded.kind === 'refused') process.stderr.write(`${formatRefusal(loaded)}\n`);
  else process.stdout.write(`${linesOf(file, loaded).join('\n')}\n`);
  if (loaded.kind === 'refused') {
    process.exitCode = errorRegistry[loaded.problems[0]?.code ?? 'ALLSWELL_ERR_CONFIG_INVALID'].exitStatus;
  }
}

function linesOf(file: string, loaded: Loaded): readonly string[] {
  return [...notesOf(loaded), summary(file, loaded), ...whatWasRead(loaded), ...comparison(loaded)];
}

/** Groups named in the text. */
const MOST_GROUPS = 10;

type Loaded = Extract<LoadedConfig, { kind: 'loaded' }>;

function notesOf({ notes, config }: Loaded): readonly string[] {
  const words = { info: 'note', warn: 'warning' } as const;
  return [
    ...notes.map((note) => `${words[note.level]}: ${formatNote(note)}`),
    ...config.activation.warnings.map((text) => `warning: ${text}`),
  ];
}

function summary(file: string, { config }: Loaded): string {
  const { deployments, targets, activation } = config;
  return `${file}: OK (${counted(deployments.length, 'deployment')}, ${counted(targets.length, 'target')}, health checks ${activation.mode})`;
}

/** Files and main settings, which show whether it is the file that was meant. */
function whatWasRead({ files, config }: Loaded): readonly string[] {
  const groups = [...new Set(config.deployments.map(({ modelName }) => modelName))];
  const more = groups.length > MOST_GROUPS ? ` and ${groups.length - MOST_GROUPS} more` : '';
  const named = groups.length === 0 ? 'none' : groups.slice(0, MOST_GROUPS).join(', ') + more;
  return [
    `  files: ${files.join(', ')}`,
    `  model groups: ${named}`,
    `  fleet: ${config.fleet}; interval ${config.intervalMs / 1_000} s; ${config.redis === null ? 'no Redis' : 'with Redis'}`,
  ];
}

const titles = {
  works: 'works as in LiteLLM',
  ignored: 'has no effect',
  better: 'better than in LiteLLM',
  avoided: 'would go wrong in LiteLLM',
} as const;

/** What changes for a file of LiteLLM. */
function comparison({ migration }: Loaded): readonly string[] {
  return (Object.keys(titles) as (keyof typeof titles)[]).flatMap((kind) => {
    const lines = migration[kind].map((line) => `    ${line}`);
    return lines.length === 0 ? [] : [`  ${titles[kind]}:`, ...lines];
  });
}

function asJson(file: string, loaded: LoadedConfig): unknown {
  if (loaded.kind === 'refused') {
    const { files, problems, notes } = loaded;
    return { ok: false, file, files, problems, notes };
  }
  const { deployments, targets, activation, fleet } = loaded.config;
  return {
    ok: true,
    file,
    files: loaded.files,
    problems: [],
    notes: loaded.notes,
    warnings: activation.warnings,
    fleet,
    health_checks: activation.mode,
    deployments: deployments.length,
    targets: targets.length,
    migration: loaded.migration,
  };
}
