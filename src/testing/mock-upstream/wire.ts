/** What a request asks for, from its path and body. */
export type Asked =
  | { readonly kind: 'call'; readonly api: MockApi; readonly model: string }
  | { readonly kind: 'listing' }
  | { readonly kind: 'unknown' };

/** The kinds of calls that the mock knows, by the end of their paths. */
export type MockApi = 'chat/completions' | 'completions' | 'embeddings' | 'responses' | 'messages';

/** Reads OpenAI's paths and Anthropic's below any base that a vendor may have, and Azure's, which name the model. */
export function askedFor(method: string, path: string, body: unknown): Asked {
  const { pathname } = new URL(path, 'http://mock');
  if (method === 'GET' && /^\/(?:[\w.-]+\/)*models$/.test(pathname)) return { kind: 'listing' };
  const call = /^(.*?)\/(chat\/completions|completions|embeddings|responses|messages)$/.exec(pathname);
  if (method !== 'POST' || call === null || !/^(?:\/[^/]+)*$/.test(call[1] ?? '')) return { kind: 'unknown' };
  const deployment = /^\/openai\/deployments\/([^/]+)$/.exec(call[1] ?? '')?.[1];
  return { kind: 'call', api: call[2] as MockApi, model: deployment ?? fieldOf(body, 'model') ?? '' };
}

/** A good answer, small and always the same. */
export function goodAnswer(api: MockApi, model: string): unknown {
  switch (api) {
    case 'chat/completions': {
      const message = { role: 'assistant', content: SAID, refusal: null };
      return choices('chat.completion', model, { message });
    }
    case 'completions':
      return choices('text_completion', model, { text: SAID });
    case 'embeddings':
      return {
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5, 0.125] }],
        model,
        usage: { prompt_tokens: 4, total_tokens: 4 },
      };
    case 'responses': {
      const content = [{ type: 'output_text', text: SAID, annotations: [] }];
      return response(model, [{ id: 'mock-2', type: 'message', status: 'completed', role: 'assistant', content }]);
    }
    case 'messages':
      return messageOf(model, { content: [{ type: 'text', text: SAID }], stop_reason: 'end_turn' });
  }
}

/** Well-formed, and empty. */
export function emptyAnswer(api: MockApi, model: string): unknown {
  switch (api) {
    case 'chat/completions':
    case 'completions':
      return { id: 'mock-1', model, choices: [] };
    case 'embeddings':
      return { object: 'list', data: [], model };
    case 'responses':
      return response(model, []);
    case 'messages':
      return messageOf(model, { content: [], stop_reason: null });
  }
}

/** The body of a list of models. */
export function listingAnswer(models: readonly string[]): unknown {
  return { object: 'list', data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'mock' })) };
}

/** The body of an error, in OpenAI's or in Anthropic's shape. */
export function errorAnswer(status: number, api?: MockApi): unknown {
  const message = `mock upstream says ${status}`;
  if (api === 'messages') return { type: 'error', error: { type: 'mock_error', message }, request_id: 'mock-1' };
  return { error: { message, type: 'mock_error', param: null, code: null } };
}

/** What OpenAI answers to a parameter that a model does not take. */
export function rejectedAnswer(param: string): unknown {
  const message = `Unsupported parameter: '${param}' is not supported with this model.`;
  return { error: { message, type: 'invalid_request_error', param, code: 'unsupported_parameter' } };
}

const SAID = 'All is well.';
const CREATED = 1_750_000_000;

function choices(object: string, model: string, said: object): unknown {
  return {
    id: 'mock-1',
    object,
    created: CREATED,
    model,
    choices: [{ index: 0, ...said, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
  };
}

function response(model: string, output: readonly object[]): unknown {
  return {
    id: 'mock-1',
    object: 'response',
    created_at: CREATED,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model,
    output,
    usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
  };
}

function messageOf(model: string, said: object): unknown {
  return {
    id: 'mock-1',
    type: 'message',
    role: 'assistant',
    model,
    ...said,
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 5 },
  };
}

function fieldOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
