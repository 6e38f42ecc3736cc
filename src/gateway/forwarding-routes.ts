import { z } from 'zod';
import type { Answer, Route } from '../http/index.ts';
import type { RequestApi } from '../providers/index.ts';
import { apisByEnd, pathsOf } from './forwarding/index.ts';
import type { Api } from './forwarding/index.ts';

const summaries: Readonly<Record<RequestApi, string>> = {
  chat: 'Chat completion',
  completion: 'Text completion',
  embedding: 'Embeddings',
  responses: 'Response',
  moderation: 'Moderation',
  image_generation: 'Images',
  image_edit: 'Changed images',
  audio_speech: 'Speech',
  audio_transcription: 'Text of a recording',
  audio_translation: 'English text of a recording',
  rerank: 'Documents in the order of their relevance',
  messages: "Message in Anthropic's format",
  count_tokens: 'Number of tokens of a message, at Anthropic upstreams',
};

/** Of every endpoint that asks a model. An upstream's own error keeps its status. */
const answers: Readonly<Record<number, Answer>> = {
  400: { when: 'the body has no `model`, or the group is unknown or not visible to the key' },
  408: { when: 'no answer of the upstream in time, or the timeout of the request passed before one was asked' },
  413: { when: 'the body is larger than `fleet_health.gateway.max_body_bytes`' },
  429: {
    when: 'all deployments of the group and its fallback groups are at their `rpm`, `tpm` or `max_parallel_requests`; none has the tags of the request; or the last upstream that was asked answered 429',
  },
  500: { when: 'the upstream or its login host cannot be reached, or the login was refused' },
  502: {
    when: 'the upstream answered 200 with something that is no answer, or with a status that is no error, such as a redirect; or the login host failed',
  },
  503: {
    when: 'the pod has `fleet_health.gateway.max_in_flight` requests in flight, or holds bodies of `max_buffered_bytes`; or it stops',
  },
};

/** For errors in the format of Anthropic. */
const anthropicAnswers: Readonly<Record<number, Answer>> = {
  401: { when: 'the key is missing or wrong' },
  403: { when: 'the key may not use this route' },
};

const namesModel = z.looseObject({
  model: z.string().min(1).describe('model group, alias, or a name that a wildcard group matches'),
});
const jsonBody = namesModel.describe('every other field passes to the upstream');
const formBody = namesModel.describe('every other part passes to the upstream');

function routeOf(end: string, api: Api): Route {
  const { name, wire, body } = api;
  const good: Answer = name === 'audio_speech' ? { when: 'always', type: 'audio/*' } : { when: 'always' };
  return {
    name,
    method: 'POST',
    paths: pathsOf(end, api),
    auth: 'any',
    group: 'Requests',
    summary: summaries[name],
    rawBody: body === 'json' ? jsonBody : formBody,
    ...(body === 'multipart' && { bodyType: 'multipart/form-data' }),
    answers: { 200: good, ...(wire === 'anthropic' && anthropicAnswers), ...answers },
  };
}

const byPathOfAzure: Route = {
  name: 'byPathOfAzure',
  method: 'POST',
  paths: ['/openai/deployments/{model}/{endpoint}', '/engines/{model}/{endpoint}'],
  auth: 'any',
  group: 'Requests',
  summary: "The same, with the model in the path, as Azure's clients send it",
  params: {
    model: 'model group; one in the body takes precedence',
    endpoint: 'end of a path above, of chat completions, completions, embeddings, images or audio',
  },
  rawBody: z.looseObject({}),
  answers: { 200: { when: 'always' }, 404: { when: 'no endpoint has this end' }, ...answers },
};

/** The endpoints that ask a model. The byte path answers them, before the router. */
export const forwardingRoutes: readonly Route[] = [
  ...Object.entries(apisByEnd).map(([end, api]) => routeOf(end, api)),
  byPathOfAzure,
];
