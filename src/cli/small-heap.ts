import { setFlagsFromString } from 'node:v8';

/**
 * Asks V8 to collect garbage early instead of growing: a pod lives beside others on a machine that V8 takes to be all
 * its own. To be called before anything of size is loaded. With 200 targets a pod has about 135 MB instead of 215.
 */
export function keepHeapSmall(): void {
  setFlags(['--optimize-for-size', '--semi-space-growth-factor=1', '--min-semi-space-size=2']);
}

/**
 * Takes that back for a gateway under load: in a small heap, most of what V8 finds each time belongs to requests that still run. A
 * request then costs up to an eighth more than in a pod that never had the flag.
 */
export function letHeapGrow(): void {
  setFlags(['--no-optimize-for-size', '--semi-space-growth-factor=2']);
}

/** V8 reads these flags whenever it sizes the heap, so they take effect in a running process. */
function setFlags(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
