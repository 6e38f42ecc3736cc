import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shiftedProgram } from '../history/stand/clock-shift.ts';

/** The wall clock of one pod. */
export interface PodClock {
  /** Variables with which that pod starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it ahead of the machine's; 0 is true time. */
  setAhead(ms: number): void;
  remove(): void;
}

/** True if this machine has the C compiler that makes a clock which can be set. */
export const canSetClocks: boolean = spawnSync('cc', ['--version']).status === 0;

/** A clock for one pod; undefined where clocks cannot be set. */
export function clockOfOnePod(): PodClock | undefined {
  if (!canSetClocks) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'allswell-pod-clock-'));
  const { program, setAhead } = shiftedProgram({ bin: process.execPath, env: {}, source: 'PATH' }, folder);
  setAhead(0);
  return { env: program.env, setAhead, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
