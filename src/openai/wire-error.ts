import { isObject, parseJson, textOf } from './json.ts';
import type { JsonObject } from './json.ts';

/** An error as the upstream words it. Not redacted. */
export interface WireError {
  readonly message?: string;
  /** `code`, `type` and the codes of inner errors, lower case: vendors disagree about which of them says what. */
  readonly codes: readonly string[];
  /** A number in place of a code, as gateways send it within a 200. */
  readonly status?: number;
}

/** Reads the error bodies of OpenAI, Azure, vLLM and FastAPI; plain text is its own message, a page of HTML has none. */
export function readWireError(text: string): WireError {
  const body = parseJson(text);
  if (isObject(body)) return wireErrorOf(body);
  const line = text.trim();
  return { codes: [], ...(line === '' || line.startsWith('<') ? {} : { message: line }) };
}

/** Finds the error in a body that was parsed already. */
export function wireErrorOf(body: JsonObject): WireError {
  const error = body['error'] ?? body['detail'] ?? body;
  if (typeof error === 'string') return { message: error, codes: codesOf(body) };
  // FastAPI lists what it found wrong.
  const first: unknown = Array.isArray(error) ? error[0] : error;
  if (!isObject(first)) return { codes: codesOf(body) };
  const message = textOf(first['message']) ?? textOf(first['msg']) ?? textOf(first['error']);
  const status = typeof first['code'] === 'number' ? first['code'] : undefined;
  return {
    codes: codesOf(first),
    ...(message === undefined ? {} : { message }),
    ...(status === undefined ? {} : { status }),
  };
}

function codesOf(error: JsonObject): string[] {
  const inner = error['innererror'] ?? error['inner_error'];
  const own = [error['code'], error['type']].map(textOf).filter((code) => code !== undefined);
  return [...own.map((code) => code.toLowerCase()), ...(isObject(inner) ? codesOf(inner) : [])];
}
