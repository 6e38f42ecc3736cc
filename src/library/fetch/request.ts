/** A caller's request, read once for all attempts. */
export interface CallerRequest {
  readonly url: string;
  readonly init: RequestInit;
  readonly signal: AbortSignal | undefined;
  /** `once`: its body is a stream. */
  readonly replay: 'once' | 'again';
}

/**
 * Reads the arguments of `fetch`; at once, unless they are a `Request`. The body of a `Request` is a stream even where it was made of a text; one with JSON is read
 * into memory, so that it can be sent again. Any other stream can be sent once only.
 */
export function readCallerRequest(
  input: string | URL | Request,
  init: RequestInit | undefined,
): CallerRequest | Promise<CallerRequest> {
  if (typeof input === 'string') return ofInit(input, init ?? {});
  return input instanceof URL ? ofInit(input.href, init ?? {}) : ofRequest(input, init);
}

async function ofRequest(input: Request, init: RequestInit | undefined): Promise<CallerRequest> {
  const { url, method, headers, redirect, credentials, cache, integrity, keepalive, mode, referrer, signal } = input;
  const own = { method, headers, redirect, credentials, cache, integrity, keepalive, mode, referrer, signal };
  const merged: RequestInit = { ...own, ...given(init) };
  if (init?.body === undefined && input.body !== null) merged.body = await bodyOf(input);
  return ofInit(url, isStream(merged.body) ? { ...merged, duplex: 'half' } : merged);
}

function ofInit(url: string, init: RequestInit): CallerRequest {
  const { signal, body } = init;
  return { url, init, signal: signal ?? undefined, replay: isStream(body) ? 'once' : 'again' };
}

/** As `fetch` does, a field that is undefined leaves that of the `Request` as it is. */
function given(init: RequestInit = {}): RequestInit {
  return Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

async function bodyOf(request: Request): Promise<string | ReadableStream | null> {
  return JSON_TYPE.test(request.headers.get('content-type') ?? '') ? await request.text() : request.body;
}

function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  // FormData, URLSearchParams and Blob can be iterated or read again and again.
  return body instanceof ReadableStream || (Symbol.asyncIterator in body && !(body instanceof Blob));
}
