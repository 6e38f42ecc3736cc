/**
 * The value of a JSON text; undefined for a text that is no JSON.
 *
 * @example
 * parseJson('{"a":1}'); // { a: 1 }
 * parseJson('a'); // undefined
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
