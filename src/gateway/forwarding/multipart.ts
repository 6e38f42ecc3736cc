/** Parts of a form that matter for routing. */
export interface Form {
  readonly kind: 'form';
  readonly boundary: string;
  readonly model: string | undefined;
  /** Where the value of the part `model` is; undefined where there is none. */
  readonly modelSpan: readonly [start: number, end: number] | undefined;
  readonly stream: boolean;
}

export type ReadForm = Form | { readonly kind: 'invalid'; readonly why: string };

/** No form of these endpoints has more parts than this: images and a few fields. */
const MAX_PARTS = 256;
const HEADERS_END = Buffer.from('\r\n\r\n');

/** Finds `model` and `stream` in a multipart/form-data body. Files are not looked into. */
export function readForm(bytes: Buffer, contentType: string): ReadForm {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined || !/^multipart\/form-data/i.test(contentType)) {
    return { kind: 'invalid', why: 'The body must be multipart/form-data with a boundary' };
  }
  const delimiter = Buffer.from(`--${name}`);
  let model: string | undefined;
  let modelSpan: Form['modelSpan'];
  let stream = false;
  let at = bytes.indexOf(delimiter);
  for (let parts = 0; at !== -1; parts += 1) {
    const headersStart = at + delimiter.length;
    const headersEnd = bytes.indexOf(HEADERS_END, headersStart);
    if (headersEnd === -1) break;
    if (parts === MAX_PARTS) return { kind: 'invalid', why: `The form has more than ${MAX_PARTS} parts` };
    const next = bytes.indexOf(Buffer.concat([CRLF, delimiter]), headersEnd + 2);
    if (next === -1) return { kind: 'invalid', why: 'The form ends in the middle of a part' };
    const span = [headersEnd + HEADERS_END.length, Math.max(next, headersEnd + HEADERS_END.length)] as const;
    const field = nameOf(bytes.toString('latin1', headersStart, headersEnd));
    if (field === 'model' && modelSpan !== undefined) {
      // Upstreams differ in which one they take, and the key of the caller was checked for one.
      return { kind: 'invalid', why: 'The form has more than one part `model`' };
    }
    if (field === 'model') {
      model = bytes.toString('utf8', ...span);
      modelSpan = span;
    } else if (field === 'stream') {
      stream = /^true$/i.test(bytes.toString('latin1', ...span).trim());
    }
    at = next + CRLF.length;
  }
  return { kind: 'form', boundary: name, model, modelSpan, stream };
}

const CRLF = Buffer.from('\r\n');

/** The body with another model. Every other part stays byte for byte. */
export function withModelPart(bytes: Buffer, { boundary, model, modelSpan }: Form, upstreamModel: string): Buffer {
  if (model === upstreamModel) return bytes;
  const value = Buffer.from(upstreamModel);
  if (modelSpan !== undefined) {
    return Buffer.concat([bytes.subarray(0, modelSpan[0]), value, bytes.subarray(modelSpan[1])]);
  }
  const part = `--${boundary}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${upstreamModel}\r\n`;
  return Buffer.concat([Buffer.from(part), bytes]);
}

function nameOf(headers: string): string | undefined {
  return /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]*)"?/im.exec(headers)?.[1];
}
