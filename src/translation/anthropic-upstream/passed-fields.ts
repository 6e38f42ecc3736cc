import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { TranslationFindings } from '../outcome.ts';

/**
 * Fields that go to the upstream as they are: those that OpenAI does not have, such as `mcp_servers`. LiteLLM passes them
 * on too, and Anthropic answers 400 to those it does not know. OpenAI's fields without a counterpart are reported.
 */
export function passedFields(body: JsonObject, findings: TranslationFindings): JsonBody {
  for (const [field, { why, neutral }] of Object.entries(withoutCounterpart)) {
    const value = body[field];
    if (value === undefined || value === null || neutral?.(value) === true) continue;
    findings.unsupported(field, why);
  }
  return Object.fromEntries(Object.entries(body).filter(([field]) => !known.has(field)));
}

interface Missing {
  readonly why: string;
  /** A value that asks for nothing. Clients send it as a default. */
  readonly neutral?: (value: unknown) => boolean;
}

const is =
  (wanted: unknown) =>
  (value: unknown): boolean =>
    value === wanted;

const NONE = 'the Messages API has no such field';

const withoutCounterpart: Readonly<Record<string, Missing>> = {
  n: { why: 'the Messages API gives one answer', neutral: is(1) },
  frequency_penalty: { why: NONE, neutral: is(0) },
  presence_penalty: { why: NONE, neutral: is(0) },
  logit_bias: { why: NONE, neutral: (value) => JSON.stringify(value) === '{}' },
  logprobs: { why: NONE, neutral: is(false) },
  top_logprobs: { why: NONE, neutral: is(0) },
  seed: { why: NONE },
  audio: { why: 'the Messages API answers with text only' },
  modalities: {
    why: 'the Messages API answers with text only',
    neutral: (value) => JSON.stringify(value) === '["text"]',
  },
  prediction: { why: NONE },
  store: { why: NONE, neutral: is(false) },
  verbosity: { why: NONE },
  functions: { why: 'deprecated by OpenAI; use tools' },
  function_call: { why: 'deprecated by OpenAI; use tool_choice' },
  moderation: { why: NONE },
};

/** Fields that are translated elsewhere, and hints that change no answer. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(withoutCounterpart),
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'web_search_options',
  'response_format',
  'reasoning_effort',
  'thinking',
  'output_config',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'stream',
  'stream_options',
  'user',
  'metadata',
  'service_tier',
  'cache_control',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
  'safety_identifier',
  // LiteLLM's own fields, read by the gateway.
  'drop_params',
  'additional_drop_params',
  'num_retries',
  'timeout',
  'tags',
  'fallbacks',
  'litellm_metadata',
  'mock_response',
]);
