/** Where a field of the outermost object is, in bytes. */
export interface FieldSpan {
  readonly name: string;
  /** Of the quote before its name. */
  readonly start: number;
  readonly valueStart: number;
  /** One past its value. */
  readonly valueEnd: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * Finds the fields of the outermost object, duplicates among them, without reading what is in them. The bytes must be a
 * JSON object that a parser has accepted.
 *
 * @example fieldsOf(Buffer.from('{"a":[1]}')) // [{ name: 'a', start: 1, valueStart: 5, valueEnd: 8 }]
 */
export function fieldsOf(json: Buffer): readonly FieldSpan[] {
  const fields: FieldSpan[] = [];
  let at = skipSpace(json, 0) + 1;
  for (;;) {
    at = skipSpace(json, at);
    if (json[at] !== QUOTE) return fields;
    const start = at;
    const nameEnd = endOfString(json, at);
    const valueStart = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const valueEnd = endOfValue(json, valueStart);
    fields.push({ name: nameOf(json, start, nameEnd), start, valueStart, valueEnd });
    at = skipSpace(json, valueEnd);
    if (json[at] !== COMMA) return fields;
    at += 1;
  }
}

/** A copy with other values in place of some. Everything else stays byte for byte. */
export function withValues(json: Buffer, fields: readonly FieldSpan[], values: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  let copied = 0;
  for (const { name, valueStart, valueEnd } of fields) {
    const value = values.get(name);
    if (value === undefined) continue;
    parts.push(json.subarray(copied, valueStart), value);
    copied = valueEnd;
  }
  parts.push(json.subarray(copied));
  return Buffer.concat(parts);
}

/** A copy without some fields. The values of the others stay byte for byte. */
export function withoutFields(json: Buffer, fields: readonly FieldSpan[], removed: ReadonlySet<string>): Buffer {
  const kept = fields.filter(({ name }) => !removed.has(name));
  const texts = kept.flatMap(({ start, valueEnd }, position) => [
    position === 0 ? START : SEPARATOR,
    json.subarray(start, valueEnd),
  ]);
  return Buffer.concat(kept.length === 0 ? [START, END] : [...texts, END]);
}

const START = Buffer.from('{');
const SEPARATOR = Buffer.from(',');
const END = Buffer.from('}');

function nameOf(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (let byte = json[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = json[at]) at += 1;
  return at;
}

/** One past the closing quote of the string that begins at `from`. */
function endOfString(json: Buffer, from: number): number {
  let quote = from;
  for (;;) {
    quote = json.indexOf(QUOTE, quote + 1);
    if (quote === -1) return json.length;
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

function endOfValue(json: Buffer, from: number): number {
  const first = json[from];
  if (first === QUOTE) return endOfString(json, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(json, from);
  let at = from;
  for (let byte = json[at]; byte !== undefined && !endsPlainValue(byte); byte = json[at]) at += 1;
  return at;
}

function endOfNested(json: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = json[at];
    if (byte === undefined) return at;
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
}

function endsPlainValue(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20;
}
