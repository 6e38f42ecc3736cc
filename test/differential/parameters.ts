import { BASE, models } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** What `litellm_params`, `model_info` and the environment say beside the model. */
export function parameters(): Deployment[] {
  const of = (title: string, params: object, info: object = {}, env: Record<string, string> = {}): Deployment[] =>
    models('openai/', 'gpt-4o', { title, params: { ...params }, info: { ...info }, env });
  return [
    ...of('headers', { headers: { 'X-A': '1' } }),
    ...of('extra_headers', { extra_headers: { 'X-A': '1', Authorization: 'Basic x' } }),
    ...of('headers and extra_headers', { headers: { 'X-A': '1', 'X-B': '1' }, extra_headers: { 'X-A': '2' } }),
    ...of('extra_body', { extra_body: { provider: { order: ['a'] }, store: false } }),
    ...of(
      'headers of health_check_params',
      { headers: { 'X-A': '1' } },
      { health_check_params: { headers: { 'X-B': '2' } } },
    ),
    ...of(
      'extra_body of health_check_params',
      { extra_body: { store: true } },
      { health_check_params: { extra_body: { metadata: { a: [1, true] } } } },
    ),
    ...models('anthropic/', 'claude-sonnet-4-5', {
      title: 'extra_body',
      params: { extra_body: { service_tier: 'auto' } },
    }),
    ...models('openai/', 'ours', {
      title: 'mode completion',
      params: { api_base: BASE },
      info: { mode: 'completion' },
    }),
    ...models('openai/', 'ours', { title: 'mode embedding', params: { api_base: BASE }, info: { mode: 'embedding' } }),
    ...of('extra_query', { extra_query: { tenant: 'a' } }),
    ...of('base_url', { base_url: BASE }),
    ...of('api_base before base_url', { api_base: BASE, base_url: 'https://other.example/v1' }),
    ...of('api_base with a slash', { api_base: `${BASE}/` }),
    ...of('organization', { organization: 'org-1' }),
    ...of('custom_llm_provider', { model: 'gpt-4o', custom_llm_provider: 'openai' }),
    ...of('custom_llm_provider hosted_vllm', {
      model: 'org/model',
      custom_llm_provider: 'hosted_vllm',
      api_base: BASE,
    }),
    ...of('custom_llm_provider anthropic', { model: 'claude-sonnet-4-5', custom_llm_provider: 'anthropic' }),
    ...of('temperature', { temperature: 0.5 }),
    ...of('max_tokens', { max_tokens: 5 }),
    ...of('reasoning_effort', { model: 'openai/gpt-5', reasoning_effort: 'low' }),
    ...of('stream', { stream: true }),
    ...of('drop_params', { drop_params: true, user: 'u' }),
    ...of('key of the environment', { api_key: undefined }, {}, { OPENAI_API_KEY: 'sk-env' }),
    ...of('base of the environment', {}, {}, { OPENAI_BASE_URL: BASE }),
    ...of('health_check_model', {}, { health_check_model: 'openai/gpt-4o-mini' }),
    ...of('health_check_model of another kind', {}, { health_check_model: 'openai/gpt-5' }),
    ...of('health_check_params', {}, { health_check_params: { temperature: 0, extra_body: { a: 1 }, user: 'probe' } }),
    ...of('health_check_max_tokens', {}, { health_check_max_tokens: 3 }),
    ...of('health_check_max_tokens_reasoning', { model: 'openai/gpt-5' }, { health_check_max_tokens_reasoning: 99 }),
    ...of('health_check_max_tokens_non_reasoning', {}, { health_check_max_tokens_non_reasoning: 9 }),
    ...of('health_check_reasoning_effort', { model: 'openai/gpt-5' }, { health_check_reasoning_effort: 'low' }),
    ...of('health_check_supports_max_tokens false', {}, { health_check_supports_max_tokens: false }),
    ...of('health_check_voice', { model: 'openai/gpt-audio' }, { health_check_voice: 'echo' }),
    ...of('modalities text', { model: 'openai/gpt-audio' }, { health_check_params: { modalities: ['text'] } }),
    ...['chat', 'completion', 'embedding', 'responses'].flatMap((mode) => of(`mode ${mode}`, {}, { mode })),
    ...[
      'audio_speech',
      'audio_transcription',
      'image_generation',
      'image_edit',
      'video_generation',
      'rerank',
      'realtime',
      'batch',
      'ocr',
    ].flatMap((mode) => of(`mode ${mode}`, {}, { mode })),
    ...models('openai/', '*', { title: 'wildcard' }),
    ...models('anthropic/', '*', { title: 'wildcard' }),
  ];
}
