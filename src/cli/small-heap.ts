import { setFlagsFromString } from 'node:v8';

/**
 * Asks V8 to collect garbage early instead of growing: a pod lives beside others on a machine that V8 takes to be all
 * its own. To be called before anything of size is loaded. With 200 targets a pod has about 105 MB instead of 165.
 */
export function keepHeapSmall(): void {
  for (const flag of ['--optimize-for-size', '--semi-space-growth-factor=1', '--min-semi-space-size=1']) {
    setFlagsFromString(flag);
  }
}
