const KEY = Buffer.from('"model"');
/** Before a letter that is written as a number: then a name may not look like itself. */
const ESCAPE = Buffer.from('\\u');
const COLON = 0x3a;

/**
 * A copy of a JSON object with another name of its model, every other byte as it was; undefined where the place of the name is
 * not certain without reading the whole text. It is certain if the object has a field `model` with the value `from`, and
 * the text has one `"model"`: in a string these quotes would be escaped.
 */
export function renameModel(
  json: Buffer,
  { from, to }: { readonly from: string; readonly to: string },
): Buffer | undefined {
  const key = json.indexOf(KEY);
  if (key === -1 || !namesModelOnce(json, key)) return undefined;
  const colon = skipSpace(json, key + KEY.length);
  if (json[colon] !== COLON) return undefined;
  const start = skipSpace(json, colon + 1);
  const old = Buffer.from(JSON.stringify(from));
  const end = start + old.length;
  // Bytes that are no UTF-8 were read as longer characters.
  if (!old.equals(json.subarray(start, end))) return undefined;
  return Buffer.concat([json.subarray(0, start), Buffer.from(JSON.stringify(to)), json.subarray(end)]);
}

/** False where a JSON text may have more than one field `model`: parsers differ in which one they take. */
export function namesModelOnce(json: Buffer, firstAt: number = json.indexOf(KEY)): boolean {
  return !json.includes(KEY, firstAt + KEY.length) && !json.includes(ESCAPE);
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (let byte = json[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = json[at]) at += 1;
  return at;
}
