import { spawn } from 'node:child_process';

/** Where a command runs, and how long it may take, ms. */
export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  withinMs: number;
  signal?: AbortSignal;
}

/** Either what the command printed, or why it cannot be used. */
export type CommandAnswer = { kind: 'done'; output: string } | { kind: 'failed'; reason: string };

/** Runs a program without a shell and collects what it prints. Never rejects; over time, it is killed. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<CommandAnswer> {
  const { cwd, env, withinMs, signal } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
      env: env ?? process.env,
      timeout: withinMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', (error) => resolve({ kind: 'failed', reason: `${program}: ${error.message}` }));
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve({ kind: 'done', output });
      const end = killedBy === null ? `exit status ${code}` : `ended by ${killedBy} (limit ${withinMs} ms)`;
      resolve({ kind: 'failed', reason: `${program}: ${end} ${lastLine(complaint)}`.trim() });
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
