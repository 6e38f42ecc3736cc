import { Writable } from 'node:stream';
import type { CliProcess } from '../../src/cli/cli-process.ts';

/** A process for commands that run inside a test: it records their output. */
export interface Captured {
  readonly process: CliProcess;
  stdout(): string;
  stderr(): string;
}

export function captured(env: NodeJS.ProcessEnv = {}): Captured {
  const [stdout, stderr] = [sink(), sink()];
  return {
    process: { env, stdout: stdout.stream, stderr: stderr.stream },
    stdout: () => stdout.text(),
    stderr: () => stderr.text(),
  };
}

function sink(): { stream: NodeJS.WriteStream & { fd: 1 } & { fd: 2 }; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  // Commands use only these members of the stream.
  return { stream: stream as never, text: () => chunks.join('') };
}
