import { keyTable } from '../schema/index.ts';
import { findMissingSpaces, insertSpaces, locationsBefore, type MissingSpace } from './missing-space.ts';
import { type Node, parseYaml, REPEATED_KEY, type SourceLocation, relocated } from '../yaml/index.ts';
import { addProblem, type Findings } from '../problems/index.ts';
import type { Problem } from '../types.ts';

/**
 * Reads a file's text. Missing spaces are reported and then put in, so that the rest of the file can be checked in the
 * same run; places are those of the text as it was given. Undefined when it is not YAML even so.
 */
export function readTree(text: string, findings: Findings): Node | undefined {
  const given = parseYaml(text);
  const candidates = findMissingSpaces(text);
  const missing = given.kind === 'broken' ? candidates : mistakesAmong(candidates, given.root);
  const parsed = missing.length === 0 ? given : parseYaml(insertSpaces(text, missing));
  findings.problems.push(...missing.map((one) => problemOf(one, findings.file)));
  const before = locationsBefore(missing);
  const locationOf = (location: SourceLocation): SourceLocation => ({ ...before(location), file: findings.file });
  if (parsed.kind === 'parsed') {
    for (const location of parsed.repeatedKeys) {
      const at = { location: locationOf(location), path: [], is: REPEATED_KEY, expected: '' };
      addProblem(findings, { code: 'ALLSWELL_ERR_CONFIG_SYNTAX', ...at });
    }
    return relocated(parsed.root, locationOf);
  }
  for (const fault of parsed.faults) {
    const location = locationOf(fault.location);
    addProblem(findings, { code: 'ALLSWELL_ERR_CONFIG_SYNTAX', location, path: [], is: fault.message, expected: '' });
  }
  return undefined;
}

function problemOf({ location, key, lacks, right }: MissingSpace, file: string): Problem {
  const message = `${key} needs a space ${lacks.join(' and ')}`;
  return { code: 'ALLSWELL_ERR_CONFIG_MISSING_SPACE', file, ...location, path: key, message, expected: `'${right}'` };
}

/** In a file that is YAML as it stands, `word:word` is a mistake only where a block of settings or a key should be. */
function mistakesAmong(candidates: readonly MissingSpace[], root: Node): readonly MissingSpace[] {
  if (candidates.length === 0) return [];
  const wrong = new Set<number>();
  for (const { first, last } of wrongLines(root, '')) {
    for (let line = first; line <= last; line += 1) wrong.add(line);
  }
  return candidates.filter(({ location, lacks }) => lacks.includes('after its dash') || wrong.has(location.line));
}

interface Lines {
  readonly first: number;
  readonly last: number;
}

function wrongLines(node: Node, block: string): readonly Lines[] {
  if (node.kind === 'scalar') {
    return node.plain && typeof node.value === 'string' ? [{ first: node.location.line, last: node.lastLine }] : [];
  }
  if (node.kind === 'list') {
    return `${block}[]` in keyTable ? node.items.flatMap((item) => wrongLines(item, `${block}[]`)) : [];
  }
  return node.entries.flatMap(({ key, keyLocation, value }) => {
    if (key.includes(':')) return [{ first: keyLocation.line, last: keyLocation.line }];
    const inside = block === '' ? key : `${block}.${key}`;
    return inside in keyTable || `${inside}[]` in keyTable ? wrongLines(value, inside) : [];
  });
}
