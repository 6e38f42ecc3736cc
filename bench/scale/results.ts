import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { RealFleet } from './real-fleet.ts';
import { page } from './report.ts';
import type { Results } from './report.ts';
import type { ScriptTime } from './script-times.ts';
import type { VirtualHour } from './virtual-hour.ts';

const FOLDER = new URL('../results/', import.meta.url);
const JSON_FILE = new URL('scale.json', FOLDER);

/** One part, as it was measured. */
export interface Measured {
  readonly scripts?: readonly ScriptTime[];
  readonly real?: RealFleet;
  readonly virtual?: VirtualHour;
}

type Size = Pick<Results, 'pods' | 'targets'>;

export function noResults(size: Size): Results {
  const machine = `${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  return { ...size, day: new Date().toISOString().slice(0, 10), machine, scripts: [], real: [], virtual: [] };
}

/** Results with one more part, in the place of an older one of its kind. */
export function withPart(results: Results, { scripts, real, virtual }: Measured): Results {
  const others = results.real.filter(({ shape }) => shape.coordinators !== real?.shape.coordinators);
  const hours = results.virtual.filter(({ coordinators }) => coordinators !== virtual?.coordinators);
  return {
    ...results,
    scripts: scripts ?? results.scripts,
    real: [...others, ...(real ? [real] : [])].toSorted((a, b) => a.shape.coordinators - b.shape.coordinators),
    virtual: [...hours, ...(virtual ? [virtual] : [])].toSorted((a, b) => a.coordinators - b.coordinators),
  };
}

/** Writes a part as soon as it is measured, beside what was measured before of a fleet of this size. */
export function keep(size: Size, part: Measured): void {
  const fresh = noResults(size);
  const kept = read();
  const before = kept?.pods === size.pods && kept.targets === size.targets ? kept : fresh;
  const results = withPart({ ...before, day: fresh.day, machine: fresh.machine }, part);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(new URL('scale.md', FOLDER), page(results));
}

function read(): Results | undefined {
  try {
    return JSON.parse(readFileSync(JSON_FILE, 'utf8')) as Results;
  } catch {
    return undefined;
  }
}
