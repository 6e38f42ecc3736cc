import { readDate, type PythonDate } from '../../litellm/index.ts';

/** The value of a scalar, and its exact value in Python if that differs. */
export interface PlainScalar {
  readonly value: string | number | boolean | null;
  readonly exact?: Exact;
}

/** Python values that JavaScript cannot represent exactly: `1` and `1.0`, integers of any size, dates. */
export type Exact =
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'date'; readonly value: PythonDate };

/**
 * The value of an unquoted scalar. LiteLLM reads its files with PyYAML, which has its own variant of YAML 1.1: `yes` is true,
 * `010` is 8, `12:30` is 750, `1e-6` (no dot) and `+.5` are text. The library's YAML 1.1 takes the last two for numbers,
 * `08` and `y` as well, so the patterns here are PyYAML's.
 */
export function plainScalar(text: string): PlainScalar {
  if (nothing.has(text)) return { value: null };
  if (truths.has(text)) return { value: true };
  if (falsehoods.has(text)) return { value: false };
  if (fraction.test(text)) {
    const value = fractionOf(text.replaceAll('_', '').toLowerCase());
    return { value, exact: { kind: 'float', value } };
  }
  if (wholeNumber.test(text)) {
    const value = wholeNumberOf(text.replaceAll('_', ''));
    // An integer that a double cannot hold is kept as text.
    const held = Number.isSafeInteger(Number(value)) ? Number(value) : text;
    return { value: held, exact: { kind: 'int', value } };
  }
  const date = readDate(text);
  // Most dates in these files are names of versions.
  return date === undefined ? { value: text } : { value: text, exact: { kind: 'date', value: date } };
}

/** A scalar with a tag such as `!!int`; any other tag makes it text. */
export function taggedScalar(text: string, tag: string): PlainScalar {
  const type = tag === '!' ? tag : /^(?:!!|tag:yaml\.org,2002:)(int|float|bool|null)$/.exec(tag)?.[1];
  if (type === undefined) return { value: text };
  const found = plainScalar(text);
  return type === 'float' && typeof found.value === 'number'
    ? { value: found.value, exact: { kind: 'float', value: found.value } }
    : found;
}

const nothing = new Set(['', '~', 'null', 'Null', 'NULL']);
const truths = spellings(['yes', 'true', 'on']);
const falsehoods = spellings(['no', 'false', 'off']);
const fraction =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
// PyYAML also matches `0b_` and `0x_`, and then fails to convert them.
const wholeNumber =
  /^[-+]?(?:0b_*[01][01_]*|0[0-7_]+|0|[1-9][\d_]*|0x_*[\da-fA-F][\da-fA-F_]*|[1-9][\d_]*(?::[0-5]?\d)+)$/;

function spellings(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]));
}

function fractionOf(text: string): number {
  const [sign, digits] = signOf(text);
  if (digits === '.inf') return sign * Infinity;
  if (digits === '.nan') return NaN;
  // To the base of sixty, from the last place on, as PyYAML adds: the order decides the last bit.
  return (
    sign * digits.split(':').reduceRight((sum, part, at, { length }) => sum + Number(part) * 60 ** (length - 1 - at), 0)
  );
}

function wholeNumberOf(text: string): bigint {
  const [sign, digits] = signOf(text);
  return BigInt(sign) * amountOf(digits);
}

function amountOf(digits: string): bigint {
  if (/^0[0-7]/.test(digits)) return BigInt(`0o${digits}`);
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function signOf(text: string): readonly [sign: 1 | -1, rest: string] {
  return [text.startsWith('-') ? -1 : 1, text.replace(/^[-+]/, '')];
}
