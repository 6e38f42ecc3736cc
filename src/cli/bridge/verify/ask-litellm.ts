import { whyNoAnswer } from '../../ask/index.ts';
import { parseJson } from '../../../health/index.ts';
import type { PodAddress } from '../../ask/index.ts';

/** What came of asking a LiteLLM pod for one page. */
export type LitellmAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  /** Any other status than 200; `type` is that of LiteLLM's error. */
  | { readonly kind: 'declined'; readonly status: number; readonly type: string | null }
  /** Status 200 without JSON. */
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'unreachable'; readonly why: string };

export interface LitellmQuestion {
  /** Sent by POST; without it the page is read by GET. */
  readonly body?: unknown;
  readonly end: AbortSignal;
}

/** Longer answers are not read: LiteLLM's debug page shows its whole memory of keys. */
const MAX_BYTES = 16 * 1_048_576;

/** Asks a pod for one page, bounded in time and size. Every failure is a value, without the key. */
export async function askLitellm(
  { url, key, timeoutMs }: PodAddress,
  path: string,
  { body, end }: LitellmQuestion,
): Promise<LitellmAnswer> {
  try {
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.any([end, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await textOf(answer);
    if (text === undefined) return { kind: 'too-long' };
    const said = parseJson(text);
    if (answer.status !== 200) return { kind: 'declined', status: answer.status, type: errorTypeOf(said) };
    return said === undefined ? { kind: 'not-json' } : { kind: 'answered', body: said };
  } catch (error) {
    return { kind: 'unreachable', why: whyNoAnswer(error, timeoutMs) };
  }
}

/** Undefined where it is too long. */
async function textOf({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function errorTypeOf(body: unknown): string | null {
  const { error } = (body ?? {}) as { readonly error?: { readonly type?: unknown } | null };
  return typeof error?.type === 'string' ? error.type : null;
}
