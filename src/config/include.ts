import { dirname, isAbsolute, join } from 'node:path';
import { describe } from './check.ts';
import { addNote, addProblem, type Findings } from './findings.ts';
import { readTree } from './read-tree.ts';
import { child, follow, type Entry, type MapNode, type Node } from './tree.ts';

export interface Included {
  /** The whole configuration as one tree; every place in it knows its file. */
  readonly root: Node;
  /** The files that were read, or should have been. */
  readonly files: readonly string[];
}

/**
 * Adds the files under `include`. As with LiteLLM: paths are relative to the main file; lists grow by what an included
 * file adds; everything else that it says goes before what was said so far.
 */
export function addIncluded(
  root: Node,
  { file, readFile, findings }: { file: string; readFile: (path: string) => string; findings: Findings },
): Included {
  const list = child(root, 'include');
  if (list === undefined || root.kind !== 'map') return { root, files: [] };
  if (list.kind !== 'list') {
    addProblem(findings, {
      place: follow(root, ['include']).place,
      path: ['include'],
      is: `is ${describe(list)}`,
      expected: 'a list of files',
    });
    return { root, files: [] };
  }
  let whole: MapNode = { ...root, entries: root.entries.filter(({ key }) => key !== 'include') };
  const files: string[] = [];
  for (const [at, item] of list.items.entries()) {
    const name = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '';
    const path = isAbsolute(name) ? name : join(dirname(file), name);
    const spot = { place: item.place, path: ['include', at] };
    if (name === '') addProblem(findings, { ...spot, is: `is ${describe(item)}`, expected: 'the path of a file' });
    else {
      files.push(path);
      const part = readPart(path, { spot, readFile, findings });
      if (part !== undefined) whole = merge(whole, part, { file: path, findings });
    }
  }
  return { root: whole, files };
}

type Spot = Pick<Parameters<typeof addProblem>[1], 'place' | 'path'>;

function readPart(
  path: string,
  { spot, readFile, findings }: { spot: Spot; readFile: (path: string) => string; findings: Findings },
): MapNode | undefined {
  const text = readText(path, readFile);
  if (text.kind === 'unreadable') {
    const is = `names a file that cannot be read${text.code}`;
    addProblem(findings, { code: 'ALLSWELL_ERR_CONFIG_UNREADABLE', ...spot, is, expected: 'a YAML file' });
    return undefined;
  }
  const own: Findings = { ...findings, file: path };
  const root = readTree(text.text, own);
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return undefined;
  if (root.kind !== 'map') {
    addProblem(own, { place: root.place, path: [], is: `the file is ${describe(root)}`, expected: 'a mapping' });
    return undefined;
  }
  const nested = root.entries.find(({ key }) => key === 'include');
  if (nested !== undefined) {
    const is = 'is not read in a file that is included itself';
    addProblem(own, {
      place: nested.keyPlace,
      path: ['include'],
      is,
      expected: 'all files under include of the main one',
    });
  }
  return root;
}

export type ReadText =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; /** Such as ` (ENOENT)`, or nothing. */ readonly code: string };

export function readText(path: string, readFile: (path: string) => string): ReadText {
  try {
    return { kind: 'read', text: readFile(path) };
  } catch (error) {
    return { kind: 'unreadable', code: error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '' };
  }
}

function merge(whole: MapNode, part: MapNode, { file, findings }: { file: string; findings: Findings }): MapNode {
  let entries = whole.entries;
  for (const entry of part.entries) {
    const before = entries.find(({ key }) => key === entry.key);
    if (before === undefined) entries = [...entries, entry];
    else {
      const both = joined(before, entry);
      if (both === undefined) {
        const is = `is written in ${file} as well, which replaces it as a whole`;
        addNote(findings, 'warn', { place: before.keyPlace, path: [entry.key], is });
      }
      entries = entries.map((one) => (one === before ? (both ?? entry) : one));
    }
  }
  return { ...whole, entries };
}

function joined(before: Entry, { value }: Entry): Entry | undefined {
  if (before.value.kind !== 'list' || value.kind !== 'list') return undefined;
  return { ...before, value: { ...before.value, items: [...before.value.items, ...value.items] } };
}
