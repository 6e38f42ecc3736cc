import { lookup } from 'node:dns/promises';
import { createEdsFiles } from './eds-files.ts';
import type { EdsFiles, EdsFilesInput } from './eds-files.ts';

/** The files of `fleet_health.envoy_eds_dir`; undefined if none is set. */
export function openEdsFiles(input: Omit<EdsFilesInput, 'dir' | 'lookup'>): EdsFiles | undefined {
  const { envoyEdsDir: dir } = input.config();
  return dir === null ? undefined : createEdsFiles({ ...input, dir, lookup: addressesOf });
}

/** As requests would find them: hosts files included. */
async function addressesOf(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
