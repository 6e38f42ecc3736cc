import { addNote, addProblem, type Findings, nearest } from '../problems/index.ts';
import { classOf, isOfRouting, isOurs, keysOf, keyTable, recordingCallbacks } from './known-keys.ts';
import type { Entry, Node, Path, SourceLocation } from '../yaml/index.ts';

/** How to report keys that allswell does not act upon. */
export interface IgnoredKeyRules {
  /** Protective keys that may be ignored: those of `accept_ignored`. */
  readonly accepted: readonly string[];
  /** End of the one line about all protective keys, where another program enforces them; none is refused then. */
  readonly protective?: readonly [one: string, several: string];
  /** Whether a key of another block of LiteLLM's is a problem, at the top level and under `router_settings`. */
  readonly misplaced: 'problem' | 'warning';
  /** End of the one line about all routing keys; absent: no line. */
  readonly routing?: readonly [one: string, several: string];
}

/**
 * Reports all keys of the file that allswell ignores. Each is reported once, however many models have it. A protective key
 * is a problem unless it is accepted, or another program enforces it.
 */
export function reportIgnoredKeys(root: Node, rules: IgnoredKeyRules, findings: Findings): void {
  const { protective, routing } = rules;
  const ignored = new Map<string, Ignored>();
  for (const found of keysBelow(root, { block: '', path: [] })) collect(found, ignored);
  const all = [...ignored.values()];
  const waiting = all.filter(({ block, entry }) => classOf(block, entry.key) === 'routing');
  const left = protective === undefined ? [] : all.filter(isProtectiveKey);
  for (const one of all) {
    if (!waiting.includes(one) && !left.includes(one)) report(one, rules, findings);
  }
  if (protective !== undefined) noteTogether(left, { level: 'warn', says: protective }, findings);
  // Keys of a block are listed instead of the block. Values such as `false` have no effect anyway.
  const asked = waiting.filter(({ name, entry }) => !isBlock(name) && !isOff(entry.value));
  if (routing !== undefined) {
    noteTogether(asked, { level: 'info', says: routing }, findings);
  }
}

/** The settings of LiteLLM that a file has switched on or set, by what allswell does with them; each once. */
export function keysByUse(root: Node): { readonly honoured: readonly string[]; readonly ignored: readonly string[] } {
  const [honoured, ignored] = [new Set<string>(), new Set<string>()];
  for (const { block, entry } of keysBelow(root, { block: '', path: [] })) {
    const name = block === '' ? entry.key : `${block}.${entry.key}`;
    if (isOurs(name) || isBlock(name) || isOff(entry.value)) continue;
    (classOf(block, entry.key) === 'honoured' ? honoured : ignored).add(name);
  }
  return { honoured: [...honoured], ignored: [...ignored] };
}

interface Sentence {
  readonly level: 'info' | 'warn';
  /** For one key, and for several. */
  readonly says: readonly [one: string, several: string];
}

/** They may be many, and one line is enough for them. */
function noteTogether(keys: readonly Ignored[], { level, says }: Sentence, findings: Findings): void {
  const [first, ...others] = keys;
  if (first === undefined) return;
  const [one, several] = says;
  const is = others.length === 0 ? one : `(and ${others.map(({ name }) => name).join(', ')}) ${several}`;
  addNote(findings, level, { location: first.entry.keyLocation, path: first.path, is });
}

interface FoundKey {
  readonly block: string;
  readonly path: Path;
  readonly entry: Entry;
}

interface Ignored extends FoundKey {
  readonly name: string;
  times: number;
}

function* keysBelow(node: Node, at: { block: string; path: Path }): Generator<FoundKey> {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      yield* keysBelow(item, { block: `${at.block}[]`, path: [...at.path, index] });
    }
  }
  if (node.kind !== 'map') return;
  for (const entry of node.entries) {
    const path = [...at.path, entry.key];
    yield { block: at.block, path, entry };
    const inside = at.block === '' ? entry.key : `${at.block}.${entry.key}`;
    if (isBlock(inside)) yield* keysBelow(entry.value, { block: inside, path });
  }
}

function isBlock(name: string): boolean {
  return name in keyTable || `${name}[]` in keyTable;
}

function collect(found: FoundKey, ignored: Map<string, Ignored>): void {
  const { block, entry } = found;
  const name = block === '' ? entry.key : `${block}.${entry.key}`;
  const kind = classOf(block, entry.key);
  if (kind === 'honoured' || (kind === undefined && isBlock(name))) return;
  // Off in one place and on in another: the one that is on counts.
  const known = ignored.get(name);
  if (known === undefined || isOff(known.entry.value)) {
    ignored.set(name, { ...found, name, times: (known?.times ?? 0) + 1 });
  } else known.times += 1;
}

function isProtectiveKey({ block, entry }: Ignored): boolean {
  return isProtective(entry, classOf(block, entry.key));
}

function report(
  { block, path, entry, name, times }: Ignored,
  { accepted, misplaced }: IgnoredKeyRules,
  findings: Findings,
): void {
  const at = { location: entry.keyLocation, path };
  const kind = classOf(block, entry.key);
  if (isProtective(entry, kind) && !accepted.includes(name)) {
    const is = 'is a security setting that allswell does not enforce';
    const expected = `no ${name} in the file, or its name in fleet_health.accept_ignored`;
    addProblem(findings, { code: 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY', ...at, is, expected });
    return;
  }
  const home = kind === undefined ? homeOf(block, entry.key) : undefined;
  const meant = kind === undefined ? nearest(entry.key, keysOf(block)) : undefined;
  if (kind === undefined && isOurs(block)) {
    const hint =
      home === undefined ? (meant === undefined ? '' : `: did you mean ${meant}?`) : `: it belongs under ${home}`;
    addProblem(findings, { ...at, is: `is not a setting of fleet_health${hint}`, expected: keysOf(block).join(', ') });
    return;
  }
  if (home !== undefined) {
    const isTaken = misplaced === 'warning' && !isOurs(home);
    reportMisplaced(home, at, { block: isTaken ? undefined : block, key: entry.key, findings });
    return;
  }
  const often = times > 1 ? ` (${times} times)` : '';
  if (meant !== undefined) {
    addNote(findings, 'warn', { ...at, is: `is not a known key and is ignored${often}: did you mean ${meant}?` });
  } else {
    addNote(findings, 'info', {
      ...at,
      is: `is ignored${often}: ${kind === undefined ? 'unknown key' : 'not used by allswell'}`,
    });
  }
}

const settingBlocks = ['general_settings', 'litellm_settings', 'router_settings', 'fleet_health'];
const modelBlocks = ['model_list[].model_info', 'model_list[].litellm_params'];

/** The block that a key probably belongs to: it is honoured there and unknown in its own block. */
function homeOf(block: string, key: string): string | undefined {
  const near = block.startsWith('model_list[]') ? modelBlocks : settingBlocks;
  return near.find((one) => one !== block && classOf(one, key) === 'honoured');
}

/**
 * Copied examples lose their indentation, and a key at the top level would silently have no effect. Under
 * `router_settings` LiteLLM refuses the interval too. In any other block LiteLLM starts with the key.
 */
function reportMisplaced(
  home: string,
  at: { location: SourceLocation; path: Path },
  { block, key, findings }: { block: string | undefined; key: string; findings: Findings },
): void {
  const below = home.replace('model_list[].', '');
  // LiteLLM routes without a misplaced key of routing.
  if ((block === '' || block === 'router_settings') && !isOfRouting(key)) {
    addProblem(findings, { ...at, is: `belongs under ${below}`, expected: `the line indented below ${below}:` });
  } else addNote(findings, 'warn', { ...at, is: `is ignored here: it belongs under ${below}` });
}

function isProtective(entry: Entry, kind: ReturnType<typeof classOf>): boolean {
  if (isOff(entry.value)) return false;
  return kind === 'protective' || (entry.key === 'callbacks' && !onlyRecords(entry.value));
}

function isOff(value: Node): boolean {
  if (value.kind === 'scalar') return value.value === null || value.value === false || value.value === '';
  return (value.kind === 'map' ? value.entries : value.items).length === 0;
}

/** Callbacks, including custom ones, may redact, check or refuse. Only those known to record are harmless. */
function onlyRecords(callbacks: Node): boolean {
  const names = callbacks.kind === 'list' ? callbacks.items : [callbacks];
  return names.every(
    (name) => name.kind === 'scalar' && typeof name.value === 'string' && recordingCallbacks.has(name.value),
  );
}
