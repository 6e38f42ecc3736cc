import type { Entry } from './deployment.ts';
import { speaksByName } from './model-names.ts';
import type { Upstream } from './upstream.ts';

/** Audio parameters for a chat model that answers only with audio, as LiteLLM sends them; empty for others. */
export function voiceOf({ info, bodyParams }: Entry, upstream: Upstream): Readonly<Record<string, unknown>> {
  const { provider, mode, upstreamModel, knownAs } = upstream;
  const asked = bodyParams['modalities'];
  if (mode !== 'chat' || (Array.isArray(asked) && !asked.includes('audio'))) return {};
  if (!speaksByName(provider, knownAs ?? upstreamModel)) return {};
  return { modalities: ['text', 'audio'], audio: { voice: info.health_check_voice ?? 'alloy', format: 'wav' } };
}
