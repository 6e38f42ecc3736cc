/** What a request asks for, told from its path and body. */
export type Asked =
  | { readonly kind: 'call'; readonly api: Api; readonly model: string }
  | { readonly kind: 'listing' }
  | { readonly kind: 'unknown' };

export type Api = 'chat/completions' | 'completions' | 'embeddings';

/** Reads OpenAI's paths under `/v1`, and Azure's, which name the model in the path. */
export function askedFor(method: string, path: string, body: unknown): Asked {
  const { pathname } = new URL(path, 'http://mock');
  if (method === 'GET' && /^\/(v1|openai(\/v1)?)\/models$/.test(pathname)) return { kind: 'listing' };
  const match = /^\/(?:v1|openai\/v1|openai\/deployments\/([^/]+))\/(chat\/completions|completions|embeddings)$/.exec(
    pathname,
  );
  if (method !== 'POST' || match === null) return { kind: 'unknown' };
  return { kind: 'call', api: match[2] as Api, model: match[1] ?? fieldOf(body, 'model') ?? '' };
}

/** A good answer, small and always the same. */
export function goodAnswer(api: Api, model: string): unknown {
  const created = 1_750_000_000;
  if (api === 'embeddings') {
    return {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5, 0.125] }],
      model,
      usage: { prompt_tokens: 4, total_tokens: 4 },
    };
  }
  const content = 'All is well.';
  const choice =
    api === 'completions'
      ? { index: 0, text: content, logprobs: null, finish_reason: 'stop' }
      : { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' };
  return {
    id: 'mock-1',
    object: api === 'completions' ? 'text_completion' : 'chat.completion',
    created,
    model,
    choices: [choice],
    usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
  };
}

/** Well-formed, and empty. */
export function emptyAnswer(api: Api, model: string): unknown {
  return api === 'embeddings' ? { object: 'list', data: [], model } : { id: 'mock-1', model, choices: [] };
}

export function listingAnswer(models: readonly string[]): unknown {
  return { object: 'list', data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'mock' })) };
}

export function errorAnswer(status: number): unknown {
  return { error: { message: `mock upstream says ${status}`, type: 'mock_error', param: null, code: null } };
}

function fieldOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
