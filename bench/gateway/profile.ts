import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a profile as V8 writes it that this reads. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const TOP = 30;

/** Self time by part of the program, and the functions of `dist` with most of it: one Markdown table for each profile in the folder. */
export function shares(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  return files
    .map((name) => ofProfile(name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile))
    .join('\n');
}

function ofProfile(name: string, { nodes, samples, timeDeltas }: Profile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let totalUs = 0;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    const us = timeDeltas[i] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    totalUs += us;
    const part = partOf(frame.url, frame.functionName);
    byPart.set(part, (byPart.get(part) ?? 0) + us);
    const place = `${frame.functionName || '(anonymous)'} ${frame.url.split('/').slice(-2).join('/')}:${frame.lineNumber + 1}`;
    byFunction.set(place, (byFunction.get(place) ?? 0) + us);
  }
  return `${name}\n${table('part', byPart, totalUs)}\n${table('function', byFunction, totalUs)}`;
}

/** `src/<folder>` for allswell's own code, the package for a dependency, or what of Node it is. */
function partOf(url: string, name: string): string {
  const own = /\/dist\/([^/]+)/.exec(url)?.[1];
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  if (url.startsWith('node:')) return url.split('/', 1)[0] === 'node:internal' ? 'Node, internal' : url;
  if (own !== undefined) return `src/${own}`;
  if (name === '(garbage collector)') return 'garbage collector';
  return url === '' ? "Node's C++ code" : 'other';
}

function table(what: string, entries: ReadonlyMap<string, number>, totalUs: number): string {
  const rows = [...entries].toSorted(([, a], [, b]) => b - a).slice(0, TOP);
  const lines = rows.map(([name, us]) => `| ${name} | ${((us / totalUs) * 100).toFixed(1)} % |\n`);
  return `| ${what} | share of busy time |\n|---|--:|\n${lines.join('')}`;
}
