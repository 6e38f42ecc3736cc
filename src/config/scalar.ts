/**
 * What a scalar without quotes means. LiteLLM's files are read by PyYAML, which follows YAML 1.1: `yes` is true, `1e-6`
 * (no dot) is text. Where the two versions differ we read the file the way its author's gateway did.
 */
export function plainScalar(text: string): string | number | boolean | null {
  if (nothing.has(text)) return null;
  if (truths.has(text)) return true;
  if (falsehoods.has(text)) return false;
  if (wholeNumber.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  if (fraction.test(text)) return Number(text);
  if (infinite.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (notANumber.has(text)) return NaN;
  return text;
}

const nothing = new Set(['', '~', 'null', 'Null', 'NULL']);
const truths = spellings(['yes', 'true', 'on']);
const falsehoods = spellings(['no', 'false', 'off']);
// A leading zero (octal there) and underscores stay text: in these files they are passwords and names, not sums.
const wholeNumber = /^[-+]?(0|[1-9]\d*)$/;
const fraction = /^[-+]?(\d+\.\d*|\.\d+)([eE][-+]\d+)?$/;
const infinite = /^[-+]?\.(inf|Inf|INF)$/;
const notANumber = new Set(['.nan', '.NaN', '.NAN']);

function spellings(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]));
}
