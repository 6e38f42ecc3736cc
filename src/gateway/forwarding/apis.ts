import type { RequestApi } from '../../providers/index.ts';
import type { ClientWire } from './errors.ts';
import type { StreamDialect } from './stream-dialects.ts';

/** One endpoint that answers by asking a model. */
export interface Api {
  readonly name: RequestApi;
  readonly wire: ClientWire;
  readonly dialect: StreamDialect;
  readonly body: 'json' | 'multipart';
  /** Of answers other than streams. `any`: such as sound or plain text; absent: always JSON. */
  readonly answer?: 'any';
}

/** Every endpoint, by the end of its path: `/v1/chat/completions` and `/chat/completions` are the same. */
export const apisByEnd: Readonly<Record<string, Api>> = {
  'chat/completions': { name: 'chat', wire: 'openai', dialect: 'chunks', body: 'json' },
  completions: { name: 'completion', wire: 'openai', dialect: 'chunks', body: 'json' },
  embeddings: { name: 'embedding', wire: 'openai', dialect: 'chunks', body: 'json' },
  responses: { name: 'responses', wire: 'responses', dialect: 'typed-events', body: 'json' },
  moderations: { name: 'moderation', wire: 'openai', dialect: 'chunks', body: 'json' },
  'images/generations': { name: 'image_generation', wire: 'openai', dialect: 'typed-events', body: 'json' },
  'images/edits': { name: 'image_edit', wire: 'openai', dialect: 'typed-events', body: 'multipart' },
  'audio/speech': { name: 'audio_speech', wire: 'openai', dialect: 'typed-events', body: 'json', answer: 'any' },
  'audio/transcriptions': {
    name: 'audio_transcription',
    wire: 'openai',
    dialect: 'typed-events',
    body: 'multipart',
    answer: 'any',
  },
  'audio/translations': {
    name: 'audio_translation',
    wire: 'openai',
    dialect: 'typed-events',
    body: 'multipart',
    answer: 'any',
  },
  rerank: { name: 'rerank', wire: 'openai', dialect: 'chunks', body: 'json' },
  messages: { name: 'messages', wire: 'anthropic', dialect: 'anthropic', body: 'json' },
  'messages/count_tokens': { name: 'count_tokens', wire: 'anthropic', dialect: 'anthropic', body: 'json' },
};

/** The paths of an endpoint without those that name the model, the usual one first. */
export function pathsOf(end: string, { wire }: Api): readonly [string, ...string[]] {
  // Anthropic's paths exist with the version only; its clients always send it.
  if (wire === 'anthropic') return [`/v1/${end}`];
  return end === 'rerank' ? ['/v1/rerank', '/rerank', '/v2/rerank'] : [`/v1/${end}`, `/${end}`];
}

const byPath: ReadonlyMap<string, Api> = new Map(
  Object.entries(apisByEnd).flatMap(([end, api]) => pathsOf(end, api).map((path) => [path, api] as const)),
);

/** An endpoint, and the model where the path names it. */
export interface FoundApi {
  readonly api: Api;
  readonly model?: string;
}

/**
 * The endpoint at a path without its query; undefined for any other path. Azure's clients name the model in the path.
 *
 * @example apiAt('/openai/deployments/gpt-4o/embeddings')?.model // 'gpt-4o'
 */
export function apiAt(path: string): FoundApi | undefined {
  const api = byPath.get(path);
  if (api !== undefined) return { api };
  if (!path.startsWith('/openai/deployments/') && !path.startsWith('/engines/')) return undefined;
  const [, model, end] =
    /^\/(?:openai\/deployments|engines)\/(.+?)\/((?:chat\/)?completions|embeddings|images\/\w+|audio\/\w+)$/.exec(
      path,
    ) ?? [];
  const found = end === undefined ? undefined : apisByEnd[end];
  return found === undefined || model === undefined ? undefined : { api: found, model: decoded(model) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
