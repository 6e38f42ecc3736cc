import { dirname, isAbsolute, join, normalize } from 'node:path';
import { addNote, addProblem, describe, type Findings } from '../problems/index.ts';
import { NotReadableError } from './read-config-file.ts';
import { readTree } from './read-tree.ts';
import { child, type Entry, follow, type MapNode, type Node } from '../yaml/index.ts';

export interface Included {
  /** The whole configuration as one tree; every place in it knows its file. */
  readonly root: Node;
  /** The files that were read, or should have been. */
  readonly files: readonly string[];
}

/**
 * Adds the files under `include`. As in LiteLLM, lists of an included file are appended; its other keys
 * replace earlier ones. Included files may include more, each file counts once, and those that the
 * main file names come before those that they name.
 */
export function addIncluded(root: Node, { file, readFile, findings }: IncludeInput): Included {
  if (root.kind !== 'map') return { root, files: [] };
  const look = { main: file, readFile };
  let whole = withoutInclude(root);
  const files: string[] = [];
  const seen = new Set([normalize(file)]);
  const pending = includedBy(root, { ...findings, file });
  for (let wanted = pending.shift(); wanted !== undefined; wanted = pending.shift()) {
    const path = includedPath(wanted, look);
    if (seen.has(path)) continue;
    seen.add(path);
    files.push(path);
    const part = readPart(path, wanted, readFile);
    if (part === undefined) continue;
    whole = merge(whole, withoutInclude(part), { file: path, findings });
    pending.push(...includedBy(part, { ...findings, file: path }));
  }
  return { root: whole, files };
}

export interface IncludeInput {
  readonly file: string;
  readonly readFile: (path: string) => string;
  readonly findings: Findings;
}

function withoutInclude(root: MapNode): MapNode {
  return { ...root, entries: root.entries.filter(({ key }) => key !== 'include') };
}

/** A file that another one names. */
interface Wanted {
  readonly name: string;
  readonly spot: Pick<Parameters<typeof addProblem>[1], 'location' | 'path'>;
  /** Those of the file that names it. */
  readonly findings: Findings;
}

function includedBy(root: MapNode, findings: Findings): Wanted[] {
  const list = child(root, 'include');
  if (list === undefined) return [];
  if (list.kind !== 'list') {
    const spot = { location: follow(root, ['include']).location, path: ['include'] };
    addProblem(findings, { ...spot, is: `is ${describe(list)}`, expected: 'a list of files' });
    return [];
  }
  return list.items.flatMap((item, at): Wanted[] => {
    const spot = { location: item.location, path: ['include', at] };
    const name = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '';
    if (name !== '') return [{ name, spot, findings }];
    addProblem(findings, { ...spot, is: `is ${describe(item)}`, expected: 'the path of a file' });
    return [];
  });
}

/**
 * Beside the file that names it; else beside the main file, where older versions of LiteLLM looked, and where it still
 * finds it.
 */
function includedPath(
  { name, spot, findings }: Wanted,
  look: { main: string; readFile: (path: string) => string },
): string {
  const [beside, besideMain] = [findings.file, look.main].map((from) =>
    isAbsolute(name) ? normalize(name) : join(dirname(from), name),
  ) as [string, string];
  if (beside === besideMain || readText(besideMain, look.readFile).kind === 'unreadable') return beside;
  const found = readText(beside, look.readFile).kind === 'read';
  const is = found
    ? `is found twice: ${beside} is read, ${besideMain} is not`
    : `is not in the folder of the file that includes it: ${besideMain} is read`;
  addNote(findings, 'warn', { ...spot, is });
  return found ? beside : besideMain;
}

function readPart(path: string, { spot, findings }: Wanted, readFile: (path: string) => string): MapNode | undefined {
  const text = readText(path, readFile);
  if (text.kind === 'unreadable') {
    const is = `names a file that cannot be read${text.why}`;
    addProblem(findings, { code: 'ALLSWELL_ERR_CONFIG_UNREADABLE', ...spot, is, expected: 'a YAML file' });
    return undefined;
  }
  const own: Findings = { ...findings, file: path };
  const root = readTree(text.text, own);
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return undefined;
  if (root.kind === 'map') return root;
  addProblem(own, { location: root.location, path: [], is: `the file is ${describe(root)}`, expected: 'a mapping' });
  return undefined;
}

export type ReadText =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; /** Such as ` (ENOENT)` or `: it is a FIFO`, or nothing. */ readonly why: string };

export function readText(path: string, readFile: (path: string) => string): ReadText {
  try {
    return { kind: 'read', text: readFile(path) };
  } catch (error) {
    return { kind: 'unreadable', why: whyUnreadable(error) };
  }
}

function whyUnreadable(error: unknown): string {
  if (error instanceof NotReadableError) return `: ${error.message}`;
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}

function merge(whole: MapNode, part: MapNode, { file, findings }: { file: string; findings: Findings }): MapNode {
  const entries = new Map(whole.entries.map((entry) => [entry.key, entry]));
  for (const entry of part.entries) {
    const before = entries.get(entry.key);
    if (before === undefined) entries.set(entry.key, entry);
    else {
      const both = joined(before, entry);
      if (both === undefined) {
        const is = `is also in ${file}, which replaces it as a whole`;
        addNote(findings, 'warn', { location: before.keyLocation, path: [entry.key], is });
      }
      entries.set(entry.key, both ?? entry);
    }
  }
  return { ...whole, entries: [...entries.values()] };
}

function joined(before: Entry, { value }: Entry): Entry | undefined {
  if (before.value.kind !== 'list' || value.kind !== 'list') return undefined;
  return { ...before, value: { ...before.value, items: [...before.value.items, ...value.items] } };
}
