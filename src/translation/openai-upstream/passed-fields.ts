import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { TranslationFindings } from '../outcome.ts';

/**
 * Fields that go to the upstream as they are: those that both formats have, and those that Anthropic does not have.
 * LiteLLM passes them on too. Anthropic's fields without a counterpart are reported.
 */
export function passedFields(body: JsonObject, findings: TranslationFindings): JsonBody {
  for (const [field, why] of Object.entries(withoutCounterpart)) {
    if ((body[field] ?? null) !== null) findings.unsupported(field, why);
  }
  // Dropped, it would lose the conversation: the client sends only new messages once a thread is there. By this code the
  // client sends the whole conversation instead.
  if ((body['thread'] ?? null) !== null) {
    findings.untranslatable('thread', 'the upstream holds no conversations', {
      error_code: 'thread_unsupported_request',
    });
  }
  return Object.fromEntries(Object.entries(body).filter(([field]) => !known.has(field)));
}

const NONE = 'chat completions have no such field';

const withoutCounterpart: Readonly<Record<string, string>> = {
  container: NONE,
  context_management: NONE,
  inference_geo: NONE,
  mcp_servers: NONE,
  speed: NONE,
};

/** Fields that are translated elsewhere, and hints that change no answer. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(withoutCounterpart),
  'model',
  'messages',
  'system',
  'thread',
  'max_tokens',
  'tools',
  'tool_choice',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  'stream',
  'cache_control',
  'diagnostics',
  // Fields of the gateway.
  'drop_params',
  'num_retries',
  'timeout',
  'tags',
  'fallbacks',
  'litellm_metadata',
]);
