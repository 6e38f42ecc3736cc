import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import type { CommandAnswer } from './run-command.ts';

/** Folder of the download, and the callback for progress. */
export interface DownloadOptions {
  cacheDir: string;
  progress: (line: string) => void;
  signal?: AbortSignal;
}

/** A program with the environment that it needs, or why there is none. */
export type DownloadAnswer =
  | { kind: 'ready'; bin: string; env: Record<string, string> }
  | { kind: 'failed'; reason: string };

const STEP_LIMIT_MS = 120_000;
const SERVER_PACKAGES = ['redis-server', 'redis-tools'];

/**
 * Unpacks the distribution's Redis into a cache folder, as any user: apt keeps its lists and archives in a folder
 * of ours, and `dpkg-deb` unpacks without installing.
 */
export async function downloadDebianRedis(options: DownloadOptions): Promise<DownloadAnswer> {
  const home = join(options.cacheDir, `redis-${process.arch}`);
  const cached = await usable(home, options);
  if (cached.kind === 'ready') return cached;

  options.progress('No Redis or Valkey server on this machine: fetching the one of the distribution (once) …');
  try {
    mkdirSync(options.cacheDir, { recursive: true });
  } catch (error) {
    return { kind: 'failed', reason: `cannot write to ${options.cacheDir}: ${(error as Error).message}` };
  }
  // Several test files may come here at once. Each works in a folder of its own; the first one done gives it its name.
  const work = mkdtempSync(join(options.cacheDir, 'fetch-'));
  try {
    const unpacked = await fetchInto(work, options);
    if (unpacked.kind === 'failed') return unpacked;
    const answer = await usable(join(work, 'root'), options);
    if (answer.kind === 'failed') return answer;
    await publish(join(work, 'root'), home, options);
    options.progress(`Redis is ready in ${home}`);
    return await usable(home, options);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchInto(work: string, options: DownloadOptions): Promise<CommandAnswer> {
  const archives = join(work, 'archives');
  const root = join(work, 'root');
  for (const folder of [archives, root, join(work, 'lists', 'partial'), join(work, 'cache', 'archives', 'partial')]) {
    mkdirSync(folder, { recursive: true });
  }
  const apt = aptOptions(work);
  const run = (program: string, args: readonly string[]): Promise<CommandAnswer> =>
    runCommand(program, args, {
      cwd: archives,
      withinMs: STEP_LIMIT_MS,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });

  const update = await run('apt-get', [...apt, '--quiet', 'update']);
  if (update.kind === 'failed') return update;
  const depends = await run('apt-cache', [...apt, 'depends', '--recurse', ...ONLY_DEPENDS, ...SERVER_PACKAGES]);
  if (depends.kind === 'failed') return depends;
  const installed = await run('dpkg-query', ['--show', '--showformat', '${db:Status-Abbrev} ${Package}\n']);
  if (installed.kind === 'failed') return installed;

  const packages = missingPackages(depends.output, installed.output);
  options.progress(`Downloading ${packages.join(', ')} …`);
  const download = await run('apt-get', [...apt, '--quiet', 'download', ...packages]);
  if (download.kind === 'failed') return download;
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await run('dpkg-deb', ['--extract', archive, root]);
    if (unpacked.kind === 'failed') return unpacked;
  }
  return { kind: 'done', output: root };
}

const ONLY_DEPENDS = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
  (kind) => `--no-${kind}`,
);

function aptOptions(work: string): string[] {
  return [
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    // As root apt would drop to a user of its own, which may not write here.
    'APT::Sandbox::User=',
  ].flatMap((setting) => ['-o', setting]);
}

/**
 * The server's packages and the libraries they need that this machine does not have. The walk goes through
 * libraries only: what a service needs to be installed (users, init scripts) a private server does not.
 */
export function missingPackages(dependsOutput: string, installedOutput: string): string[] {
  const installed = new Set(
    installedOutput
      .split('\n')
      .filter((line) => line.startsWith('ii'))
      .map((line) => line.split(/\s+/)[1] ?? ''),
  );
  const graph = dependencyGraph(dependsOutput);
  const wanted = new Set(SERVER_PACKAGES);
  for (const name of wanted) {
    for (const needed of graph.get(name) ?? []) {
      const isLibrary = needed.startsWith('lib') || needed.startsWith('lua-') || needed === 'redis-tools';
      if (isLibrary && !installed.has(needed) && graph.has(needed)) wanted.add(needed);
    }
  }
  return [...wanted];
}

function dependencyGraph(dependsOutput: string): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of dependsOutput.split('\n')) {
    const dependency = /^\s+\|?(?:Pre)?Depends: (\S+)/.exec(line)?.[1];
    if (dependency !== undefined) current.push(dependency);
    else if (/^[a-z0-9]/.test(line)) graph.set(line.trim(), (current = []));
  }
  return graph;
}

async function usable(root: string, options: DownloadOptions): Promise<DownloadAnswer> {
  const bin = join(root, 'usr', 'bin', 'redis-server');
  if (!existsSync(bin)) return { kind: 'failed', reason: 'the downloaded packages hold no redis-server' };
  const env = { LD_LIBRARY_PATH: libraryFolders(root).join(':') };
  const version = await runCommand(bin, ['--version'], {
    env: { ...process.env, ...env },
    withinMs: 10_000,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return version.kind === 'done' ? { kind: 'ready', bin, env } : version;
}

function libraryFolders(root: string): string[] {
  return [join(root, 'usr', 'lib'), join(root, 'lib')]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [
      folder,
      ...readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
        .map((entry) => join(folder, entry.name)),
    ]);
}

async function publish(from: string, to: string, options: DownloadOptions): Promise<void> {
  // Another process may have been first. What does not run is a leftover, say of another release of the system.
  if ((await usable(to, options)).kind === 'ready') return;
  try {
    rmSync(to, { recursive: true, force: true });
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
