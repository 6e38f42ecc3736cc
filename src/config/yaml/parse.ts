import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type Alias,
  type Pair,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { surveyOf, type Survey } from './anchors.ts';
import { plainScalar, taggedScalar } from './scalar.ts';
import type { Entry, MapNode, Node, SourceLocation, ScalarNode } from './tree.ts';
import { excessIn, yamlLimits } from './yaml-limits.ts';

export type ParsedYaml =
  | {
      readonly kind: 'parsed';
      readonly root: Node;
      /** Keys that a mapping has already: the last value counts, as in PyYAML. */
      readonly repeatedKeys: readonly SourceLocation[];
    }
  | { readonly kind: 'broken'; readonly faults: readonly SyntaxFault[] };

export interface SyntaxFault {
  readonly location: SourceLocation;
  readonly message: string;
}

/**
 * Reads YAML into a tree of values with places, in time linear in the size of the text and of what its aliases unfold
 * to. Messages never quote the text: it may hold a secret.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  // The library's parser keeps a stack of its own; its composer and everything below call themselves once per level.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = excessIn(tokens);
  if (excess !== undefined) {
    return { kind: 'broken', faults: [{ location: locationAt(excess.offset, lines), message: excess.message }] };
  }
  // The failsafe schema leaves every scalar as it was written; `plainScalar` decides what it means. The library compares
  // each key with all before it, `surveyOf` does it in one pass.
  const composer = new Composer({ schema: 'failsafe', lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [document, another] = composer.compose(tokens, true, text.length);
  if (document === undefined) return { kind: 'parsed', root: empty({ line: 1, column: 1 }), repeatedKeys: [] };
  const survey = surveyOf(document.contents);
  const faults = document.errors.slice(0, MOST_FAULTS).map((error) => faultOf(error, lines));
  if (another !== undefined) {
    faults.push({ location: locationAt(another.range[0], lines), message: explained('MULTIPLE_DOCS') });
  }
  const reading: Reading = { survey, lines, faults, nodes: 0, aliases: 0 };
  if (reading.faults.length > 0) return { kind: 'broken', faults: reading.faults };
  const root = read(document.contents, { at: { line: 1, column: 1 }, depth: 0 }, reading);
  if (reading.faults.length > 0) return { kind: 'broken', faults: reading.faults };
  const repeated = survey.repeatedKeys.slice(0, MOST_FAULTS);
  return { kind: 'parsed', root, repeatedKeys: repeated.map((key) => locationAt(key.range?.[0] ?? 0, lines)) };
}

/** The message of a fault that LiteLLM does not have: to PyYAML a repeated key is none. */
export const REPEATED_KEY = 'this key is written twice in one mapping';

/** A file that is not YAML has a fault on every line. */
const MOST_FAULTS = 20;

interface Reading {
  readonly survey: Survey;
  readonly lines: LineCounter;
  readonly faults: SyntaxFault[];
  nodes: number;
  aliases: number;
}

/** The current depth, and the place to report for a node without its own. */
interface Spot {
  readonly at: SourceLocation;
  readonly depth: number;
}

function read(found: unknown, spot: Spot, reading: Reading): Node {
  const location = locationOf(found, reading.lines) ?? spot.at;
  const inside: Spot = { at: location, depth: spot.depth + 1 };
  reading.nodes += 1;
  if (isAlias(found)) reading.aliases += 1;
  const excess = excessOf(reading, spot);
  if (excess !== undefined) {
    if (reading.faults.length === 0) reading.faults.push({ location, message: excess });
    return empty(location);
  }
  if (isAlias(found)) return read(resolveAlias(found, location, reading), inside, reading);
  const tagged = isKnownTag(found) ? {} : ({ ambiguity: 'tag' } as const);
  if (isMap(found)) {
    const merged = merge(found.items.flatMap((pair) => readPair(pair, inside, reading)));
    return { kind: 'map', location, ...merged, ...tagged };
  }
  if (isSeq(found)) {
    return { kind: 'list', location, items: found.items.map((item) => read(item, inside, reading)), ...tagged };
  }
  return isScalar(found) ? readScalar(found, location, reading) : empty(location);
}

/** Aliases can expand a small file into a huge or endless tree. */
function excessOf({ nodes, aliases }: Reading, { depth }: Spot): string | undefined {
  if (depth > yamlLimits.depth) return `nested deeper than ${yamlLimits.depth} levels, after aliases are expanded`;
  if (nodes > yamlLimits.values) return `more than ${yamlLimits.values} values, after aliases are expanded`;
  if (aliases > yamlLimits.aliases) return `more than ${yamlLimits.aliases} aliases`;
  return undefined;
}

function resolveAlias(alias: Alias, location: SourceLocation, { survey, faults }: Reading): unknown {
  const found = survey.anchorOf.get(alias);
  if (found === undefined) faults.push({ location, message: 'this alias has no anchor above it' });
  return found;
}

function readPair(pair: Pair, spot: Spot, reading: Reading): readonly Entry[] {
  const keyLocation = locationOf(pair.key, reading.lines) ?? spot.at;
  const key = isAlias(pair.key) ? reading.survey.anchorOf.get(pair.key) : pair.key;
  if (!isScalar(key)) {
    reading.faults.push({ location: keyLocation, message: 'a key must be one word, not a list or a mapping' });
    return [];
  }
  const keyNode = readScalar(key, keyLocation, reading);
  const isText = typeof keyNode.value === 'string' && keyNode.exact === undefined;
  const value = read(pair.value, { at: keyLocation, depth: spot.depth }, reading);
  return [{ key: String(key.value), keyLocation, ...(!isText && { keyNode }), value }];
}

/**
 * Expands `<<`: keys of the mapping itself take precedence, then earlier items of a list. Keys have PyYAML's order, because
 * ids depend on it: merged keys come first, those of the last list item before those of the first.
 * PyYAML 6.0.4 and newer merges a list from its first item, and keeps the last value of two long keys.
 */
function merge(entries: readonly Entry[]): Pick<MapNode, 'entries' | 'ambiguity'> {
  if (!entries.some(({ key }) => key === '<<')) return { entries: lastOfEach(entries) };
  const sources = entries
    .filter(({ key }) => key === '<<')
    .flatMap(({ value }) => (value.kind === 'list' ? value.items.toReversed() : [value]))
    .filter((source) => source.kind === 'map');
  const own = entries.filter(({ key }) => key !== '<<');
  const all = [...sources.flatMap((source) => source.entries), ...own];
  const ambiguous = sources.length > 1 || sources.some(({ ambiguity }) => ambiguity === 'merge');
  return {
    entries: lastOfEach(all),
    ...(ambiguous && { ambiguity: 'merge' }),
  };
}

/** A repeated key has the place of the first and the value of the last, as in Python. */
function lastOfEach(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

function readScalar(scalar: Scalar, location: SourceLocation, { lines }: Reading): ScalarNode {
  const text = typeof scalar.value === 'string' ? scalar.value : '';
  const plain = scalar.type === 'PLAIN' || scalar.type === undefined;
  const lastLine = scalar.range
    ? locationAt(Math.max(scalar.range[0], scalar.range[1] - 1), lines).line
    : location.line;
  const tagged = isKnownTag(scalar) ? {} : ({ ambiguity: 'tag' } as const);
  const spot = { kind: 'scalar', location, plain, lastLine, ...tagged } as const;
  if (!plain && scalar.tag === undefined) return { ...spot, value: text };
  const found = scalar.tag === undefined ? plainScalar(text) : taggedScalar(text, scalar.tag);
  return { ...spot, ...found, ...(typeof found.value === 'number' && { written: text }) };
}

function isKnownTag(found: unknown): boolean {
  const tag = isMap(found) || isSeq(found) || isScalar(found) ? found.tag : undefined;
  return (
    tag === undefined || tag === '!' || /^(?:!!|tag:yaml\.org,2002:)(?:map|seq|str|int|float|bool|null)$/.test(tag)
  );
}

function empty(location: SourceLocation): Node {
  return { kind: 'scalar', location, value: null, plain: true, lastLine: location.line };
}

function locationOf(found: unknown, lines: LineCounter): SourceLocation | undefined {
  const range = isMap(found) || isSeq(found) || isScalar(found) || isAlias(found) ? found.range : undefined;
  return range ? locationAt(range[0], lines) : undefined;
}

function locationAt(offset: number, lines: LineCounter): SourceLocation {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function faultOf(error: YAMLError, lines: LineCounter): SyntaxFault {
  return { location: locationAt(error.pos[0], lines), message: explained(error.code) };
}

function explained(code: YAMLError['code']): string {
  return explanations[code] ?? `not valid YAML (${code})`;
}

// The library's own messages may quote what they found.
const explanations: Partial<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: 'an alias cannot have a tag or an anchor',
  BAD_ALIAS: 'this alias is not usable',
  BAD_DIRECTIVE: 'unknown directive',
  BAD_DQ_ESCAPE: 'unknown escape sequence',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a value cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping cannot start here; is the indentation right?',
  BLOCK_IN_FLOW: 'indented blocks are not allowed inside brackets',
  IMPOSSIBLE: 'not valid YAML',
  MISSING_CHAR: 'a character is missing here: a space, a colon, a quote or a bracket',
  MULTILINE_IMPLICIT_KEY: 'a key and its colon must be on one line; is a colon missing above?',
  MULTIPLE_DOCS: 'only one document can be in the file; remove the line ---',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'unknown tag',
  UNEXPECTED_TOKEN: 'unexpected text',
};
