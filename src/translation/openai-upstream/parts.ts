import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, listOf, stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { OpenAiDialect } from './notes.ts';

interface PartContext {
  readonly path: string;
  readonly dialect: OpenAiDialect;
  readonly findings: TranslationFindings;
  readonly kinds: 'all' | 'text';
}

/** A content block as parts of a message. An empty text is none. */
export function partOf(block: unknown, context: PartContext): readonly JsonBody[] {
  const { path, dialect, findings, kinds } = context;
  if (!isObject(block)) {
    findings.invalid(path, 'must be an object');
    return [];
  }
  const type = stringOf(block['type']) ?? 'unknown';
  if (type === 'text') {
    const text = stringOf(block['text']);
    if (text === undefined) findings.invalid(`${path}.text`, 'must be a text');
    return text === undefined || text === ''
      ? []
      : [{ type, text, ...(dialect === 'extended' ? cacheControl(block) : {}) }];
  }
  if (kinds === 'all' && (type === 'image' || type === 'document')) {
    const mark = dialect === 'extended' ? cacheControl(block) : {};
    const parts = type === 'image' ? imageParts(block, context) : documentParts(block, context);
    return parts.map((part) => ({ ...part, ...mark }));
  }
  findings.untranslatable(path, `chat completions have no content of type ${type} here`);
  return [];
}

/** A text alone where one part says everything: many servers take no list. */
export function shortest(parts: readonly JsonBody[]): unknown {
  const [first] = parts;
  const isPlain = parts.length === 1 && first?.['type'] === 'text' && !('cache_control' in first);
  return isPlain ? first['text'] : parts;
}

function imageParts(block: JsonObject, { path, findings }: PartContext): readonly JsonBody[] {
  const source = isObject(block['source']) ? block['source'] : {};
  const url =
    source['type'] === 'base64' ? dataUrl(source) : source['type'] === 'url' ? stringOf(source['url']) : undefined;
  if (url !== undefined) return [{ type: 'image_url', image_url: { url } }];
  findings.untranslatable(`${path}.source`, 'chat completions take images by URL and in base64');
  return [];
}

function documentParts(block: JsonObject, context: PartContext): readonly JsonBody[] {
  const source = isObject(block['source']) ? block['source'] : {};
  const title = stringOf(block['title']);
  switch (source['type']) {
    case 'base64': {
      const file_data = dataUrl(source);
      if (file_data !== undefined) return [{ type: 'file', file: { filename: title ?? 'document.pdf', file_data } }];
      break;
    }
    case 'text': {
      const text = stringOf(source['data']) ?? '';
      if (text === '') return [];
      return [{ type: 'text', text: title === undefined ? text : `${title}\n\n${text}` }];
    }
    case 'content': {
      const { content } = source;
      if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
      return listOf(content).flatMap((inner, at) =>
        contentPart(inner, `${context.path}.source.content[${at}]`, context),
      );
    }
    case 'file':
      return [{ type: 'file', file: { file_id: source['file_id'] } }];
  }
  context.findings.untranslatable(`${context.path}.source`, 'chat completions take documents in base64 and as text');
  return [];
}

/** Texts and images: a document holds no other document. */
function contentPart(block: unknown, path: string, context: PartContext): readonly JsonBody[] {
  const isImage = isObject(block) && block['type'] === 'image';
  return isImage ? imageParts(block, { ...context, path }) : partOf(block, { ...context, path, kinds: 'text' });
}

function dataUrl({ media_type: mediaType, data }: JsonObject): string | undefined {
  return typeof mediaType === 'string' && typeof data === 'string' ? `data:${mediaType};base64,${data}` : undefined;
}
