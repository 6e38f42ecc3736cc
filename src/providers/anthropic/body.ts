import type { JsonBody, Question } from '../wire/index.ts';

/** The limit that the Messages API demands of every call, where the configuration leaves it out. */
const DEFAULT_MAX_TOKENS = 16;

/** The body that asks for one message. Effort has no name here that every model takes, so it is not sent. */
export function bodyOf({ model, prompt, maxTokens, params }: Question): JsonBody {
  const { stream: _stream, stream_options: _options, ...rest } = params;
  const limit = maxTokens ?? rest['max_tokens'] ?? DEFAULT_MAX_TOKENS;
  return { ...rest, model, max_tokens: limit, messages: [{ role: 'user', content: prompt }] };
}
