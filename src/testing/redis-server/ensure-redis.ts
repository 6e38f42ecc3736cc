import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { downloadDebianRedis } from './debian-download.ts';

/** A Redis or Valkey server program that can be started on this machine. */
export interface RedisProgram {
  bin: string;
  /** The command line client lying beside it, if there is one. */
  cliBin?: string;
  /** Variables to add to the server's environment: downloaded libraries need LD_LIBRARY_PATH. */
  env: Record<string, string>;
  source: 'REDIS_SERVER_BIN' | 'PATH' | 'download';
}

/** A server program to start, or what to do to get one. */
export type RedisAnswer = { kind: 'found'; program: RedisProgram } | { kind: 'not-found'; message: string };

/** Where to look for a server program, and whether one may be fetched. */
export interface EnsureRedisOptions {
  env?: NodeJS.ProcessEnv;
  /** Where a downloaded server is kept for the next time. Default: `allswell/` in the user's cache folder. */
  cacheDir?: string;
  /** `never` searches only this machine. Default: `if-missing`. */
  download?: 'if-missing' | 'never';
  /** Called with lines about slow steps. Default: writes to standard error. */
  progress?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Finds a Redis or Valkey server, or fetches one without touching the system and without root.
 *
 * In order: `REDIS_SERVER_BIN`; `valkey-server` or `redis-server` on PATH; on Debian and Ubuntu the distribution's
 * own packages, unpacked into a cache folder. A variable that names no program ends the search: who sets it
 * wants that server and no other.
 *
 * @example
 * const answer = await ensureRedis();
 * if (answer.kind === 'found') await startRedisServer({ program: answer.program });
 */
export async function ensureRedis(options: EnsureRedisOptions = {}): Promise<RedisAnswer> {
  const env = options.env ?? process.env;

  const named = env['REDIS_SERVER_BIN'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return found({ bin: named, env: {}, source: 'REDIS_SERVER_BIN' });
    return { kind: 'not-found', message: `REDIS_SERVER_BIN names ${named}, which is not a program that can be run.` };
  }

  const onPath = findOnPath(['valkey-server', 'redis-server'], env['PATH'] ?? '');
  if (onPath !== undefined) return found({ bin: onPath, env: {}, source: 'PATH' });

  if (options.download === 'never') return notFound('downloading is switched off');
  const download = await downloadDebianRedis({
    cacheDir: options.cacheDir ?? defaultCacheDir(env),
    progress: options.progress ?? ((line) => console.error(line)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (download.kind === 'failed') return notFound(download.reason);
  return found({ bin: download.bin, env: download.env, source: 'download' });
}

/** As {@link ensureRedis}, for callers that cannot go on without a server: throws the message for a person. */
export async function requireRedis(options: EnsureRedisOptions = {}): Promise<RedisProgram> {
  const answer = await ensureRedis(options);
  if (answer.kind === 'not-found') throw new Error(answer.message);
  return answer.program;
}

function found(program: RedisProgram): RedisAnswer {
  const cliName = program.bin.endsWith('valkey-server') ? 'valkey-cli' : 'redis-cli';
  const cliBin = join(dirname(program.bin), cliName);
  return { kind: 'found', program: isProgram(cliBin) ? { ...program, cliBin } : program };
}

function notFound(reason: string): RedisAnswer {
  return {
    kind: 'not-found',
    message: [
      `No Redis or Valkey server to start (${reason}).`,
      'Install one and try again:',
      '  Debian, Ubuntu  sudo apt-get install redis-server',
      '  macOS           brew install valkey',
      '  elsewhere       set REDIS_SERVER_BIN to a redis-server or valkey-server program',
    ].join('\n'),
  };
}

function findOnPath(names: readonly string[], path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const caches = env['XDG_CACHE_HOME'];
  return join(caches === undefined || caches === '' ? join(homedir(), '.cache') : caches, 'allswell');
}
