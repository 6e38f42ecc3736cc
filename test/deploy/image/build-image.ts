import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextFiles, copyInto } from './context.ts';
import { readDockerfile } from './dockerfile.ts';
import type { Stage, Step } from './dockerfile.ts';
import { makeRootFolder, removeRootFolder, startIn } from './root-folder.ts';

/** The last stage of the Dockerfile, built into a folder. */
export interface BuiltImage {
  readonly root: string;
  readonly stage: Stage;
  remove(): void;
}

/** Runs the steps of each stage of `Dockerfile` in a root folder of its own. */
export async function buildImage(): Promise<BuiltImage> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-image-'));
  const remove = (): void => removeRootFolder(folder);
  try {
    const context = join(folder, 'context');
    for (const file of contextFiles()) copyInto('.', [file], join(context, file), () => true);
    const stages = readDockerfile();
    const roots = new Map<string, string>();
    for (const stage of stages) {
      const root = join(folder, `stage-${stage.name}`);
      makeRootFolder(root);
      roots.set(stage.name, root);
      await runSteps(stage, root, (from) => (from === undefined ? context : (roots.get(from) ?? '')));
    }
    rmSync(context, { recursive: true });
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error('Dockerfile has no stage');
    return { root: roots.get(stage.name) ?? '', stage, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function runSteps(stage: Stage, root: string, folderOf: (from: string | undefined) => string): Promise<void> {
  let workdir = '/';
  for (const step of stage.steps) {
    if (step.kind === 'workdir') {
      workdir = step.path;
      mkdirSync(join(root, workdir), { recursive: true });
    } else if (step.kind === 'copy') {
      const to = step.to.startsWith('/') ? step.to : join(workdir, step.to);
      copyInto(folderOf(step.from), step.sources, targetOf(root, to, step), () => true);
    } else {
      await run(root, step.command, workdir, { ...network(), ...stage.args, ...stage.env });
    }
  }
}

// `COPY file ./` and several sources go into the folder.
function targetOf(root: string, to: string, { to: written, sources }: Step & { kind: 'copy' }): string {
  const intoFolder = written.endsWith('/') || written === '.' || sources.length > 1;
  return join(root, to) + (intoFolder && !to.endsWith('/') ? '/' : '');
}

// What npm needs to reach the registry from this machine. A retry would only delay the failure.
function network(): Record<string, string> {
  const names = [
    'NODE_EXTRA_CA_CERTS',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ];
  const given = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { HOME: '/root', npm_config_fetch_retries: '1', ...Object.fromEntries(given) };
}

async function run(
  root: string,
  command: string,
  workdir: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const startedAt = performance.now();
  const child = startIn(root, ['sh', '-c', command], { env, workdir }, ['ignore', 'pipe', 'pipe']);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (output += String(part)));
  const [status] = (await once(child, 'close')) as [number | null];
  console.log(`RUN ${command.split('\n')[0] ?? ''}: ${Math.round(performance.now() - startedAt)} ms`);
  if (status !== 0) throw new Error(`RUN ${command} ended with ${String(status)} in ${root}:\n${output}`);
}
