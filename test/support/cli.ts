import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnv, until } from '../../src/testing/index.ts';

export const MASTER_KEY = 'sk-cli-master-of-the-tests';

/** How a command ended, and what it printed. */
export interface Ended {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnedCli {
  /** What it printed so far. */
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

type Env = Readonly<Record<string, string>>;

/** Real processes of the command, and files for them. `close` ends all of them. */
export interface CliStage {
  readonly folder: string;
  file(name: string, text: string): string;
  spawn(args: readonly string[], env?: Env): SpawnedCli;
  /** Runs a command to its end, by default with the master key in its environment. */
  run(args: readonly string[], env?: Env): Promise<Ended>;
  /** Starts a pod; returns its base URL. */
  pod(config: string, env?: Env, flags?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export function openCliStage(): CliStage {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-cli-'));
  const running = new Set<SpawnedCli>();
  let files = 0;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const start = (args: readonly string[], env: Env): SpawnedCli => {
    const child = spawn(process.execPath, ['src/cli/main.ts', ...args], {
      env: { ...childEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const ended = once(child, 'close').then(([status, signal]) => {
      running.delete(spawned);
      return { status: status as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
    });
    const spawned: SpawnedCli = {
      stdout: () => stdout,
      stderr: () => stderr,
      signal: (name) => void child.kill(name),
      ended,
    };
    running.add(spawned);
    return spawned;
  };
  return {
    folder,
    file,
    spawn: (args, env = {}) => start(args, env),
    run: async (args, env = { LITELLM_MASTER_KEY: MASTER_KEY }) => await start(args, env).ended,
    pod: async (config, env = {}, flags = []) => {
      files += 1;
      const path = file(`pod-${files}.yaml`, config);
      const pod = start(['serve', '--config', path, '--host', '127.0.0.1', '--port', '0', ...flags], env);
      const look = (): string | undefined => /listens on (http:\/\/\S+)/.exec(pod.stdout())?.[1];
      return await until(look, { withinMs: 20_000, what: `a pod to listen: ${pod.stderr()}` });
    },
    close: async () => {
      const all = [...running];
      for (const one of all) one.signal('SIGKILL');
      await Promise.all(all.map(async (one) => await one.ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
