/**
 * Value of a JSON text; undefined if the text is not JSON.
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
