import { dateRepr, dateText } from '../../litellm/index.ts';
import type { Exact } from './scalar.ts';
import type { Entry, MapNode, Node, ScalarNode } from './tree.ts';

/**
 * Whose text is wanted: Python's, or that of LiteLLM's native router (since 1.110). The native router does not escape
 * characters beyond ASCII in a list, and an infinite number is `None` there (`null` in JSON).
 */
export type Printer = 'python' | 'native';

/** The value as Python's `str()` prints it. */
export function pythonText(node: Node, printer: Printer = 'python'): string {
  if (node.kind !== 'scalar') return repr(node, printer);
  if (node.exact?.kind === 'date') return dateText(node.exact.value);
  return node.exact === undefined && typeof node.value === 'string' ? node.value : repr(node, printer);
}

/** The value as Python's `json.dumps` prints it; for unknown types LiteLLM inserts the name of the type. */
export function pythonJson(node: Node, printer: Printer = 'python'): string {
  if (node.kind === 'map') {
    return `{${pythonItems(node)
      .map(({ key, value }) => `${jsonKey(key, printer)}: ${pythonJson(value, printer)}`)
      .join(', ')}}`;
  }
  if (node.kind === 'list') return `[${node.items.map((item) => pythonJson(item, printer)).join(', ')}]`;
  const { value, exact } = node;
  if (exact?.kind === 'date') return exact.value.time === undefined ? '"datetime.date"' : '"datetime.datetime"';
  if (exact?.kind === 'float' && !Number.isFinite(exact.value)) {
    return printer === 'native' && isInfinite(exact) ? 'null' : String(exact.value);
  }
  if (exact !== undefined) return number(exact);
  return typeof value === 'string' ? jsonText(value) : String(value);
}

/** A mapping as in Python: equal keys are one, at the place of the first, with the value of the last. */
export function pythonItems({ entries }: MapNode): readonly { readonly key: ScalarNode; readonly value: Node }[] {
  const items = new Map<string, { readonly key: ScalarNode; readonly value: Node }>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const id = equalId(key);
    items.set(id, { key: items.get(id)?.key ?? key, value: entry.value });
  }
  return [...items.values()];
}

function keyOf({ key, keyLocation, keyNode }: Entry): ScalarNode {
  return keyNode ?? { kind: 'scalar', location: keyLocation, lastLine: keyLocation.line, plain: false, value: key };
}

/** The same for what Python finds equal: `True`, `1` and `1.0`. */
function equalId({ value, exact }: ScalarNode): string {
  if (exact?.kind === 'date') return `date ${dateRepr(exact.value)}`;
  const amount = exact?.value ?? (typeof value === 'boolean' ? Number(value) : undefined);
  if (amount === undefined) return `${typeof value} ${value}`;
  return `number ${typeof amount === 'number' && Number.isInteger(amount) ? BigInt(amount) : amount}`;
}

function jsonKey(key: ScalarNode, printer: Printer): string {
  const text = pythonJson(key, printer);
  return text.startsWith('"') ? text : `"${text}"`;
}

function repr(node: Node, printer: Printer): string {
  if (node.kind === 'map') {
    return `{${pythonItems(node)
      .map(({ key, value }) => `${repr(key, printer)}: ${repr(value, printer)}`)
      .join(', ')}}`;
  }
  if (node.kind === 'list') return `[${node.items.map((item) => repr(item, printer)).join(', ')}]`;
  const { value, exact } = node;
  if (exact?.kind === 'date') return dateRepr(exact.value);
  if (exact !== undefined) return printer === 'native' && isInfinite(exact) ? 'None' : number(exact);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return quoted(String(value), printer);
}

function isInfinite({ kind, value }: Exclude<Exact, { kind: 'date' }>): boolean {
  return kind === 'float' && Math.abs(value) === Infinity;
}

/** Whole numbers as they are; fractions in the fewest digits, with an exponent below 1e-4 and from 1e16 on. */
function number({ kind, value }: Exclude<Exact, { kind: 'date' }>): string {
  if (kind === 'int') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Characters that Python does not print: all but letters, marks, digits, signs and the common space. */
const unprintable = /[\\\p{C}\p{Z}]/gu;

function quoted(text: string, printer: Printer): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const kept = (char: string): boolean => char === ' ' || (printer === 'native' && char > '\x7f');
  const escaped = text.replaceAll(unprintable, (char) => (kept(char) ? char : (escapes[char] ?? codeOf(char))));
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

function codeOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function jsonText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
