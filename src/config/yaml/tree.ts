import type { Exact } from './scalar.ts';

/** A YAML document as plain data with the source location of every node. */
export type Node = MapNode | ListNode | ScalarNode;

/** Line and column, both from 1. */
export interface SourceLocation {
  /** Set if it is not the main file. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** Why a value may differ in Python: an unsupported tag, or a merged list, which PyYAML 6.0.4 merges differently. */
export type Ambiguity = 'tag' | 'merge';

export interface MapNode {
  readonly kind: 'map';
  readonly location: SourceLocation;
  readonly ambiguity?: Ambiguity;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keyLocation: SourceLocation;
  /** Set if the key is not text in Python: `yes` is the key `True` there. */
  readonly keyNode?: ScalarNode;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: 'list';
  readonly location: SourceLocation;
  readonly ambiguity?: Ambiguity;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly location: SourceLocation;
  readonly ambiguity?: Ambiguity;
  readonly value: string | number | boolean | null;
  /** A number as written: `1.0` and `1` are one number but different texts. */
  readonly written?: string;
  /** Its value in Python, if `value` is not exact. */
  readonly exact?: Exact;
  /** Written without quotes. */
  readonly plain: boolean;
  /** Unquoted text may continue over several lines. */
  readonly lastLine: number;
  /** True where a reference such as `os.environ/NAME` found no variable. */
  readonly unset?: boolean;
}

export type Path = readonly (string | number)[];

/**
 * A block's settings without their places. Nulls and empty texts count as absent, because an unset
 * variable or an unfinished line reads like this. Numbers come as they were written, so that a password of digits keeps its zeros; rules for
 * numbers read them.
 */
export function settingsOf(node: Node): unknown {
  if (node.kind === 'scalar') return node.written ?? node.value;
  if (node.kind === 'list') return node.items.map(settingsOf);
  const present = node.entries.filter(({ value }) => !isAbsent(value));
  return Object.fromEntries(present.map(({ key, value }) => [key, settingsOf(value)]));
}

/** The same tree with every place of it moved. */
export function relocated(node: Node, move: (location: SourceLocation) => SourceLocation): Node {
  const location = move(node.location);
  if (node.kind === 'scalar') return { ...node, location };
  if (node.kind === 'list') return { ...node, location, items: node.items.map((item) => relocated(item, move)) };
  return {
    ...node,
    location,
    entries: node.entries.map((entry) => ({
      ...entry,
      keyLocation: move(entry.keyLocation),
      value: relocated(entry.value, move),
    })),
  };
}

/** The same tree with every scalar of it changed. */
export function mapped(node: Node, change: (scalar: ScalarNode) => ScalarNode): Node {
  if (node.kind === 'scalar') return change(node);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => mapped(item, change)) };
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: mapped(entry.value, change) })) };
}

/** The plain value, as it is sent to an upstream. */
export function valueOf(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(valueOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
}

export function isAbsent(node: Node): boolean {
  return node.kind === 'scalar' && (node.value === null || node.value === '');
}

/** The value of a key; undefined if the node is not a mapping, or the key is missing or empty. */
export function child(node: Node | undefined, key: string): Node | undefined {
  const found = entryOf(node, key)?.value;
  return found === undefined || isAbsent(found) ? undefined : found;
}

/** A key's entry, even if empty: for callers that distinguish an empty key from a missing one. */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The deepest node on the way to `path`, and whether the way was walked to its end. */
export function follow(
  root: Node,
  path: Path,
): { readonly node: Node; readonly location: SourceLocation; readonly found: boolean } {
  let node = root;
  let location = root.location;
  for (const step of path) {
    const entry =
      node.kind === 'map' ? node.entries.find(({ key, value }) => key === step && !isAbsent(value)) : undefined;
    const next = node.kind === 'list' && typeof step === 'number' ? node.items[step] : entry?.value;
    if (next === undefined) return { node, location, found: false };
    location = entry?.keyLocation ?? next.location;
    node = next;
  }
  return { node, location: onOneLine(node, location) ? node.location : location, found: true };
}

// A block of settings begins below its key: the key is then the better place to report.
function onOneLine(node: Node, key: SourceLocation): boolean {
  return node.kind === 'scalar' || node.location.line === key.line;
}

/** @example showPath(['model_list', 0, 'litellm_params']) // 'model_list[0].litellm_params' */
export function showPath(path: Path): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${showKey(step)}`))
    .join('');
}

/** A key that is not a plain word is cut: if a colon is missing, the key may contain a secret. */
function showKey(key: string): string {
  const word = /^[\w.*-]{0,64}/.exec(key)?.[0] ?? '';
  return word === key ? key : `${word}…`;
}

/**
 * An integer as pydantic converts it for LiteLLM: also from `1.0`, true, and the texts `1_000` and `1.0`, but not from
 * `1e3`. Undefined if pydantic refuses the value.
 */
export function countOf({ value, exact }: ScalarNode): number | undefined {
  if (exact?.kind === 'int') return Number(exact.value);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return value !== null && countText.test(value) ? Number(value.replaceAll('_', '')) : undefined;
}

const countText = /^\s*[-+]?\d+(?:_\d+)*(?:\.0+)?\s*$/;
