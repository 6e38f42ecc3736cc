import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Figures } from './figures.ts';
import { KINDS } from './outage.ts';
import { OUTAGES_PAGE, outagesPage } from './report.ts';
import type { Results } from './report.ts';
import { VARIANTS } from './variants.ts';
import type { VerdictSeries } from './verdict-series.ts';

const FOLDER = new URL('../results/', import.meta.url);
/** All figures that were measured, the newest of each case. */
export const RESULTS_FILE: URL = new URL('litellm.json', FOLDER);

/** Writes a case in the place of an older one. */
export function keepOutage(figures: Figures, version: string): void {
  const known = readResults();
  const others = known.outages.filter(({ variant, kind }) => variant !== figures.variant || kind !== figures.kind);
  const place = ({ variant, kind }: Figures): number =>
    KINDS.indexOf(kind) * VARIANTS.length + VARIANTS.indexOf(variant);
  write({
    ...known,
    version,
    outagesDay: today(),
    outages: [...others, figures].toSorted((a, b) => place(a) - place(b)),
  });
}

export function keepVerdicts(verdicts: VerdictSeries): void {
  write({ ...readResults(), verdictsDay: today(), verdicts });
}

/** Writes the page if every case has been measured. */
export function writePage(): void {
  const page = outagesPage(readResults());
  if (page === undefined) console.error(`${OUTAGES_PAGE} stays as it is: not every case was measured`);
  else writeFileSync(OUTAGES_PAGE, page);
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results;
  } catch {
    return { outagesDay: '', verdictsDay: '', cores: 0, version: '', outages: [], verdicts: null };
  }
}

function write(results: Results): void {
  mkdirSync(FOLDER, { recursive: true });
  const kept: Results = { ...results, cores: cpus().length };
  writeFileSync(RESULTS_FILE, `${JSON.stringify(kept, null, 2)}\n`);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
