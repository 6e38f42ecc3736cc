/** A caller's request, read once for all attempts. */
export interface CallerRequest {
  readonly url: string;
  readonly init: RequestInit;
  readonly signal: AbortSignal | undefined;
  /** `once`: its body is a stream. */
  readonly replay: 'once' | 'again';
}

/** Reads the arguments of `fetch`. The body of a `Request` is a stream, so it can be sent once only. */
export function readCallerRequest(input: string | URL | Request, init: RequestInit | undefined): CallerRequest {
  if (typeof input === 'string' || input instanceof URL) {
    const { signal, body } = init ?? {};
    return {
      url: typeof input === 'string' ? input : input.href,
      init: init ?? {},
      signal: signal ?? undefined,
      replay: isStream(body) ? 'once' : 'again',
    };
  }
  const { method, headers, body, redirect, credentials, cache, integrity, keepalive, mode, referrer } = input;
  const sent = init?.body ?? body;
  const streams = isStream(sent);
  return {
    url: input.url,
    init: {
      method,
      headers,
      redirect,
      credentials,
      cache,
      integrity,
      keepalive,
      mode,
      referrer,
      ...init,
      ...(sent !== null && { body: sent }),
      ...(streams && { duplex: 'half' }),
    },
    signal: init?.signal ?? input.signal,
    replay: streams ? 'once' : 'again',
  };
}

function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return body instanceof ReadableStream || Symbol.asyncIterator in body;
}
