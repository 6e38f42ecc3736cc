import { isObject, parseJson, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { boundedWaitMs } from './retry-after.ts';

/** An error as the upstream words it. Not redacted. */
export interface WireError {
  readonly message?: string;
  /** `code`, `type` and the codes of inner errors, lower case: vendors disagree about which of them says what. */
  readonly codes: readonly string[];
  /** A number in place of a code, as gateways send it within a 200. */
  readonly status?: number;
  /** How long to wait, where the body says it and not a header. */
  readonly retryAfterMs?: number;
}

/**
 * Reads the error bodies of all vendors: OpenAI's and those like it, Anthropic's, a list around one (Google), FastAPI's,
 * problem details (NVIDIA), a message alone (Cohere). Plain text is its own message, a page of HTML has none.
 */
export function readWireError(text: string): WireError {
  const parsed = parseJson(text);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (isObject(body)) return wireErrorOf(body);
  const line = text.trim();
  return { codes: [], ...(line === '' || line.startsWith('<') ? {} : { message: line }) };
}

/** No vendor nests deeper; a body made to end our stack must not pass for a fault of our own. */
const DEEPEST = 4;

/** Finds the error in a body that was parsed already. */
export function wireErrorOf(body: JsonObject, depth = 0): WireError {
  const error = body['error'] ?? body['detail'] ?? body;
  if (typeof error === 'string') {
    const message = textOf(error);
    return { codes: codesOf(body), ...(message === undefined ? {} : { message }) };
  }
  // FastAPI lists what it found wrong.
  const first: unknown = Array.isArray(error) ? error[0] : error;
  if (!isObject(first)) return { codes: codesOf(body) };
  const message = messageOf(first, depth);
  const status = typeof first['code'] === 'number' ? first['code'] : undefined;
  const wait = detailsOf(first)
    .map(waitMsOf)
    .find((found) => found !== undefined);
  return {
    codes: codesOf(first),
    ...(message === undefined ? {} : { message }),
    ...(status === undefined ? {} : { status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

// Mistral puts FastAPI's list of faults into the message.
function messageOf(error: JsonObject, depth: number): string | undefined {
  const inner = error['message'];
  const nested = isObject(inner) && depth < DEEPEST ? wireErrorOf(inner, depth + 1).message : undefined;
  return nested ?? textOf(inner) ?? textOf(error['msg']) ?? textOf(error['error']);
}

function codesOf(error: JsonObject, depth = 0): string[] {
  const inner = error['innererror'] ?? error['inner_error'];
  const told = detailsOf(error).flatMap(({ reason, error_code: code }) => [reason, code]);
  const own = [error['code'], error['type'], ...told].map(textOf);
  const known = own.filter((code) => code !== undefined).map((code) => code.toLowerCase());
  return [...known, ...(isObject(inner) && depth < DEEPEST ? codesOf(inner, depth + 1) : [])];
}

/** Google's, a list; Anthropic has one object there. */
function detailsOf(error: JsonObject): JsonObject[] {
  const details = error['details'];
  const list: readonly unknown[] = Array.isArray(details) ? details : [details];
  return list.filter(isObject);
}

function waitMsOf({ retryDelay }: JsonObject): number | undefined {
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(textOf(retryDelay) ?? '')?.[1];
  return seconds === undefined ? undefined : boundedWaitMs(Number(seconds) * 1_000);
}
