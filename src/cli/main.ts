#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitStatus } from './exit-status.ts';
import { createProgram } from './program.ts';
import { unknownCommand, unknownCommandLine } from './unknown-command.ts';

// EPIPE: the reader, for example `head`, has closed the pipe: exit without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // The demo has a listener of its own, which ends its processes first.
  if (process.stdout.listenerCount('error') > 1) return;
  process.exit();
});

const program = createProgram();
const unknown = unknownCommand(program, process.argv.slice(2));
try {
  if (unknown === undefined) await program.parseAsync();
  else {
    process.stderr.write(await unknownCommandLine(unknown));
    process.exitCode = exitStatus.usage;
  }
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  } else {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EMFILE' || code === 'ENFILE') {
      const limit = code === 'EMFILE' ? 'this process (ulimit -n)' : 'this machine (sysctl fs.file-max)';
      process.stderr.write(`Out of file descriptors (${code}) at startup: raise the limit of ${limit}\n`);
    } else console.error(error);
    process.exitCode = exitStatus.unexpected;
  }
}
