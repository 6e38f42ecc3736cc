import type { z } from 'zod';
import { addProblem, type Findings } from './findings.ts';
import { follow, mapped, type Node, type Path, settingsOf } from '../yaml/index.ts';

/**
 * Reads one block by its schema. Undefined when something in it is wrong; every wrong thing is then in the findings, with
 * the place where it is written.
 */
export function checkBlock<T>(
  schema: z.ZodType<T>,
  node: Node,
  { path, findings }: { path: Path; findings: Findings },
): T | undefined {
  const asWritten = schema.safeParse(settingsOf(node));
  const result = asWritten.success ? asWritten : schema.safeParse(settingsOf(byValue(node, asWritten.error.issues)));
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const below = pathOf(issue);
    const { node: at, location, found } = follow(node, below);
    const is = found ? `is ${describe(at)}` : 'is missing';
    addProblem(findings, { location, path: [...path, ...below], is, expected: issue.message });
  }
  return undefined;
}

/**
 * The block without the values that {@link checkBlock} has reported, each of which `may` be left out by the key of the block
 * that it is in. Where a mapping is useless without such a value, the whole key is left out.
 */
export function withoutWrongValues<T>(
  schema: z.ZodType<T>,
  node: Node,
  may: (key: string) => boolean = () => true,
): T | undefined {
  const result = schema.safeParse(settingsOf(node));
  if (result.success) return undefined;
  const wrong = result.error.issues.map(pathOf);
  if (!wrong.every(([key]) => typeof key === 'string' && may(key))) return undefined;
  const read = (paths: readonly Steps[]): T | undefined => schema.safeParse(settingsOf(without(node, paths))).data;
  return read(wrong) ?? read(wrong.map(([key]) => (key === undefined ? [] : [key])));
}

type Steps = readonly (string | number)[];

function without(node: Node, paths: readonly Steps[]): Node {
  if (node.kind === 'scalar' || paths.length === 0) return node;
  const below = (step: string | number): Steps[] =>
    paths.filter(([first]) => first === step).map(([, ...rest]) => rest);
  const kept = (step: string | number): boolean => below(step).every((rest) => rest.length > 0);
  if (node.kind === 'list') {
    return { ...node, items: node.items.flatMap((item, at) => (kept(at) ? [without(item, below(at))] : [])) };
  }
  const entries = node.entries.filter(({ key }) => kept(key));
  return { ...node, entries: entries.map((entry) => ({ ...entry, value: without(entry.value, below(entry.key)) })) };
}

/** Numbers that do not do as they are written, such as `1_000` and `1:30`, are read as what they are. */
function byValue(node: Node, issues: readonly z.core.$ZodIssue[]): Node {
  const wrong = new Set(issues.map((issue) => follow(node, pathOf(issue)).node));
  return mapped(node, (scalar) => {
    if (!wrong.has(scalar)) return scalar;
    const { written: _written, ...rest } = scalar;
    return rest;
  });
}

function pathOf({ path }: z.core.$ZodIssue): Steps {
  return path.filter((step) => typeof step !== 'symbol');
}

/** The kind of a value, without the value itself, which may be a secret. */
export function describe(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  const { value } = node;
  if (value === null || value === '') return 'empty';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') return value < 0 ? 'a negative number' : value === 0 ? 'zero' : 'a number';
  return value.includes('#') ? 'text with a # in it (a comment needs a space before its #)' : 'text';
}
