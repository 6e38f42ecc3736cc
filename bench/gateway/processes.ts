import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { endWithThisProcess } from '../../src/testing/index.ts';

/**
 * Which processor cores a process gets: the gateway one of its own, a gateway of several processes all but the last, load generator,
 * upstream and Redis the last.
 */
export type Core = 'gateway' | 'gateways' | 'others';

/** The cores in use; undefined where processes cannot be pinned. */
export interface Cores {
  readonly gateway: string;
  readonly gateways: string;
  readonly others: string;
}

/** Of the cores that this process may use, the last two, and all but the last. Needs `taskset`. */
export function coresHere(): Cores | undefined {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const allowed = list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const [gateway, others] = allowed.slice(-2);
  if (gateway === undefined || others === undefined) return undefined;
  return { gateway: String(gateway), gateways: allowed.slice(0, -1).join(','), others: String(others) };
}

/** Starts processes, and ends all of them. */
export interface Processes {
  start(core: Core, command: readonly string[], options?: StartOptions): ChildProcess;
  /** Moves a process that something else started. */
  pin(core: Core, pid: number | undefined): void;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `inherit`. */
  readonly stderr?: 'inherit' | 'ignore';
}

/** Processes of a benchmark, pinned where there are two cores. Each has an IPC channel. */
export function createProcesses(cores: Cores | undefined): Processes {
  const children: ChildProcess[] = [];
  return {
    start: (core, command, { env = {}, stderr = 'inherit' } = {}) => {
      const pinned = cores === undefined ? command : ['taskset', '-c', cores[core], ...command];
      const [bin = '', ...rest] = pinned;
      const child = spawn(bin, rest, {
        stdio: ['ignore', 'ignore', stderr, 'ipc'],
        env: { ...process.env, ...env },
      });
      endWithThisProcess(child);
      children.push(child);
      return child;
    },
    pin: (core, pid) => {
      if (cores !== undefined && pid !== undefined) spawnSync('taskset', ['-acp', cores[core], String(pid)]);
    },
    stop: async () => {
      await Promise.all(children.map(async (child) => await end(child)));
    },
  };
}

/** The next message of a process. Rejects where it ends before. */
export async function messageOf<Message>(child: ChildProcess, asked?: object): Promise<Message> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort(new Error(`a process of the benchmark ended: ${child.spawnargs.join(' ')}`));
  child.once('exit', onExit);
  try {
    const message = once(child, 'message', { signal: ended.signal });
    if (asked !== undefined) child.send(asked);
    const [answer] = (await message) as [Message];
    return answer;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off('exit', onExit);
  }
}

/** Processor time of a process and its children so far, ms; user and system. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return childrenOf(pid).reduce((sum, child) => sum + cpuMs(child), (Number(fields[11]) + Number(fields[12])) * 10);
}

/** Resident memory of a process and its children, MB: now, or the most so far. */
export function memoryMb(pid: number, which: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`${which}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return childrenOf(pid).reduce((sum, child) => sum + memoryMb(child, which), Number(found ?? 0) / 1_024);
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
