import { azureUrl } from './azure.ts';
import { claudeUrl as bedrockClaudeUrl, isClaude } from './bedrock/index.ts';
import { requestHeadersOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Reachable } from './reachable.ts';
import type { Wire } from './vendor.ts';
import { CLAUDE_VERSION, claudeUrl as vertexClaudeUrl } from './vertex/index.ts';

/** What a client can ask for, in LiteLLM's names of modes where it has one. */
export type RequestApi =
  | 'chat'
  | 'completion'
  | 'embedding'
  | 'responses'
  | 'moderation'
  | 'image_generation'
  | 'image_edit'
  | 'audio_speech'
  | 'audio_transcription'
  | 'audio_translation'
  | 'rerank'
  | 'messages'
  | 'count_tokens';

/** Where a client's request goes. */
export interface RequestEndpoint extends Endpoint {
  /** Format of bodies and answers there: a client of another format needs a translation. */
  readonly format: 'openai' | 'anthropic';
  /** The model's name in the body. */
  readonly model: string;
  /** Where a request for a stream goes, if not to `url`. */
  readonly streamUrl?: URL;
  /** Present where the model is in the address, and not in the body. */
  readonly claude?: ClaudeBody;
}

/** How a body for Claude at a cloud differs from one for Anthropic. */
export interface ClaudeBody {
  /** Its `anthropic_version`. */
  readonly version: string;
  readonly without: readonly string[];
  /** Where the betas go that a client names in the header `anthropic-beta`; in the body, the field is `anthropic_beta`. */
  readonly betas: 'header' | 'body';
}

/** Ends of OpenAI's paths. */
const openaiPaths: Readonly<Partial<Record<RequestApi, string>>> = {
  chat: 'chat/completions',
  completion: 'completions',
  embedding: 'embeddings',
  responses: 'responses',
  moderation: 'moderations',
  image_generation: 'images/generations',
  image_edit: 'images/edits',
  audio_speech: 'audio/speech',
  audio_transcription: 'audio/transcriptions',
  audio_translation: 'audio/translations',
  rerank: 'rerank',
  // By translation.
  messages: 'chat/completions',
};

const anthropicPaths: Readonly<Partial<Record<RequestApi, string>>> = {
  messages: 'messages',
  count_tokens: 'messages/count_tokens',
  // By translation.
  chat: 'messages',
};

/**
 * The address and the headers of a client's request; undefined where the upstream has no such endpoint, or none whose
 * format is known here.
 *
 * @example
 * requestEndpointOf({ provider: 'openai', wire: 'openai', apiBase: 'https://h/v1', upstreamModel: 'm' }, 'rerank')?.url.href // 'https://h/v1/rerank'
 */
export function requestEndpointOf(target: Reachable, api: RequestApi): RequestEndpoint | undefined {
  const place = places[target.wire](target, api);
  if (place === undefined) return undefined;
  const { url, model = target.upstreamModel, streamUrl, ...rest } = place;
  const headers = requestHeadersOf(target, api === 'responses' ? 'responses' : 'chat');
  return {
    url: new URL(url),
    headers,
    model,
    ...rest,
    ...(streamUrl !== undefined && { streamUrl: new URL(streamUrl) }),
  };
}

interface Place {
  readonly url: string;
  readonly format: RequestEndpoint['format'];
  readonly model?: string;
  readonly streamUrl?: string;
  readonly claude?: ClaudeBody;
}

const places: Readonly<Record<Wire, (target: Reachable, api: RequestApi) => Place | undefined>> = {
  openai: ({ apiBase }, api) => openaiPlace(api, (path) => `${apiBase}/${path}`),
  azure: (target, api) => openaiPlace(api, (path) => azureUrl(target, path)),
  anthropic: ({ apiBase }, api) => {
    const path = anthropicPaths[api];
    return path === undefined ? undefined : { url: `${apiBase}/${path}`, format: 'anthropic' };
  },
  // The clouds have other endpoints than chat in formats of their own.
  bedrock: (target, api) => {
    if (!isClaude(target.upstreamModel)) {
      return chatPlace(api, { url: `${target.apiBase}/openai/v1/chat/completions`, format: 'openai' });
    }
    const url = bedrockClaudeUrl(target);
    const claude: ClaudeBody = { version: 'bedrock-2023-05-31', without: ['model', 'stream'], betas: 'body' };
    return chatPlace(api, { url, streamUrl: `${url}-with-response-stream`, format: 'anthropic', claude });
  },
  vertex: ({ apiBase, upstreamModel }, api) =>
    chatPlace(api, {
      url: `${apiBase}/endpoints/openapi/chat/completions`,
      format: 'openai',
      model: `google/${upstreamModel}`,
    }),
  'vertex-claude': (target, api) => {
    const url = vertexClaudeUrl(target);
    const streamUrl = url.replace(/:rawPredict$/, ':streamRawPredict');
    const claude: ClaudeBody = { version: CLAUDE_VERSION, without: ['model'], betas: 'header' };
    return chatPlace(api, { url, streamUrl, format: 'anthropic', claude });
  },
  none: () => undefined,
};

function openaiPlace(api: RequestApi, urlOf: (path: string) => string): Place | undefined {
  const path = openaiPaths[api];
  return path === undefined ? undefined : { url: urlOf(path), format: 'openai' };
}

function chatPlace(api: RequestApi, place: Place): Place | undefined {
  return api === 'chat' || api === 'messages' ? place : undefined;
}
