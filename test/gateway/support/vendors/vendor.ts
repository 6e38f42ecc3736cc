import { createHash } from 'node:crypto';
import { messageEvents, wireText } from '../../../support/translation/anthropic-wire.ts';
import { json } from '../../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest, StrictServer } from '../../../support/strict-server.ts';
import { chatAnswer, chunk } from '../scripted-upstream.ts';

/** What a test changes about a vendor while it runs. */
export interface VendorBehaviour {
  /** How far the vendor's clock is ahead of this machine's. */
  skewMs: number;
  /** Life of the credentials that its login host gives, seconds. */
  lifeS: number;
  /** Instead of the login host's answer. */
  login: (() => StrictAnswer | Promise<StrictAnswer>) | undefined;
  /** Instead of the model's answer, after the login was accepted. `credential`: what the request was logged in with. */
  answer: ((credential: string) => StrictAnswer) | undefined;
}

/** A vendor that refuses every request whose login its own documentation does not allow. */
export interface Vendor extends StrictServer {
  /** `litellm_params` of a deployment there. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  /** The same with a credential that it refuses, and what a client then gets: status and message. */
  readonly wrong: Readonly<Record<string, unknown>>;
  readonly refusal: readonly [status: number, message: RegExp];
  readonly behaviour: VendorBehaviour;
  /** Configured secrets, and what the login host gave: none may be shown. */
  readonly secrets: string[];
  /** Credentials that the login host gave. A test that removes one revokes it. */
  readonly given: Map<string, number>;
  /** Requests to the login host, and those to the model. */
  logins(): readonly StrictRequest[];
  calls(): readonly StrictRequest[];
}

export function newBehaviour(): VendorBehaviour {
  return { skewMs: 0, lifeS: 3_599, login: undefined, answer: undefined };
}

/** The text of an answer: the digest of what arrived, so that the client's end can compare. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** OpenAI's chat completions, whole and streamed. `model`: the only one that there is; undefined where the path names it. */
export function chatCompletion({ body }: StrictRequest, model: string | undefined): StrictAnswer {
  const asked = JSON.parse(body) as { model?: string; messages: Message[]; stream?: boolean };
  if (model !== undefined && asked.model !== model) {
    return json(404, { error: { code: 'model_not_found', message: `The model ${asked.model} does not exist` } });
  }
  const digest = digestOf(lastText(asked.messages));
  if (asked.stream !== true) return { status: 200, body: chatAnswer(digest) };
  const events = [chunk(digest.slice(0, 20)), chunk(digest.slice(20), 'stop'), 'data: [DONE]\n\n'];
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: events };
}

/** Anthropic's messages, whole and streamed. */
export function message(request: StrictRequest): StrictAnswer {
  const { answer, events } = messageFor(request);
  if ((JSON.parse(request.body) as { stream?: boolean }).stream !== true) return json(200, answer);
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: events.map((event) => wireText(event)),
  };
}

/** A message, and the events of its stream. */
export function messageFor({ body }: StrictRequest): {
  readonly answer: Record<string, unknown>;
  readonly events: readonly Record<string, unknown>[];
} {
  const asked = JSON.parse(body) as { messages: Message[] };
  const answer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: digestOf(lastText(asked.messages)) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 3 },
  };
  return { answer, events: messageEvents(answer, 20) };
}

interface Message {
  readonly content: string | readonly { readonly text?: string }[];
}

function lastText(messages: readonly Message[]): string {
  const content = messages.at(-1)?.content ?? '';
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
}

export function bearerOf({ headers }: StrictRequest): string {
  return /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
}

/** Makes the parts of a vendor that all have. */
export function vendorOf(
  server: StrictServer,
  own: Pick<Vendor, 'params' | 'env' | 'wrong' | 'refusal' | 'behaviour' | 'secrets' | 'given'>,
  isLogin: (request: StrictRequest) => boolean,
): Vendor {
  return {
    ...server,
    ...own,
    logins: () => server.requests.filter(isLogin),
    calls: () => server.requests.filter((request) => !isLogin(request)),
  };
}
