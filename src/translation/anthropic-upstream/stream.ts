import { isObject, parseJson, wireErrorOf } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { statusOfAnthropicType } from '../error-body.ts';
import { stringOf } from '../fields.ts';
import { dataEvent, malformed, settled, truncated } from '../sse.ts';
import type { StreamStep, StreamTranslator } from '../sse.ts';
import { finishReasonOf } from '../stop-reason.ts';
import { countsOfAnthropic, mergeUsage, openAiUsage } from '../usage.ts';
import { refusalOf } from './answer.ts';
import type { OpenAiIdentity } from './answer.ts';
import type { AnthropicUpstreamNotes } from './notes.ts';
import { NO_BLOCKS, onBlockEvent } from './stream-blocks.ts';
import type { BlockState } from './stream-blocks.ts';

/**
 * The events of a message as chunks of a chat completion. The chunk with the finish reason waits for `message_stop`, so a
 * client never sees a stream that broke off as complete.
 */
export function createAnthropicToOpenAiStream(
  identity: OpenAiIdentity,
  notes: AnthropicUpstreamNotes,
): StreamTranslator {
  const context: StreamContext = { notes, chunk: chunkWriter(identity) };
  let message = NOT_STARTED;
  return settled({
    event: ({ data }) => {
      const body = parseJson(data);
      if (!isObject(body)) return malformed('an event that is not a JSON object');
      const { step, next = message } = onEvent(message, body, context);
      message = next;
      return step;
    },
    end: () => truncated('the stream ended before message_stop'),
  });
}

interface StreamContext {
  readonly notes: AnthropicUpstreamNotes;
  readonly chunk: (part: ChunkPart) => string;
}

interface Message {
  readonly state: 'not-started' | 'open' | 'stopped';
  readonly blocks: BlockState;
  readonly usage: JsonObject;
  readonly stopReason: string;
  readonly stopDetails: unknown;
}

const NOT_STARTED: Message = {
  state: 'not-started',
  blocks: NO_BLOCKS,
  usage: {},
  stopReason: '',
  stopDetails: undefined,
};

interface Reaction {
  readonly step: StreamStep;
  /** The message after the event, where the event changed it. */
  readonly next?: Message;
}

function onEvent(message: Message, body: JsonObject, context: StreamContext): Reaction {
  switch (body['type']) {
    case 'message_start': {
      if (message.state !== 'not-started') return { step: malformed('a second message_start') };
      const usage = mergeUsage({}, isObject(body['message']) ? body['message']['usage'] : undefined);
      const first = context.chunk({ delta: { role: 'assistant', content: '' } });
      return { step: more([first]), next: { ...message, state: 'open', usage } };
    }
    case 'content_block_start':
    case 'content_block_delta':
    case 'content_block_stop':
      return onBlock(message, body, context);
    case 'message_delta':
      return { step: more([]), next: withDelta(message, body) };
    case 'message_stop':
      return { step: ended(message, context) };
    case 'error':
      return { step: failed(body) };
    default:
      // `ping`, and events that Anthropic adds later.
      return { step: more([]) };
  }
}

function onBlock(message: Message, body: JsonObject, { notes, chunk }: StreamContext): Reaction {
  if (message.state !== 'open') return { step: malformed('an event of a content block outside of a message') };
  const step = onBlockEvent(message.blocks, body, notes);
  if (step.kind === 'malformed') return { step: malformed(step.why) };
  return { step: more(step.deltas.map((delta) => chunk({ delta }))), next: { ...message, blocks: step.state } };
}

function withDelta(message: Message, body: JsonObject): Message {
  const usage = mergeUsage(message.usage, body['usage']);
  const delta = isObject(body['delta']) ? body['delta'] : {};
  const stopReason = stringOf(delta['stop_reason']);
  if (stopReason === undefined) return { ...message, usage };
  return { ...message, usage, state: 'stopped', stopReason, stopDetails: delta['stop_details'] };
}

function ended(
  { state, blocks, usage, stopReason, stopDetails }: Message,
  { notes, chunk }: StreamContext,
): StreamStep {
  if (state !== 'stopped' || blocks.open !== undefined) return malformed('message_stop before the message is complete');
  const counts = countsOfAnthropic(usage);
  const refusal = refusalOf(stopReason, stopDetails);
  // The call of the JSON tool is the answer: the client sees no tool call.
  const finish = stopReason === 'tool_use' && blocks.toolCalls === 0 ? 'stop' : finishReasonOf(stopReason);
  const texts = [
    ...(blocks.heldText === '' ? [] : [chunk({ delta: { content: blocks.heldText } })]),
    ...(refusal === null ? [] : [chunk({ delta: { refusal } })]),
    chunk({ delta: {}, finish_reason: finish }),
    ...(notes.usageChunk === 'send' ? [chunk({ usage: openAiUsage(counts) })] : []),
    dataEvent('[DONE]'),
  ];
  return { kind: 'ended', texts, usage: counts };
}

interface ChunkPart {
  readonly delta?: JsonBody;
  readonly finish_reason?: string;
  readonly usage?: JsonBody;
}

/** A chunk with usage has no choice, as at OpenAI. */
function chunkWriter({ id, model, createdS }: OpenAiIdentity): (part: ChunkPart) => string {
  return ({ delta, finish_reason: finish = null, usage }) =>
    dataEvent({
      id,
      object: 'chat.completion.chunk',
      created: createdS,
      model,
      choices: delta === undefined ? [] : [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(usage === undefined ? {} : { usage }),
    });
}

function more(texts: readonly string[]): StreamStep {
  return { kind: 'more', texts };
}

function failed(body: JsonObject): StreamStep {
  const error = isObject(body['error']) ? body['error'] : {};
  const message = wireErrorOf(body).message ?? 'the upstream sent an error without a reason';
  const status = statusOfAnthropicType(stringOf(error['type']));
  return { kind: 'failed', failure: { reason: 'upstream-error', message, status } };
}
