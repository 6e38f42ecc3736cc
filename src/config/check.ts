import type { z } from 'zod';
import { addProblem, type Findings } from './findings.ts';
import { follow, settingsOf, type Node, type Path } from './tree.ts';

/**
 * Reads one block by its schema. Undefined when something in it is wrong; every wrong thing is then in the findings, with
 * the place where it is written.
 */
export function checkBlock<T>(
  schema: z.ZodType<T>,
  node: Node,
  { path, findings }: { path: Path; findings: Findings },
): T | undefined {
  const result = schema.safeParse(settingsOf(node));
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const below = issue.path.filter((step) => typeof step !== 'symbol');
    const { node: at, place, found } = follow(node, below);
    const is = found ? `is ${describe(at)}` : 'is missing';
    addProblem(findings, { place, path: [...path, ...below], is, expected: issue.message });
  }
  return undefined;
}

/** What kind of thing was found: enough to understand, too little to give a secret away. */
export function describe(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  const { value } = node;
  if (value === null || value === '') return 'empty';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') return value < 0 ? 'a negative number' : value === 0 ? 'zero' : 'a number';
  return value.includes('#') ? 'text with a # in it (a comment needs a space before its #)' : 'text';
}
