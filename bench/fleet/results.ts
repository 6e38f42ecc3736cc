import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Figures } from './measure.ts';
import { table } from './report.ts';

const FOLDER = new URL('../results/', import.meta.url);
const JSON_FILE = new URL('fleet.json', FOLDER);
const TABLE_FILE = new URL('fleet.md', FOLDER);

/** A case with the day and the machine it was measured on. */
interface Kept extends Figures {
  readonly day: string;
  readonly machine: string;
}

/** Writes a case in the place of an older one of its shape, and the table of all. */
export function keep(figures: Figures): void {
  const machine = `${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const kept: Kept = { ...figures, day: new Date().toISOString().slice(0, 10), machine };
  const others = read().filter(({ pods, targets }) => pods !== kept.pods || targets !== kept.targets);
  const all = [...others, kept].toSorted((a, b) => a.pods - b.pods || a.targets - b.targets);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(JSON_FILE, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(TABLE_FILE, page(all));
}

function read(): readonly Kept[] {
  try {
    return JSON.parse(readFileSync(JSON_FILE, 'utf8')) as Kept[];
  } catch {
    return [];
  }
}

function page(all: readonly Kept[]): string {
  const where = [...new Set(all.map(({ day, machine }) => `${day}: ${machine}`))].join(' · ');
  return `# Fleet benchmark

Made by \`npm run bench:fleet\` on ${where}. Pods, Redis, the upstream and the benchmark itself share that machine, so read
ratios rather than milliseconds: thirty pods on two processors wait for each other.

${table(all)}`;
}
