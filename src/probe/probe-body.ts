import type { TargetConfig } from '../config/index.ts';
import type { Api } from '../openai/index.ts';
import type { Random } from '../ports/index.ts';

export type JsonBody = Readonly<Record<string, unknown>>;

/** How a target is asked for a sign of life. Undefined for a mode that no cheap call exists for. */
export function apiOf({ mode }: TargetConfig): Api | undefined {
  switch (mode) {
    case 'chat':
      return 'chat/completions';
    case 'completion':
      return 'completions';
    case 'embedding':
      return 'embeddings';
    case 'other':
      return undefined;
  }
}

/**
 * The body of a probe. It starts from `health_check_params` and from nothing else of the deployment, so that tools and
 * other parameters of its users cannot change what the probe means or costs.
 */
export function probeBody(target: TargetConfig, prompt: string): JsonBody {
  const { stream: _stream, stream_options: _options, ...params } = target.healthCheckParams;
  const base = { ...params, model: target.upstreamModel };
  switch (target.mode) {
    case 'chat':
      return { ...withLimit(base, target), messages: [{ role: 'user', content: prompt }], ...effort(target) };
    case 'completion':
      return { ...withLimit(base, target), prompt, ...effort(target) };
    case 'embedding':
      return { ...base, input: [prompt] };
    case 'other':
      return base;
  }
}

/** LiteLLM asks one of two questions at random; a prompt of the configuration's own is asked as it is. */
export function promptOf({ mode, prompt }: TargetConfig, random: Random): string {
  if (mode !== 'chat' || !smallTalk.includes(prompt)) return prompt;
  return smallTalk[Math.floor(random.next() * smallTalk.length)] ?? prompt;
}

const smallTalk: readonly string[] = ["Hey how's it going?", "What's 1 + 1?"];

/**
 * Models that think count their thoughts only against `max_completion_tokens`; under the old name the limit is refused
 * or, worse, ignored. Never both names: that is refused, too.
 */
function withLimit(body: JsonBody, { maxTokens, mode, reasoning, provider }: TargetConfig): JsonBody {
  if (maxTokens === undefined) return body;
  const { max_tokens: _old, max_completion_tokens: _new, ...rest } = body;
  const counted = mode === 'chat' && reasoning && (provider === 'openai' || provider === 'azure');
  return { ...rest, [counted ? 'max_completion_tokens' : 'max_tokens']: maxTokens };
}

function effort({ reasoningEffort }: TargetConfig): JsonBody {
  return reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort };
}
