#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitStatus } from './exit-status.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  } else {
    console.error(error);
    process.exitCode = exitStatus.unexpected;
  }
}
