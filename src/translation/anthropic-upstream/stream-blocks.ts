import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { stringOf } from '../fields.ts';
import { JSON_TOOL } from './notes.ts';
import type { AnthropicUpstreamNotes } from './notes.ts';

/** The content blocks of one message so far. They come one after the other. */
export interface BlockState {
  /** The block that has begun and not ended. */
  readonly open: OpenBlock | undefined;
  /** Tool calls, without the one that is the structured output. */
  readonly toolCalls: number;
  readonly thinkingBlocks: number;
  readonly jsonBlocks: number;
  /**
   * Text of a message that is to be a structured output. Beside it the text would make invalid JSON; it is sent where no
   * structured output comes.
   */
  readonly heldText: string;
}

/** The state after one event, and the deltas of the chunks that the event becomes. */
export type BlockStep =
  | { readonly kind: 'deltas'; readonly state: BlockState; readonly deltas: readonly JsonBody[] }
  | { readonly kind: 'malformed'; readonly why: string };

interface OpenBlock {
  readonly index: unknown;
  readonly kind: BlockKind;
  /** Position among the blocks of its kind. */
  readonly position: number;
  /** Input that came with the start: whole, where no delta follows. */
  readonly input: unknown;
  readonly inputDeltas: number;
}

type BlockKind = 'text' | 'thinking' | 'tool' | 'json' | 'other';

export const NO_BLOCKS: BlockState = { open: undefined, toolCalls: 0, thinkingBlocks: 0, jsonBlocks: 0, heldText: '' };

export function onBlockEvent(state: BlockState, body: JsonObject, notes: AnthropicUpstreamNotes): BlockStep {
  if (body['type'] === 'content_block_start') return begin(state, body, notes);
  const { open } = state;
  if (open === undefined || open.index !== body['index']) return malformed('an event of a block that is not open');
  return body['type'] === 'content_block_stop' ? finish(state, open) : proceed(state, open, body['delta'], notes);
}

function begin(state: BlockState, body: JsonObject, notes: AnthropicUpstreamNotes): BlockStep {
  const block = body['content_block'];
  if (state.open !== undefined) return malformed('a content block begins before the last one ended');
  if (!isObject(block)) return malformed('content_block_start without a block');
  const kind = kindOf(block, state, notes);
  const { position, counted } = count(state, kind);
  const open: OpenBlock = { index: body['index'], kind, position, input: block['input'], inputDeltas: 0 };
  const begun = { ...counted, open };
  switch (kind) {
    case 'text':
      return onText(begun, block['text'], notes);
    case 'tool': {
      const called = { name: notes.toolNames.original(stringOf(block['name']) ?? ''), arguments: '' };
      return send(begun, { tool_calls: [{ index: position, id: block['id'], type: 'function', function: called }] });
    }
    case 'thinking':
      if (block['type'] === 'thinking') return send(begun, ...thinkingDelta(block['thinking'], position));
      return send(begun, { thinking_blocks: [{ type: 'redacted_thinking', data: block['data'], index: position }] });
    case 'json':
      return send(begun);
    case 'other':
      return send(begun, ...resultOf(block));
  }
}

/** Only the first call of the JSON tool is the answer. */
function kindOf(
  { type, name }: JsonObject,
  state: BlockState,
  { structuredOutput }: AnthropicUpstreamNotes,
): BlockKind {
  switch (type) {
    case 'text':
      return 'text';
    case 'thinking':
    case 'redacted_thinking':
      return 'thinking';
    case 'tool_use':
      if (structuredOutput === 'text' || name !== JSON_TOOL) return 'tool';
      return state.jsonBlocks === 0 ? 'json' : 'other';
    default:
      return 'other';
  }
}

function count(state: BlockState, kind: BlockKind): { position: number; counted: BlockState } {
  switch (kind) {
    case 'tool':
      return { position: state.toolCalls, counted: { ...state, toolCalls: state.toolCalls + 1 } };
    case 'thinking':
      return { position: state.thinkingBlocks, counted: { ...state, thinkingBlocks: state.thinkingBlocks + 1 } };
    case 'json':
      return { position: 0, counted: { ...state, jsonBlocks: state.jsonBlocks + 1, heldText: '' } };
    case 'text':
    case 'other':
      return { position: 0, counted: state };
  }
}

function proceed(state: BlockState, open: OpenBlock, delta: unknown, notes: AnthropicUpstreamNotes): BlockStep {
  if (!isObject(delta)) return malformed('content_block_delta without a delta');
  switch (delta['type']) {
    case 'text_delta':
      return onText(state, delta['text'], notes);
    case 'thinking_delta':
      return send(state, ...thinkingDelta(delta['thinking'], open.position));
    case 'signature_delta': {
      const block = { type: 'thinking', thinking: '', signature: delta['signature'], index: open.position };
      return send(state, { thinking_blocks: [block] });
    }
    case 'input_json_delta': {
      const json = stringOf(delta['partial_json']) ?? '';
      if (json === '') return send(state);
      const counted = { ...state, open: { ...open, inputDeltas: open.inputDeltas + 1 } };
      return send(counted, ...inputDelta(open, json));
    }
    case 'citations_delta':
      return send(state, { provider_specific_fields: { citation: delta['citation'] } });
    default:
      // Deltas that Anthropic adds later.
      return send(state);
  }
}

function finish(state: BlockState, open: OpenBlock): BlockStep {
  const ended = { ...state, open: undefined };
  return open.inputDeltas > 0 ? send(ended) : send(ended, ...inputDelta(open, JSON.stringify(open.input ?? {})));
}

function onText(state: BlockState, text: unknown, { structuredOutput }: AnthropicUpstreamNotes): BlockStep {
  if (typeof text !== 'string' || text === '') return send(state);
  if (structuredOutput === 'text') return send(state, { content: text });
  return send(state.jsonBlocks === 0 ? { ...state, heldText: state.heldText + text } : state);
}

/** Input of a tool is an argument text, and input of the JSON tool is the text of the answer. */
function inputDelta({ kind, position }: OpenBlock, json: string): readonly JsonBody[] {
  if (kind === 'tool') return [{ tool_calls: [{ index: position, function: { arguments: json } }] }];
  return kind === 'json' ? [{ content: json }] : [];
}

function thinkingDelta(thinking: unknown, index: number): readonly JsonBody[] {
  if (typeof thinking !== 'string' || thinking === '') return [];
  return [{ reasoning_content: thinking, thinking_blocks: [{ type: 'thinking', thinking, index }] }];
}

/** Results of Anthropic's own tools come whole, under LiteLLM's names. */
function resultOf(block: JsonObject): readonly JsonBody[] {
  const { type } = block;
  if (typeof type !== 'string' || !type.endsWith('_tool_result')) return [];
  const isOfWeb = type === 'web_search_tool_result' || type === 'web_fetch_tool_result';
  return [{ provider_specific_fields: { [isOfWeb ? 'web_search_results' : 'tool_results']: [block] } }];
}

function send(state: BlockState, ...deltas: readonly JsonBody[]): BlockStep {
  return { kind: 'deltas', state, deltas };
}

function malformed(why: string): BlockStep {
  return { kind: 'malformed', why };
}
