/** How a scripted upstream answers: a status, a body with 200, a broken connection, silence, or a function. */
export type ScriptedAnswer =
  | number
  | { readonly body: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'hang'
  | ((request: ScriptedRequest) => Response | Promise<Response>);

/** A request that a scripted upstream got. */
export interface ScriptedRequest {
  readonly url: string;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A `fetch` without a network, for tests of what an application does with it. */
export interface ScriptedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Answers from now on requests whose URL begins so; the longest beginning counts. Others get 200 and `{}`. */
  set(urlPrefix: string, answer: ScriptedAnswer): void;
  /** All requests so far, or those whose URL begins so. */
  requests(urlPrefix?: string): readonly ScriptedRequest[];
}

/**
 * Creates one: give its `fetch` to `joinFleet` and let upstreams fail as a test needs it.
 *
 * @example
 * const upstream = scriptedFetch();
 * upstream.set('https://api.openai.com', 503);
 * (await upstream.fetch('https://api.openai.com/v1/models')).status // 503
 */
export function scriptedFetch(): ScriptedFetch {
  const answers = new Map<string, ScriptedAnswer>();
  const seen: ScriptedRequest[] = [];
  return {
    set: (urlPrefix, answer) => void answers.set(urlPrefix, answer),
    requests: (urlPrefix = '') => seen.filter(({ url }) => url.startsWith(urlPrefix)),
    fetch: async (input, init) => {
      const asked = new Request(input, init);
      const request: ScriptedRequest = {
        url: asked.url,
        method: asked.method,
        headers: Object.fromEntries(asked.headers),
        body: await asked.text(),
      };
      seen.push(request);
      const [, answer] = [...answers]
        .filter(([prefix]) => request.url.startsWith(prefix))
        .toSorted(([a], [b]) => b.length - a.length)[0] ?? ['', { body: {} }];
      return await answerOf(answer, request, init?.signal ?? undefined);
    },
  };
}

async function answerOf(
  answer: ScriptedAnswer,
  request: ScriptedRequest,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (typeof answer === 'function') return await answer(request);
  if (typeof answer === 'number') return new Response(null, { status: answer });
  if (answer === 'reset') {
    // As the real one words it.
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
  }
  if (answer === 'hang') return await untilAborted(signal);
  return Response.json(answer.body, { status: answer.status ?? 200, headers: { ...answer.headers } });
}

async function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return await new Promise((_, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
  });
}
