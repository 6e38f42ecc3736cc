import type { ServerResponse } from 'node:http';
import { createParser } from 'eventsource-parser';
import {
  anthropicErrorEvent,
  anthropicProblem,
  createAnthropicToOpenAiStream,
  createOpenAiToAnthropicStream,
  openAiErrorEvent,
  openAiProblem,
  toAnthropicAnswer,
  toAnthropicError,
  toAnthropicRequest,
  toOpenAiAnswer,
  toOpenAiError,
  toOpenAiRequest,
} from '../../../src/translation/index.ts';
import type {
  AnswerTranslation,
  AnthropicRequestOptions,
  ErrorAnswer,
  OpenAiRequestOptions,
  SseEvent,
  StreamFailure,
  StreamStep,
  StreamTranslator,
  Translation,
} from '../../../src/translation/index.ts';
import { localServer, sendJson } from './local-server.ts';
import type { LocalServer } from './local-server.ts';

/** One direction: what a client's request, and what the upstream's answer becomes. */
interface Direction<Notes> {
  readonly upstream: string;
  readonly request: (body: Record<string, unknown>) => Translation<Notes>;
  readonly answer: (body: unknown, notes: Notes) => AnswerTranslation;
  readonly stream: (notes: Notes) => StreamTranslator;
  readonly error: (status: number, text: string) => ErrorAnswer;
  readonly problem: typeof openAiProblem;
  readonly errorEvent: (failure: StreamFailure) => string;
}

/** A gateway for a client of OpenAI's format before an Anthropic upstream, with nothing in it but the translation. */
export function openAiToAnthropicGateway(upstream: string, options: AnthropicRequestOptions): Promise<LocalServer> {
  const identity = { id: 'chatcmpl-1', model: 'group', createdS: 1_700_000_000 };
  return gateway({
    upstream: `${upstream}/v1/messages`,
    request: (body) => toAnthropicRequest(body, options),
    answer: (body, notes) => toOpenAiAnswer(body, identity, notes),
    stream: (notes) => createAnthropicToOpenAiStream(identity, notes),
    error: toOpenAiError,
    problem: openAiProblem,
    errorEvent: openAiErrorEvent,
  });
}

/** A gateway for a client of Anthropic's format before an OpenAI upstream. */
export function anthropicToOpenAiGateway(upstream: string, options: OpenAiRequestOptions): Promise<LocalServer> {
  const identity = { id: 'msg_1', model: 'group' };
  return gateway({
    upstream: `${upstream}/v1/chat/completions`,
    request: (body) => toOpenAiRequest(body, options),
    answer: (body, notes) => toAnthropicAnswer(body, identity, notes),
    stream: (notes) => createOpenAiToAnthropicStream(identity, notes),
    error: toAnthropicError,
    problem: anthropicProblem,
    errorEvent: anthropicErrorEvent,
  });
}

function gateway<Notes>(direction: Direction<Notes>): Promise<LocalServer> {
  return localServer(async ({ body }, response) => {
    const translation = direction.request(body);
    if (translation.kind !== 'translated') {
      const { status, body: problem } = direction.problem(translation);
      return sendJson(response, status, problem);
    }
    const upstream = await fetch(direction.upstream, { method: 'POST', body: JSON.stringify(translation.body) });
    if (!upstream.ok) {
      const { status, body: error } = direction.error(upstream.status, await upstream.text());
      return sendJson(response, status, error);
    }
    if (body['stream'] === true) return await relay(upstream, response, direction.stream(translation.notes), direction);
    const answer = direction.answer(await upstream.json(), translation.notes);
    if (answer.kind === 'malformed') return sendJson(response, 502, direction.error(502, answer.why).body);
    return sendJson(response, 200, answer.body);
  });
}

async function relay<Notes>(
  upstream: Response,
  response: ServerResponse,
  translator: StreamTranslator,
  { errorEvent }: Direction<Notes>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let open = true;
  function send(step: StreamStep): void {
    if (!open) return;
    open = step.kind === 'more';
    for (const text of step.kind === 'failed' ? [errorEvent(step.failure)] : step.texts) response.write(text);
  }
  const parser = createParser({ onEvent: ({ event, data }: SseEvent) => send(translator.event({ event, data })) });
  const decoder = new TextDecoder();
  for await (const bytes of upstream.body ?? []) parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
  send(translator.end());
  response.end();
}
