import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';
import type { OpenAiDialect } from './notes.ts';
import { partOf, shortest } from './parts.ts';

/** What the translation of a message needs to know. */
export interface MessagesContext {
  readonly toolNames: ToolNames;
  readonly dialect: OpenAiDialect;
  readonly findings: TranslationFindings;
}

/** One result of a tool. */
export interface ToolResult {
  readonly message: JsonBody;
  /** Images and files of the result. OpenAI takes them in a user message only, so they follow in one. */
  readonly media: readonly JsonBody[];
}

export function toolMessages(block: JsonObject, path: string, context: MessagesContext): ToolResult {
  const { dialect, findings } = context;
  const id = stringOf(block['tool_use_id']);
  if (id === undefined) findings.invalid(`${path}.tool_use_id`, 'must be a text');
  const parts = partsOf(block['content'], `${path}.content`, context);
  const isText = (part: JsonBody): boolean => part['type'] === 'text';
  const kept = dialect === 'extended' ? parts : parts.filter(isText);
  const failed = block['is_error'] === true;
  const told = failed && dialect === 'openai' ? withError(kept) : kept;
  return {
    message: {
      role: 'tool',
      tool_call_id: id ?? '',
      content: told.length > 0 ? shortest(told) : '',
      ...(dialect === 'extended' ? { ...cacheControl(block), ...(failed ? { is_error: true } : {}) } : {}),
    },
    media: dialect === 'extended' ? [] : parts.filter((part) => !isText(part)),
  };
}

function partsOf(content: unknown, path: string, context: MessagesContext): readonly JsonBody[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) {
    context.findings.invalid(path, 'must be a text or a list of blocks');
    return [];
  }
  return content.flatMap((block: unknown, at) => partOf(block, { ...context, path: `${path}[${at}]`, kinds: 'all' }));
}

/** OpenAI has no field for a failed call. The model must know, so the text says so, where it does not yet. */
function withError(parts: readonly JsonBody[]): readonly JsonBody[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [{ type: 'text', text: 'Error' }];
  const text = stringOf(first['text']) ?? '';
  return /^\W*error/i.test(text) ? parts : [{ ...first, text: `Error: ${text}` }, ...rest];
}
