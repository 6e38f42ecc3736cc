import { isObject, parseJson, wireErrorOf } from '../../providers/wire/index.ts';
import type { JsonObject } from '../../providers/wire/index.ts';
import { objectsOf, stringOf } from '../fields.ts';
import { malformed, namedEvent, settled, truncated } from '../sse.ts';
import type { NamedBody, StreamStep, StreamTranslator } from '../sse.ts';
import { NO_TOKENS, anthropicUsage, countsOfOpenAi } from '../usage.ts';
import { ending } from './answer.ts';
import type { AnthropicIdentity } from './answer.ts';
import type { OpenAiUpstreamNotes } from './notes.ts';
import { NO_CONTENT, closed, onDelta } from './stream-content.ts';
import type { ContentState } from './stream-content.ts';

/**
 * The chunks of a chat completion as the events of a message. The end of the message waits for the end of the stream, since
 * usage comes after the finish reason.
 */
export function createOpenAiToAnthropicStream(
  identity: AnthropicIdentity,
  notes: OpenAiUpstreamNotes,
): StreamTranslator {
  let completion = NOT_STARTED;
  return settled({
    event: ({ data }) => {
      if (data.trim() === '[DONE]') return ended(completion, malformed('[DONE] before a finish reason'));
      const body = parseJson(data);
      if (!isObject(body)) return malformed('an event that is not a JSON object');
      const { step, next = completion } = onChunk(completion, body, { identity, notes });
      completion = next;
      return step;
    },
    // Some servers send no [DONE].
    end: () => ended(completion, truncated('the stream ended before a finish reason')),
  });
}

interface StreamContext {
  readonly identity: AnthropicIdentity;
  readonly notes: OpenAiUpstreamNotes;
}

interface Completion {
  readonly state: 'not-started' | 'open';
  readonly content: ContentState;
  readonly finishReason: string | undefined;
  readonly usage: unknown;
}

const NOT_STARTED: Completion = {
  state: 'not-started',
  content: NO_CONTENT,
  finishReason: undefined,
  usage: undefined,
};

interface Reaction {
  readonly step: StreamStep;
  /** The completion after the chunk, where the chunk changed it. */
  readonly next?: Completion;
}

function onChunk(completion: Completion, body: JsonObject, context: StreamContext): Reaction {
  if ((body['error'] ?? null) !== null) return { step: failed(body) };
  if (!Array.isArray(body['choices'])) return { step: malformed('a chunk without choices') };
  const usage = body['usage'] ?? completion.usage;
  const choice = objectsOf(body['choices']).find(({ index }) => index === 0 || index === undefined);
  const start = completion.state === 'not-started' ? [messageStart(context.identity)] : [];
  const started: Completion = { ...completion, state: 'open', usage };
  if (choice === undefined) return { step: more(start), next: started };
  const delta = isObject(choice['delta']) ? choice['delta'] : {};
  const step = onDelta(completion.content, delta, context);
  if (step.kind === 'malformed') return { step: malformed(step.why) };
  if (completion.finishReason !== undefined && step.events.length > 0) {
    return { step: malformed('content after the finish reason') };
  }
  const finishReason = stringOf(choice['finish_reason']) ?? completion.finishReason;
  return { step: more([...start, ...step.events]), next: { ...started, content: step.state, finishReason } };
}

/** The prompt's tokens are not known yet; `message_delta` corrects the counts. */
function messageStart(identity: AnthropicIdentity): NamedBody {
  const empty = { content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  const message = { ...identity, type: 'message', role: 'assistant', ...empty, usage: anthropicUsage(NO_TOKENS) };
  return { type: 'message_start', message };
}

function ended({ content, finishReason, usage }: Completion, unfinished: StreamStep): StreamStep {
  if (finishReason === undefined) return unfinished;
  const counts = countsOfOpenAi(usage);
  const { toolCalls, refusal } = content;
  const delta = ending(finishReason, { toolCalls, refusal });
  const events: NamedBody[] = [
    ...closed(content),
    { type: 'message_delta', delta, usage: anthropicUsage(counts) },
    { type: 'message_stop' },
  ];
  return { kind: 'ended', texts: events.map(namedEvent), usage: counts };
}

function more(events: readonly NamedBody[]): StreamStep {
  return { kind: 'more', texts: events.map(namedEvent) };
}

function failed(body: JsonObject): StreamStep {
  const error = isObject(body['error']) ? body['error'] : {};
  const status = Number(error['status'] ?? error['code']);
  const message = wireErrorOf(body).message ?? 'the upstream sent an error without a reason';
  const known = Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
  return { kind: 'failed', failure: { reason: 'upstream-error', message, status: known } };
}
