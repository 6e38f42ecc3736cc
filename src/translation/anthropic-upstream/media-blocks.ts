import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';

/** An `image_url` part. A data URL may hold a PDF or a text as well, which is a document. */
export function imageBlock(part: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const image = part['image_url'];
  const url = isObject(image) ? stringOf(image['url']) : stringOf(image);
  if (url === undefined) {
    findings.invalid(`${path}.image_url.url`, 'must be a text');
    return [];
  }
  const format = isObject(image) ? stringOf(image['format']) : undefined;
  if (!url.startsWith('data:')) {
    const type = format === 'application/pdf' ? 'document' : 'image';
    return [{ type, source: { type: 'url', url }, ...cacheControl(part) }];
  }
  return dataBlock(url, { format, path: `${path}.image_url.url`, findings, more: cacheControl(part) });
}

/** A `file` part: data, or the id of a file at the upstream. LiteLLM takes a URL for an id too. */
export function fileBlock(part: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const file = isObject(part['file']) ? part['file'] : {};
  const format = stringOf(file['format']);
  const data = stringOf(file['file_data']);
  const title = stringOf(file['filename']);
  const more = cacheControl(part);
  if (data !== undefined) {
    const titled = title === undefined ? more : { title, ...more };
    return dataBlock(data, { format, path: `${path}.file.file_data`, findings, more, ofDocument: titled });
  }
  const id = stringOf(file['file_id']);
  if (id !== undefined) return [{ ...byId(id, format), ...more }];
  findings.invalid(`${path}.file`, 'needs file_data or file_id');
  return [];
}

interface DataContext {
  /** Media type that the client names beside the data; it wins. */
  readonly format: string | undefined;
  readonly path: string;
  readonly findings: TranslationFindings;
  readonly more: JsonBody;
  readonly ofDocument?: JsonBody;
}

function dataBlock(url: string, context: DataContext): readonly JsonBody[] {
  const { format, path, findings, more, ofDocument = more } = context;
  const [, named = '', data = ''] = /^data:([^;,]*)(?:;[^;,]*)*;base64,(.*)$/s.exec(url) ?? [];
  const mediaType = format ?? named;
  if (data === '') {
    findings.invalid(path, 'must be a data URL in base64');
    return [];
  }
  if (mediaType.startsWith('image/')) {
    return [{ type: 'image', source: { type: 'base64', media_type: mediaType, data }, ...more }];
  }
  if (mediaType === 'application/pdf') {
    return [{ type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...ofDocument }];
  }
  if (mediaType === 'text/plain') {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return [{ type: 'document', source: { type: 'text', media_type: mediaType, data: text }, ...ofDocument }];
  }
  findings.untranslatable(
    path,
    `the Messages API takes images, PDF and plain text, not ${mediaType || 'unknown data'}`,
  );
  return [];
}

function byId(id: string, format: string | undefined): JsonBody {
  if (/^https?:/.test(id)) return { type: 'document', source: { type: 'url', url: id } };
  if (format === undefined) return { type: 'container_upload', file_id: id };
  if (format.startsWith('image/')) return { type: 'image', source: { type: 'file', file_id: id } };
  const isDocument = format === 'application/pdf' || format === 'text/plain';
  return isDocument
    ? { type: 'document', source: { type: 'file', file_id: id } }
    : { type: 'container_upload', file_id: id };
}
