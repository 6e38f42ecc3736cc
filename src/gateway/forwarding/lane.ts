import { parseJson } from '../../providers/wire/index.ts';
import type { ClaudeBody } from '../../providers/index.ts';
import {
  anthropicProblem,
  createAnthropicToOpenAiStream,
  createOpenAiToAnthropicStream,
  openAiProblem,
  toAnthropicAnswer,
  toAnthropicRequest,
  toOpenAiAnswer,
  toOpenAiRequest,
} from '../../translation/index.ts';
import type { AnswerTranslation, Translation, UnsupportedFields } from '../../translation/index.ts';
import { answerCheckFor } from './answer-check.ts';
import type { AnswerCheck } from './answer-check.ts';
import type { Api } from './apis.ts';
import type { AttemptInput } from './attempt-types.ts';
import { fieldsOf, withoutFields } from './json-fields.ts';
import type { ClientRequest } from './read-request.ts';
import { createStreamReader } from './stream-dialects.ts';
import type { StreamReader } from './stream-dialects.ts';
import { readTranslated } from './translated-stream.ts';
import type { PreparedCall } from './upstream-calls.ts';

/** How the bodies of one attempt go between client and upstream: untouched, or translated. */
export interface Lane {
  readonly kind: 'lane';
  readonly bodies: AttemptInput['bodies'];
  readonly body: Buffer;
  readonly check: AnswerCheck;
  readonly stream: () => StreamReader;
  /** Headers of the client that the upstream gets, names and values in turn. */
  readonly passedHeaders: readonly string[];
}

/** The request has no translation: the answer that the client gets. */
export interface NoLane {
  readonly kind: 'no-lane';
  readonly status: number;
  readonly body: Buffer;
}

export interface LaneInput {
  readonly api: Api;
  readonly request: ClientRequest;
  readonly call: PreparedCall;
  readonly unsupportedFields: UnsupportedFields;
  readonly passedHeaders: readonly string[];
  readonly callId: string;
  readonly wallMs: number;
}

/** Bodies pass untouched, but for the model's name, wherever client and upstream speak one format. */
export function laneFor(input: LaneInput): Lane | NoLane {
  const lane = laneByFormat(input);
  const { claude } = input.call;
  if (claude === undefined || lane.kind === 'no-lane') return lane;
  if (claude.betas === 'header') return { ...lane, body: bodyForCloud(lane.body, claude, []) };
  return { ...lane, body: bodyForCloud(lane.body, claude, betasIn(lane.passedHeaders)), passedHeaders: [] };
}

/** A body for Claude at a cloud. Every other field stays byte for byte; betas that the body names itself replace those of the header. */
function bodyForCloud(body: Buffer, { version, without }: ClaudeBody, betas: readonly string[]): Buffer {
  const fields = fieldsOf(body);
  const rest = withoutFields(body, fields, new Set([...without, 'anthropic_version']));
  const named =
    fields.some(({ name }) => name === 'anthropic_beta') || betas.length === 0 ? {} : { anthropic_beta: betas };
  const start = Buffer.from(JSON.stringify({ anthropic_version: version, ...named }).slice(0, -1));
  return Buffer.concat([start, Buffer.from(rest.length > 2 ? ',' : ''), rest.subarray(1)]);
}

function betasIn(headers: readonly string[]): readonly string[] {
  const at = headers.indexOf('anthropic-beta');
  const value = at === -1 ? '' : (headers[at + 1] ?? '');
  return value.split(',').flatMap((beta) => beta.trim() || []);
}

function laneByFormat(input: LaneInput): Lane | NoLane {
  const { api, request, call } = input;
  const client = api.wire === 'anthropic' ? 'anthropic' : 'openai';
  if (call.format !== client) return client === 'openai' ? toAnthropic(input) : toOpenAi(input);
  return {
    kind: 'lane',
    bodies: 'untouched',
    body: request.bodyFor(call.model, call.extraBody),
    check: answerCheckFor(api.name),
    stream: () => createStreamReader(api.dialect),
    passedHeaders: input.passedHeaders,
  };
}

function toAnthropic(input: LaneInput): Lane | NoLane {
  const { request, call, unsupportedFields, callId, wallMs } = input;
  const translated = toAnthropicRequest(request.json ?? {}, {
    model: call.model,
    unsupportedFields,
    // As in LiteLLM: the clouds have no other way to answer by a schema.
    ...(call.claude !== undefined && { traits: { structuredOutput: 'tool' } }),
  });
  if (translated.kind !== 'translated') return noLane(openAiProblem(translated));
  const identity = { id: `chatcmpl-${callId}`, model: request.model, createdS: Math.floor(wallMs / 1_000) };
  const { notes } = translated;
  return {
    kind: 'lane',
    bodies: 'translated',
    body: bodyOf(translated, call),
    check: translating((body) => toOpenAiAnswer(body, identity, notes)),
    stream: () => readTranslated(createAnthropicToOpenAiStream(identity, notes)),
    passedHeaders: input.passedHeaders,
  };
}

function toOpenAi(input: LaneInput): Lane | NoLane {
  const { request, call, unsupportedFields, callId } = input;
  const { limitName } = call;
  const translated = toOpenAiRequest(request.json ?? {}, {
    model: call.model,
    unsupportedFields,
    dialect: 'openai',
    limitName,
    reasoning: limitName === 'max_completion_tokens' ? 'accepted' : 'refused',
  });
  if (translated.kind !== 'translated') return noLane(anthropicProblem(translated));
  const identity = { id: `msg_${callId}`, model: request.model };
  const { notes } = translated;
  return {
    kind: 'lane',
    bodies: 'translated',
    body: bodyOf(translated, call),
    check: translating((body) => toAnthropicAnswer(body, identity, notes)),
    stream: () => readTranslated(createOpenAiToAnthropicStream(identity, notes)),
    passedHeaders: input.passedHeaders,
  };
}

function bodyOf({ body }: Extract<Translation<unknown>, { kind: 'translated' }>, { extraBody }: PreparedCall): Buffer {
  return Buffer.from(JSON.stringify({ ...body, ...extraBody }));
}

function noLane({ status, body }: { readonly status: number; readonly body: unknown }): NoLane {
  return { kind: 'no-lane', status, body: Buffer.from(JSON.stringify(body)) };
}

function translating(translate: (body: unknown) => AnswerTranslation): AnswerCheck {
  return (bytes) => {
    const answer = translate(parseJson(bytes.toString('utf8')));
    if (answer.kind === 'malformed') return answer;
    const { input: inputTokens, output: outputTokens } = answer.usage;
    return { kind: 'good', usage: { inputTokens, outputTokens }, body: Buffer.from(JSON.stringify(answer.body)) };
  };
}
