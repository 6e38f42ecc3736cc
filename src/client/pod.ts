import { notAPod, refusalOf } from './client-error.ts';
import type { ClientOptions } from './types.ts';

/** A pod that answered so that a later attempt may succeed. */
export class Unavailable extends Error {
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(url: string, { status, headers }: Response) {
    super(`${url} answered HTTP ${status}`);
    this.status = status;
    this.retryAfterMs = Math.min(60_000, Number(headers.get('retry-after') ?? 0) * 1_000) || 0;
  }
}

/** The endpoints of a pod. */
export interface Pod {
  readonly url: string;
  /** Sends one request. Rejects without an answer, and with a `FleetClientError` where no retry would help. */
  ask(path: string, init: { readonly signal: AbortSignal } & RequestInit): Promise<Response>;
  /** The same, for a JSON object. */
  json(path: string, init: { readonly signal: AbortSignal } & RequestInit): Promise<Readonly<Record<string, unknown>>>;
}

/** Sends requests with the key. */
export function createPod({ url: given, key, fetch: send = fetch }: ClientOptions): Pod {
  const url = given.replace(/\/+$/, '');
  const ask: Pod['ask'] = async (path, init) => {
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    const answer = await send(url + path, { ...init, headers });
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw refusalOf(url + path, answer.status) ?? new Unavailable(url + path, answer);
  };
  return {
    url,
    ask,
    json: async (path, init) => {
      const text = await (await ask(path, init)).text();
      try {
        const body: unknown = JSON.parse(text);
        if (typeof body === 'object' && body !== null) return body as Readonly<Record<string, unknown>>;
      } catch {}
      throw notAPod(url + path, 'the answer is not JSON');
    },
  };
}
