import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { childEnv, endWithThisProcess, until } from '../../../src/testing/index.ts';
import { ask } from './ask.ts';
import type { Reply } from './ask.ts';
import type { FleetBody, HealthBody, SharedStatusBody } from '../../../src/api/index.ts';
import { SECRETS } from './config.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real pod: a process of its own that serves on loopback. */
export interface TestPod {
  /** Its number in the fleet, from 1; for messages. */
  readonly name: string;
  readonly pid: number;
  /** As it named itself. */
  readonly id: string;
  readonly url: string;
  readonly exited: Promise<Exit>;
  /** Everything it printed so far. */
  log(): string;
  /** Printed lines that match. */
  lines(pattern: RegExp): string[];
  get(path: string): Promise<Reply>;
  health(query?: string): Promise<HealthBody>;
  sharedStatus(): Promise<SharedStatusBody>;
  fleet(): Promise<FleetBody>;
  metrics(): Promise<string>;
  fleetMetrics(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Signals it to stop and waits until it has. */
  stop(): Promise<Exit>;
  /** Ends it whatever it does, and waits. */
  end(): Promise<void>;
}

export interface PodSpawn {
  readonly name: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** `serve` unless given. */
  readonly command?: PodCommand | undefined;
  /** A free one unless given. */
  readonly port?: number | undefined;
  /** Another Node to run it with; it must be able to strip types. */
  readonly node?: string | undefined;
}

export type PodCommand = 'serve' | 'bridge';

const MAIN = new URL('../../../src/cli/main.ts', import.meta.url).pathname;

/** A pod whose process has begun. */
export interface BegunPod {
  readonly pod: TestPod;
  /** Resolves once it listens. */
  readonly listening: Promise<void>;
}

export function spawnPod({ name, configFile, env, command = 'serve', port = 0, node }: PodSpawn): BegunPod {
  const args = [MAIN, command, '--config', configFile, '--host', '127.0.0.1', '--port', String(port)];
  const [program, flags] = node === undefined ? [process.execPath, []] : [node, ['--experimental-strip-types']];
  const child = spawn(program, [...flags, ...args], {
    env: { ...childEnv(), LITELLM_LOG: 'DEBUG', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const said = (): RegExpExecArray | null => / listens on (http:\/\/\S+) as (\S+)/.exec(log);
  const get = (path: string): Promise<Reply> =>
    ask(said()?.[1] + path, { authorization: `Bearer ${SECRETS.masterKey}` });
  const json = async <T>(path: string): Promise<T> => JSON.parse((await get(path)).text) as T;
  const pod: TestPod = {
    name,
    pid: child.pid ?? 0,
    get id() {
      return said()?.[2] ?? '';
    },
    get url() {
      return said()?.[1] ?? '';
    },
    exited,
    log: () => log,
    lines: (pattern) => log.split('\n').filter((line) => pattern.test(line)),
    get,
    health: (query = '') => json(`/health${query}`),
    sharedStatus: () => json('/health/shared-status'),
    fleet: () => json('/fleet'),
    metrics: async () => (await get('/metrics')).text,
    fleetMetrics: async () => (await get('/metrics/fleet')).text,
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      return await exited;
    },
    end: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
  return { pod, listening: untilListening(child, said) };
}

async function untilListening(child: ChildProcess, said: () => unknown): Promise<void> {
  const state = (): boolean => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the pod ended at its start');
    return said() !== null;
  };
  await until(state, { withinMs: 30_000, what: 'the pod to listen', everyMs: 5 });
}
