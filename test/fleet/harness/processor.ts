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
