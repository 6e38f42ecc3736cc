import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { objectsOf, stringOf } from '../fields.ts';
import type { NamedBody } from '../sse.ts';
import type { ToolNames } from '../tool-names.ts';
import { idOfCall, reasoningText } from './answer.ts';
import type { AnthropicIdentity } from './answer.ts';
import type { OpenAiUpstreamNotes } from './notes.ts';

/** The content blocks that the client has so far. One is open at a time. */
export interface ContentState {
  readonly open: OpenBlock | undefined;
  readonly blocks: number;
  readonly toolCalls: number;
  /** Position of the last tool call, by the upstream. */
  readonly lastPosition: number;
  readonly refusal: string;
}

export type ContentStep =
  | { readonly kind: 'events'; readonly state: ContentState; readonly events: readonly NamedBody[] }
  | { readonly kind: 'malformed'; readonly why: string };

type OpenBlock =
  | { readonly kind: 'text' }
  | { readonly kind: 'thinking'; readonly signed: 'yes' | 'no' }
  /** `position` and `id` are the upstream's. */
  | { readonly kind: 'tool'; readonly position: unknown; readonly id: unknown };

interface DeltaContext {
  readonly identity: AnthropicIdentity;
  readonly notes: OpenAiUpstreamNotes;
}

export const NO_CONTENT: ContentState = { open: undefined, blocks: 0, toolCalls: 0, lastPosition: -1, refusal: '' };

export function onDelta(state: ContentState, delta: JsonObject, context: DeltaContext): ContentStep {
  const refusal = stringOf(delta['refusal']) ?? '';
  const thought = onThinking(send(state), delta);
  const spoken = onText(onText(thought, stringOf(delta['content']) ?? ''), refusal);
  const refused = { ...spoken, state: { ...spoken.state, refusal: state.refusal + refusal } };
  let step: ContentStep = refused;
  for (const call of objectsOf(delta['tool_calls'])) {
    if (step.kind === 'malformed') return step;
    step = onToolCall(step, call, context);
  }
  return step;
}

/** Ends the open block. */
export function closed({ open, blocks }: ContentState): readonly NamedBody[] {
  return open === undefined ? [] : [{ type: 'content_block_stop', index: blocks - 1 }];
}

type Sent = Extract<ContentStep, { kind: 'events' }>;

/** Thinking in LiteLLM's form, or else as plain reasoning text. */
function onThinking(sent: Sent, delta: JsonObject): Sent {
  const pieces = objectsOf(delta['thinking_blocks']);
  if (pieces.length === 0) return onThinkingText(sent, reasoningText(delta));
  let step = sent;
  for (const { type, thinking, signature, data } of pieces) {
    if (type === 'redacted_thinking') step = redacted(step, data);
    if (type === 'thinking') step = signed(onThinkingText(step, stringOf(thinking) ?? ''), stringOf(signature) ?? '');
  }
  return step;
}

function onThinkingText(sent: Sent, thinking: string): Sent {
  if (thinking === '') return sent;
  const { open } = sent.state;
  const begun = open?.kind === 'thinking' && open.signed === 'no' ? sent : beginThinking(sent);
  return add(begun, { type: 'thinking_delta', thinking });
}

function beginThinking(sent: Sent): Sent {
  return begin(sent, { kind: 'thinking', signed: 'no' }, { type: 'thinking', thinking: '', signature: '' });
}

/** A signature ends its block: thinking after it is another block. */
function signed(sent: Sent, signature: string): Sent {
  if (signature === '') return sent;
  const { open } = sent.state;
  const begun = open?.kind === 'thinking' && open.signed === 'no' ? sent : beginThinking(sent);
  const added = add(begun, { type: 'signature_delta', signature });
  return { ...added, state: { ...added.state, open: { kind: 'thinking', signed: 'yes' } } };
}

function redacted(sent: Sent, data: unknown): Sent {
  return begin(sent, { kind: 'thinking', signed: 'yes' }, { type: 'redacted_thinking', data });
}

function onText(sent: Sent, text: string): Sent {
  if (text === '') return sent;
  const begun = sent.state.open?.kind === 'text' ? sent : begin(sent, { kind: 'text' }, { type: 'text', text: '' });
  return add(begun, { type: 'text_delta', text });
}

function onToolCall(sent: Sent, call: JsonObject, { identity, notes }: DeltaContext): ContentStep {
  const called = isObject(call['function']) ? call['function'] : {};
  const open = sent.state.open;
  const position = call['index'];
  const isSame = open?.kind === 'tool' && open.position === position && !isOther(open.id, call['id']);
  if (isSame) return withArguments(sent, called);
  const name = stringOf(called['name']) ?? '';
  if (name === '') return { kind: 'malformed', why: 'a tool call without a name' };
  // Anthropic's blocks do not interleave, so a call cannot go on after a later one began.
  const isLate = typeof position === 'number' && position < sent.state.lastPosition;
  if (isLate) return { kind: 'malformed', why: 'tool calls interleave' };
  const begun = beginTool(sent, { position, id: call['id'], name }, { identity, toolNames: notes.toolNames });
  return withArguments(begun, called);
}

/** Some servers give every call the same position, and an id of its own. */
function isOther(known: unknown, given: unknown): boolean {
  return typeof given === 'string' && given !== '' && given !== known;
}

interface Call {
  readonly position: unknown;
  readonly id: unknown;
  readonly name: string;
}

function beginTool(
  sent: Sent,
  { position, id, name }: Call,
  { identity, toolNames }: { identity: AnthropicIdentity; toolNames: ToolNames },
): Sent {
  const use = { id: idOfCall(id, sent.state.toolCalls, identity), name: toolNames.original(name), input: {} };
  const begun = begin(sent, { kind: 'tool', position, id }, { type: 'tool_use', ...use });
  const { toolCalls, lastPosition } = begun.state;
  const last = typeof position === 'number' ? position : lastPosition;
  return { ...begun, state: { ...begun.state, toolCalls: toolCalls + 1, lastPosition: last } };
}

function withArguments(sent: Sent, called: JsonObject): Sent {
  const json = stringOf(called['arguments']) ?? '';
  return json === '' ? sent : add(sent, { type: 'input_json_delta', partial_json: json });
}

/** Ends the open block and begins another. */
function begin({ state, events }: Sent, open: OpenBlock, block: JsonBody): Sent {
  const start = { type: 'content_block_start', index: state.blocks, content_block: block };
  return send({ ...state, open, blocks: state.blocks + 1 }, [...events, ...closed(state), start]);
}

function add({ state, events }: Sent, delta: JsonBody): Sent {
  return send(state, [...events, { type: 'content_block_delta', index: state.blocks - 1, delta }]);
}

function send(state: ContentState, events: readonly NamedBody[] = []): Sent {
  return { kind: 'events', state, events };
}
