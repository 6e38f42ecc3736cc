import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { childEnv, endWithThisProcess } from '../../../src/testing/index.ts';

export type Program = 'envoy' | 'haproxy' | 'nginx' | 'prometheus-blackbox-exporter' | 'promtool';

/** A running program. */
export interface StartedProgram {
  /** Where its configuration is; removed by {@link StartedProgram.stop}. */
  readonly folder: string;
  /** All that it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Tests with a program. Without it they are skipped, unless `ALLSWELL_PROGRAMS` or `ENVOY_BIN` says that it is there. */
export function describeWith(name: Program, tests: () => void): void {
  const missing = pathOf(name) === undefined;
  describe.skipIf(missing)(missing ? `${name} is not there: run ${sourceOf(name)}` : name, () => {
    tests();
  });
}

/** Starts a program in a folder of its own, with this file there. `args` get the folder. */
export function startProgram(
  name: Program,
  files: Readonly<Record<string, string>>,
  args: (folder: string) => readonly string[],
): StartedProgram {
  const folder = mkdtempSync(join(tmpdir(), `allswell-${name}-`));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const path = pathOf(name);
  if (path === undefined) throw new Error(`${name} is not there: run ${sourceOf(name)}`);
  const child = spawn(path, args(folder), { cwd: folder, env: childEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  endWithThisProcess(child);
  const closed = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (printed += String(part)));
  return {
    folder,
    output: () => printed,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await closed;
      clearTimeout(late);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a program printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end, with this input. */
export function runProgram(name: Program, args: readonly string[], input = ''): Ended {
  const path = pathOf(name);
  if (path === undefined) throw new Error(`${name} is not there: run ${sourceOf(name)}`);
  const { status, stdout, stderr } = spawnSync(path, args, {
    input,
    env: childEnv(),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, output: stdout + stderr };
}

function sourceOf(name: Program): string {
  return name === 'envoy' ? '.ci/fetch-envoy' : '.ci/fetch-programs';
}

function pathOf(name: Program): string | undefined {
  if (name === 'envoy') return process.env['ENVOY_BIN'];
  const given = process.env['ALLSWELL_PROGRAMS'];
  if (given !== undefined) return join(given, name);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const machine = process.arch === 'x64' ? 'x86_64' : 'aarch64';
  const folders = [join(cache, 'allswell', `programs-${machine}`), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
