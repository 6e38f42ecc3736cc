import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';
import { assistantBlocks } from './assistant-blocks.ts';
import { textBlocks, toolResultBlock, userBlocks } from './user-blocks.ts';

export interface ConversationContext {
  readonly toolNames: ToolNames;
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
}

/** The messages of a chat completion request, as `system` and `messages` of a Messages request. */
export interface Conversation {
  readonly system: readonly JsonBody[];
  readonly messages: readonly JsonBody[];
}

interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly JsonBody[];
}

/**
 * System messages before the first other one become `system`. Messages without content are left out, since Anthropic
 * refuses empty texts, and messages of one role in a row become one.
 */
export function conversationOf(messages: unknown, context: ConversationContext): Conversation {
  const { findings, traits } = context;
  if (!Array.isArray(messages)) {
    findings.invalid('messages', 'must be a list');
    return { system: [], messages: [] };
  }
  const turns = messages.flatMap((message: unknown, at) => turnsOf(message, `messages[${at}]`, context));
  const firstOther = turns.findIndex(({ role }) => role !== 'system');
  const leading = firstOther === -1 ? turns : turns.slice(0, firstOther);
  const rest = merged(placeSystemTurns(merged(turns.slice(leading.length)), traits));
  if (rest.length === 0) findings.invalid('messages', 'Anthropic needs a user or assistant message with content');
  return { system: leading.flatMap(({ content }) => content), messages: rest.map(finished) };
}

function turnsOf(message: unknown, path: string, context: ConversationContext): readonly Turn[] {
  if (!isObject(message)) {
    context.findings.invalid(path, 'must be an object');
    return [];
  }
  const turn = turnOf(message, path, context);
  return turn === undefined || turn.content.length === 0 ? [] : [turn];
}

function turnOf(message: JsonObject, path: string, { toolNames, findings }: ConversationContext): Turn | undefined {
  switch (message['role']) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textBlocks(message, path, findings) };
    case 'user':
      return { role: 'user', content: userBlocks(message, path, findings) };
    case 'tool':
      return { role: 'user', content: toolResultBlock(message, path, findings) };
    case 'assistant':
      return { role: 'assistant', content: assistantBlocks(message, path, { toolNames, findings }) };
    case 'function':
      findings.untranslatable(path, 'messages of role function are deprecated by OpenAI; use role tool');
      return undefined;
    default:
      findings.invalid(`${path}.role`, 'must be system, developer, user, assistant or tool');
      return undefined;
  }
}

/** One turn for each run of one role. Results of tools come first in a turn: Anthropic wants them there. */
function merged(turns: readonly Turn[]): readonly Turn[] {
  const runs: Turn[] = [];
  for (const turn of turns) {
    const last = runs.at(-1);
    if (last?.role !== turn.role) runs.push(turn);
    else runs[runs.length - 1] = { role: turn.role, content: [...last.content, ...turn.content] };
  }
  return runs.map((turn) => (turn.role === 'user' ? { ...turn, content: resultsFirst(turn.content) } : turn));
}

function resultsFirst(content: readonly JsonBody[]): readonly JsonBody[] {
  return [...content].sort((a, b) => Number(b['type'] === 'tool_result') - Number(a['type'] === 'tool_result'));
}

/** A later system message stays where the model accepts it, after a user turn; anywhere else it is a text of the user. */
function placeSystemTurns(turns: readonly Turn[], { laterSystemMessages }: ClaudeTraits): readonly Turn[] {
  return turns.map((turn, at) => {
    if (turn.role !== 'system') return turn;
    const fits = turns[at - 1]?.role === 'user' && turns[at + 1]?.role !== 'user';
    return fits && laterSystemMessages === 'accepted' ? turn : { ...turn, role: 'user' };
  });
}

/** Anthropic refuses white space at the end of an answer that the model is to continue. */
function finished({ role, content }: Turn, at: number, all: readonly Turn[]): JsonBody {
  if (role !== 'assistant' || at < all.length - 1) return { role, content };
  return { role, content: content.map((block) => (block['type'] === 'text' ? trimmed(block) : block)).filter(isFull) };
}

function trimmed(block: JsonBody): JsonBody {
  return { ...block, text: String(block['text']).trimEnd() };
}

function isFull(block: JsonBody): boolean {
  return block['type'] !== 'text' || block['text'] !== '';
}
