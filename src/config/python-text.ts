import type { Node, ScalarNode } from './tree.ts';

/** What Python's `str()` makes of a value. */
export function pythonText(node: Node): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : repr(node);
}

/** What Python's `json.dumps` makes of a value. */
export function pythonJson(node: Node): string {
  if (node.kind === 'map') {
    return `{${node.entries.map(({ key, value }) => `${jsonText(key)}: ${pythonJson(value)}`).join(', ')}}`;
  }
  if (node.kind === 'list') return `[${node.items.map(pythonJson).join(', ')}]`;
  if (typeof node.value === 'string') return jsonText(node.value);
  if (typeof node.value !== 'number') return String(node.value);
  return Number.isFinite(node.value) ? number(node) : String(node.value);
}

function repr(node: Node): string {
  if (node.kind === 'map') {
    return `{${node.entries.map(({ key, value }) => `${quoted(key)}: ${repr(value)}`).join(', ')}}`;
  }
  if (node.kind === 'list') return `[${node.items.map(repr).join(', ')}]`;
  if (node.value === null) return 'None';
  if (typeof node.value === 'boolean') return node.value ? 'True' : 'False';
  return typeof node.value === 'string' ? quoted(node.value) : number(node);
}

/** Whole numbers as they are; fractions in the fewest digits, with an exponent below 1e-4 and from 1e16 on. */
function number({ value, written = '' }: ScalarNode): string {
  const found = Number(value);
  if (!Number.isFinite(found)) return Number.isNaN(found) ? 'nan' : found > 0 ? 'inf' : '-inf';
  if (!written.includes('.')) return Object.is(found, -0) ? '0' : String(found);
  const [digits = '', power = '0'] = found.toExponential().split('e');
  const exponent = Number(power);
  if (found !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = Object.is(found, -0) ? '-0' : String(found);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(
    /[\\\p{Cc}]/gu,
    (char) => escapes[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

function jsonText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
