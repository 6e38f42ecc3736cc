import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, defined, objectsOf, present, stringOf } from '../fields.ts';
import { partOf, shortest } from './parts.ts';
import { toolMessages } from './tool-messages.ts';
import type { MessagesContext } from './tool-messages.ts';

/** `system` and `messages` of a Messages request as messages of a chat completion request. */
export function messagesOf(body: JsonObject, context: MessagesContext): readonly JsonBody[] {
  const { system, messages } = body;
  const first = system === undefined || system === null ? [] : systemMessage(system, 'system', context);
  if (!Array.isArray(messages)) {
    context.findings.invalid('messages', 'must be a list');
    return first;
  }
  return [...first, ...messages.flatMap((message: unknown, at) => messageOf(message, `messages[${at}]`, context))];
}

function messageOf(message: unknown, path: string, context: MessagesContext): readonly JsonBody[] {
  if (!isObject(message)) {
    context.findings.invalid(path, 'must be an object');
    return [];
  }
  const { role, content } = message;
  if (typeof content !== 'string' && !Array.isArray(content)) {
    context.findings.invalid(`${path}.content`, 'must be a text or a list of blocks');
    return [];
  }
  switch (role) {
    case 'user':
      return typeof content === 'string' ? [{ role, content }] : userMessages(content, `${path}.content`, context);
    case 'assistant':
      return typeof content === 'string' ? [{ role, content }] : assistantMessage(content, `${path}.content`, context);
    case 'system':
      return systemMessage(content, `${path}.content`, context);
    default:
      context.findings.invalid(`${path}.role`, 'must be user, assistant or system');
      return [];
  }
}

function systemMessage(system: unknown, path: string, context: MessagesContext): readonly JsonBody[] {
  if (typeof system === 'string') return system === '' ? [] : [{ role: 'system', content: system }];
  if (!Array.isArray(system)) {
    context.findings.invalid(path, 'must be a text or a list of blocks');
    return [];
  }
  const parts = system.flatMap((block: unknown, at) =>
    partOf(block, { ...context, path: `${path}[${at}]`, kinds: 'text' }),
  );
  return parts.length > 0 ? [{ role: 'system', content: shortest(parts) }] : [];
}

/** Results of tools are messages of their own, and come first: OpenAI wants them right after the calls. */
function userMessages(blocks: readonly unknown[], path: string, context: MessagesContext): readonly JsonBody[] {
  const results = blocks.map((block, at) =>
    isObject(block) && block['type'] === 'tool_result' ? toolMessages(block, `${path}[${at}]`, context) : undefined,
  );
  const parts = blocks.flatMap((block, at) => {
    const media = results[at]?.media;
    return media ?? partOf(block, { ...context, path: `${path}[${at}]`, kinds: 'all' });
  });
  const messages = results.flatMap((result) => (result === undefined ? [] : [result.message]));
  return parts.length > 0 ? [...messages, { role: 'user', content: shortest(parts) }] : messages;
}

function assistantMessage(blocks: readonly unknown[], path: string, context: MessagesContext): readonly JsonBody[] {
  const texts = blocks.flatMap((block, at) => textOf(block, `${path}[${at}]`, context));
  const calls = blocks.flatMap((block, at) => toolCall(block, `${path}[${at}]`, context));
  const thinking = context.dialect === 'extended' ? thinkingOf(blocks) : {};
  if (texts.length === 0 && calls.length === 0 && Object.keys(thinking).length === 0) return [];
  // Parts only where they carry a cache mark: many servers take a text alone.
  const marked = texts.some((text) => 'cache_control' in text);
  const joined = texts.map(({ text }) => text).join('');
  const content = marked ? texts : joined;
  return [
    defined({
      role: 'assistant',
      content: texts.length > 0 ? content : null,
      ...thinking,
      tool_calls: calls.length > 0 ? calls : undefined,
    }),
  ];
}

/** Texts of an answer. Blocks of tools that ran at Anthropic are left out: the texts say what came of them. */
function textOf(block: unknown, path: string, context: MessagesContext): readonly JsonBody[] {
  const type = isObject(block) ? stringOf(block['type']) : undefined;
  switch (type) {
    case 'tool_use':
    case 'thinking':
    case 'redacted_thinking':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return [];
    default:
      if (type?.endsWith('_tool_result') === true) return [];
      return partOf(block, { ...context, path, kinds: 'text' });
  }
}

function toolCall(
  block: unknown,
  path: string,
  { toolNames, dialect, findings }: MessagesContext,
): readonly JsonBody[] {
  if (!isObject(block) || block['type'] !== 'tool_use') return [];
  const { id, name, input } = block;
  if (typeof id !== 'string' || typeof name !== 'string') {
    findings.invalid(path, 'needs an id and a name');
    return [];
  }
  const called = { name: toolNames.sent(name), arguments: JSON.stringify(input ?? {}) };
  return [{ id, type: 'function', function: called, ...(dialect === 'extended' ? cacheControl(block) : {}) }];
}

function thinkingOf(blocks: readonly unknown[]): JsonBody {
  const thinking = objectsOf(blocks)
    .filter(({ type }) => type === 'thinking' || type === 'redacted_thinking')
    .map((block) => present(block));
  if (thinking.length === 0) return {};
  const text = thinking.map((block) => stringOf(block['thinking']) ?? '').join('');
  return { thinking_blocks: thinking, ...(text === '' ? {} : { reasoning_content: text }) };
}
