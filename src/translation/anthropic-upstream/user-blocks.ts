import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import { toolUseId } from '../tool-names.ts';
import { fileBlock, imageBlock } from './media-blocks.ts';

/** Content of a user message. A text that is empty is left out: Anthropic refuses it. */
export function userBlocks(message: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  return blocksOf(message, { path, findings, parts: 'all' });
}

/** Content of a system message: texts only. */
export function textBlocks(message: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  return blocksOf(message, { path, findings, parts: 'text' });
}

/** A tool message. `is_error` is not OpenAI's; it is kept for clients that have it from an Anthropic conversation. */
export function toolResultBlock(message: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const id = stringOf(message['tool_call_id']);
  if (id === undefined) {
    findings.invalid(`${path}.tool_call_id`, 'must be a text');
    return [];
  }
  const { content } = message;
  const blocks = typeof content === 'string' ? content : blocksOf({ content }, { path, findings, parts: 'all' });
  return [
    {
      type: 'tool_result',
      tool_use_id: toolUseId(id),
      ...(blocks.length > 0 ? { content: blocks } : {}),
      ...(message['is_error'] === true ? { is_error: true } : {}),
      ...cacheControl(message),
    },
  ];
}

interface BlockContext {
  readonly path: string;
  readonly findings: TranslationFindings;
  readonly parts: 'all' | 'text';
}

function blocksOf(message: JsonObject, context: BlockContext): readonly JsonBody[] {
  const { content } = message;
  const { path, findings } = context;
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content, ...cacheControl(message) }];
  if (!Array.isArray(content)) {
    findings.invalid(`${path}.content`, 'must be a text or a list of parts');
    return [];
  }
  const blocks = content.flatMap((part: unknown, at) => blockOf(part, `${path}.content[${at}]`, context));
  return markedLast(blocks, message);
}

/** `cache_control` of a message is about all of it, so its last block carries it. */
function markedLast(blocks: readonly JsonBody[], message: JsonObject): readonly JsonBody[] {
  const mark = cacheControl(message);
  return blocks.map((block, at) => (at === blocks.length - 1 ? { ...mark, ...block } : block));
}

function blockOf(part: unknown, path: string, { findings, parts }: BlockContext): readonly JsonBody[] {
  if (!isObject(part)) {
    findings.invalid(path, 'must be an object');
    return [];
  }
  const { type } = part;
  if (type === 'text') return textBlock(part, path, findings);
  if (parts === 'text') {
    findings.invalid(path, 'must be of type text');
    return [];
  }
  switch (type) {
    case 'image_url':
      return imageBlock(part, path, findings);
    case 'file':
      return fileBlock(part, path, findings);
    case 'image':
    case 'document':
    case 'search_result':
      // Anthropic's own blocks.
      return [part];
    default:
      findings.untranslatable(path, `the Messages API has no content of type ${stringOf(type) ?? 'unknown'}`);
      return [];
  }
}

function textBlock(part: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const text = stringOf(part['text']);
  if (text === undefined) findings.invalid(`${path}.text`, 'must be a text');
  return text === undefined || text === '' ? [] : [{ type: 'text', text, ...cacheControl(part) }];
}
