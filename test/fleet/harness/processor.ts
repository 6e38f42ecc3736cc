import { readFileSync } from 'node:fs';

/**
 * How long a process' main thread was ready to run and had to wait for a processor, ms since its start: what else runs
 * on the machine took that time, not the process. 0 where the system does not say (it is Linux that does).
 */
export function waitedMs(pid: number | 'self'): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}

/** Processor time that a process took since its start, ms, all threads together; 0 where the system does not say. */
export function cpuMs(pid: number): number {
  try {
    // The name of the program is in parentheses, and may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // User and system time, in ticks of ten milliseconds.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
