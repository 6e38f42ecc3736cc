import type { Entry } from './deployment.ts';
import { speaksByName } from './model-names.ts';
import type { Upstream } from './upstream.ts';

/** What a chat with a model that answers by voice must ask for, as LiteLLM asks; nothing for any other. */
export function voiceOf({ info, bodyParams }: Entry, upstream: Upstream): Readonly<Record<string, unknown>> {
  const { provider, mode, upstreamModel, knownAs } = upstream;
  const asked = bodyParams['modalities'];
  if (mode !== 'chat' || (Array.isArray(asked) && !asked.includes('audio'))) return {};
  if (!speaksByName(provider, knownAs ?? upstreamModel)) return {};
  return { modalities: ['text', 'audio'], audio: { voice: info.health_check_voice ?? 'alloy', format: 'wav' } };
}
