#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { exitStatus } from './exit-status.ts';
import { createProgram } from './program.ts';

// EPIPE: the reader, for example `head`, has closed the pipe: exit without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // The demo has a listener of its own, which ends its processes first.
  if (process.stdout.listenerCount('error') > 1) return;
  process.exit();
});

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.excessArguments') await suggestCommand(program, process.argv[2]);
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

/** A command that is none was taken for an argument of the default one, which takes no arguments. */
async function suggestCommand({ commands }: Command, word = ''): Promise<void> {
  const names = commands.map((command) => command.name());
  if (word.startsWith('-') || names.includes(word)) return;
  const { nearest } = await import('../config/index.ts');
  const meant = nearest(word, names);
  const hint = meant === undefined ? 'allswell --help lists all' : `Did you mean ${meant}?`;
  process.stderr.write(`(unknown command ${word}. ${hint})\n`);
}
