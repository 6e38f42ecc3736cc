import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { childEnv, endWithThisProcess } from '../../testing/index.ts';

const KEPT_LINES = 20;
const STOP_LIMIT_MS = 3_000;

/** A process that the demo started. It never outlives the demo. */
export interface Child {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** The first output line that matches `pattern`. Rejects if the process ends before, or after `withinMs`. */
  line(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** Its last output, for messages. */
  lastLines(): string;
  /** Kills it (SIGKILL). */
  kill(): Promise<void>;
  /** Stops it (SIGTERM), and kills it after three seconds. */
  stop(): Promise<void>;
}

/** Starts a program of this package in its own process. */
export function spawnNode(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, args, {
    env: { ...childEnv(), ...env },
    // The channel is used only to detect its closing: see pod-route.ts and the upstream's main.ts.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  endWithThisProcess(child);
  const lines = keepLines(child);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    pid: child.pid ?? 0,
    ended,
    line: async (pattern, withinMs) => await lines.find(pattern, withinMs, ended),
    lastLines: () => lines.kept.slice(-5).join('\n'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

interface KeptLines {
  readonly kept: readonly string[];
  find(pattern: RegExp, withinMs: number, ended: Promise<void>): Promise<RegExpExecArray>;
}

function keepLines(child: ChildProcess): KeptLines {
  const kept: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const find: KeptLines['find'] = (pattern, withinMs, ended) =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(look);
        settle();
      };
      const give = (why: string): void => finish(() => reject(new Error(`${why}\n${kept.slice(-5).join('\n')}`)));
      const look = (line: string): void => {
        const found = pattern.exec(line);
        if (found !== null) finish(() => resolve(found));
      };
      const timer = setTimeout(() => give(`was not ready within ${withinMs / 1000} s`), withinMs);
      listeners.add(look);
      void ended.then(() => give('ended while it started'));
    });
  return { kept, find };
}
