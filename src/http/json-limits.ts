/** Most levels of nesting, and most keys and values. */
export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
}

/** What the JSON of a request may have, beside its bytes. */
export const jsonLimits: JsonLimits = { depth: 32, values: 20_000 };

/**
 * Why a JSON text is refused before it is parsed. What is made of it later calls itself once per level, and takes time
 * for each value.
 *
 * @example
 * jsonExcess('{"a":[1]}') // undefined
 */
export function jsonExcess(text: string, limits: JsonLimits = jsonLimits): string | undefined {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_MAP:
      case OPEN_LIST:
        depth += 1;
        if (depth > limits.depth) return `is nested deeper than ${limits.depth} levels`;
        break;
      case CLOSE_MAP:
      case CLOSE_LIST:
        depth -= 1;
        break;
      case COMMA:
      case COLON:
        values += 1;
        if (values > limits.values) return `has more than ${limits.values} keys and values`;
    }
  }
  return undefined;
}

/** Where the string that begins at `from` ends: its last quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
