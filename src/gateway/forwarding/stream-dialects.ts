import { isObject, parseJson, usageFrom, wireErrorOf } from '../../providers/wire/index.ts';
import type { JsonObject, Usage } from '../../providers/wire/index.ts';
import type { ServerSentEvent } from './event-splitter.ts';

type WireError = ReturnType<typeof wireErrorOf>;

/** What one event of an answer is. */
export type EventReading =
  /** Without data, such as a comment that keeps the connection open. */
  | { readonly kind: 'comment' }
  /** `texts` replace the event in another format. */
  | { readonly kind: 'part'; readonly texts?: readonly string[] }
  /** The answer is complete, and nothing may follow. */
  | { readonly kind: 'last'; readonly texts?: readonly string[]; readonly failed?: FailedAnswer }
  /** The upstream reports a failure in its stream. */
  | { readonly kind: 'error'; readonly error: WireError }
  | { readonly kind: 'malformed'; readonly why: string };

/** Why a complete answer holds no result: the upstream failed, or something else, such as the prompt. */
export type FailedAnswer = 'server' | 'overloaded' | 'other';

/** Reads the events of one answer in turn. */
export interface StreamReader {
  read(event: ServerSentEvent): EventReading;
  /** The connection is at its end: `last` where the upstream has said that the answer is complete. */
  end(): EventReading;
  readonly usage: Usage;
}

/** Formats of streamed answers: OpenAI's chunks, its typed events (responses, images, audio), and Anthropic's events. */
export type StreamDialect = 'chunks' | 'typed-events' | 'anthropic';

/** A reader of one answer. */
export function createStreamReader(dialect: StreamDialect): StreamReader {
  let isComplete = false;
  let usage: Usage = {};
  const find = dialects[dialect]();
  return {
    get usage() {
      return usage;
    },
    read: ({ name, data }) => {
      if (data === undefined) return { kind: 'comment' };
      if (data === '[DONE]') {
        isComplete = true;
        return { kind: 'last' };
      }
      const body = parseJson(data);
      if (!isObject(body)) return { kind: 'malformed', why: 'an event that is not a JSON object' };
      if (isError(name, body)) return { kind: 'error', error: wireErrorOf(body) };
      const found = find(body);
      if (found.usage !== NO_USAGE) usage = { ...usage, ...found.usage };
      isComplete = found.end !== 'open';
      if (found.end !== 'closed') return { kind: 'part' };
      return { kind: 'last', ...(found.failed !== undefined && { failed: found.failed }) };
    },
    end: () => (isComplete ? { kind: 'last' } : { kind: 'malformed', why: 'it ended before the answer was complete' }),
  };
}

interface Found {
  /** `complete`: more may follow, such as usage. `closed`: nothing follows. */
  readonly end: 'open' | 'complete' | 'closed';
  readonly usage: Usage;
  readonly failed?: FailedAnswer;
}

const NO_USAGE: Usage = {};

/** Reads the events of one answer. */
const dialects: Readonly<Record<StreamDialect, () => (body: JsonObject) => Found>> = {
  chunks: () => {
    const choices = watchChoices();
    return (body) => ({
      end: choices.areFinished(body['choices']) ? 'complete' : 'open',
      usage: isObject(body['usage'])
        ? usageFrom(body['usage']['prompt_tokens'], body['usage']['completion_tokens'])
        : NO_USAGE,
    });
  },
  'typed-events':
    () =>
    ({ type, response, usage }) => {
      const inner = isObject(response) ? response['usage'] : usage;
      return {
        end: typeof type === 'string' && TYPED_ENDS.test(type) ? 'closed' : 'open',
        usage: isObject(inner) ? usageFrom(inner['input_tokens'], inner['output_tokens']) : NO_USAGE,
        ...(type === 'response.failed' && { failed: failureIn(response) }),
      };
    },
  anthropic:
    () =>
    ({ type, message, usage }) => {
      const inner = isObject(message) ? message['usage'] : usage;
      return {
        end: type === 'message_stop' ? 'closed' : 'open',
        usage: isObject(inner) ? usageFrom(inner['input_tokens'], inner['output_tokens']) : NO_USAGE,
      };
    },
};

/** The last events of responses, images, transcriptions and speech. A failed or incomplete response is an answer, too. */
const TYPED_ENDS =
  /^(?:response\.(?:completed|failed|incomplete)|image_(?:generation|edit)\.completed|transcript\.text\.done|speech\.audio\.done)$/;

/** The upstream's own faults among the error codes of a failed response; the others are about what it was asked. */
const FAILED_BY: Readonly<Record<string, FailedAnswer>> = {
  server_error: 'server',
  rate_limit_exceeded: 'overloaded',
};

function failureIn(response: unknown): FailedAnswer {
  const error = isObject(response) ? response['error'] : undefined;
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'string' && Object.hasOwn(FAILED_BY, code) ? (FAILED_BY[code] ?? 'other') : 'other';
}

/** With `n` above 1 each choice ends by itself. A finished one may be mentioned again. */
function watchChoices(): { areFinished(listed: unknown): boolean } {
  const unfinished = new Set<unknown>();
  const finished = new Set<unknown>();
  return {
    areFinished: (listed) => {
      for (const choice of Array.isArray(listed) ? listed : []) {
        if (!isObject(choice)) continue;
        const { index, finish_reason: reason } = choice;
        if (typeof reason === 'string') {
          finished.add(index);
          unfinished.delete(index);
        } else if (!finished.has(index)) {
          unfinished.add(index);
        }
      }
      return finished.size > 0 && unfinished.size === 0;
    },
  };
}

function isError(name: string | undefined, body: JsonObject): boolean {
  const { error, type } = body;
  if (type === 'error' || name === 'error') return true;
  return 'error' in body && error !== null && error !== undefined && !('type' in body && type !== 'error');
}
