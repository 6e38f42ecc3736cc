import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisProgram } from '../../../src/testing/index.ts';

const SOURCE = new URL('./clock-shift.c', import.meta.url).pathname;

/** A server program whose clock can be set while it runs. */
export interface ShiftedProgram {
  readonly program: RedisProgram;
  /** Sets its clock ahead of the machine's by this much; 0 is true time. */
  setAhead(ms: number): void;
}

/**
 * Builds the shim that moves a server's clock, and wraps a program with it. It takes a C compiler, `cc`; the runner of the
 * suite has looked for one.
 */
export function shiftedProgram(program: RedisProgram, folder: string): ShiftedProgram {
  const library = join(folder, 'clock-shift.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE]);
  const file = join(folder, 'clock-ahead');
  writeFileSync(file, Buffer.alloc(8));
  return {
    program: { ...program, env: { ...program.env, LD_PRELOAD: library, ALLSWELL_TEST_CLOCK_FILE: file } },
    setAhead: (ms) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(Math.round(ms * 1_000)));
      const open = openSync(file, 'r+');
      writeSync(open, bytes, 0, 8, 0);
      closeSync(open);
    },
  };
}
