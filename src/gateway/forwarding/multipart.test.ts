import { describe, expect, it } from 'vitest';
import { readForm, withModelPart } from './multipart.ts';

/** A body as a client makes it. */
async function bodyOf(form: FormData): Promise<{ bytes: Buffer; contentType: string }> {
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return {
    bytes: Buffer.from(await request.arrayBuffer()),
    contentType: request.headers.get('content-type') ?? '',
  };
}

async function parsed(bytes: Buffer, contentType: string): Promise<FormData> {
  return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
}

const audio = new Uint8Array([0, 13, 10, 45, 45, 255, 13, 10, 13, 10, 1]);

describe('a form', () => {
  it('gets another model, and keeps its file byte for byte', async () => {
    const form = new FormData();
    form.append('file', new Blob([audio]), 'name="model".mp3');
    form.append('model', 'whisper');
    form.append('stream', 'true');
    const { bytes, contentType } = await bodyOf(form);
    const read = readForm(bytes, contentType);
    if (read.kind === 'invalid') throw new Error(read.why);
    expect(read).toMatchObject({ model: 'whisper', stream: true });
    const changed = await parsed(withModelPart(bytes, read, 'whisper-large-v3'), contentType);
    expect(changed.get('model')).toBe('whisper-large-v3');
    expect(new Uint8Array(await (changed.get('file') as File).arrayBuffer())).toEqual(audio);
    expect(withModelPart(bytes, read, 'whisper')).toBe(bytes);
  });

  it('without a model gets one', async () => {
    const form = new FormData();
    form.append('file', new Blob([audio]), 'a.mp3');
    const { bytes, contentType } = await bodyOf(form);
    const read = readForm(bytes, contentType);
    if (read.kind === 'invalid') throw new Error(read.why);
    expect(read.model).toBeUndefined();
    const changed = await parsed(withModelPart(bytes, read, 'm'), contentType);
    expect([...changed.keys()].toSorted()).toEqual(['file', 'model']);
  });

  it.each([
    ['application/json', '{}'],
    ['multipart/form-data', '--x--'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhis'],
  ])('is refused where it is none: %s, %j', (contentType, text) => {
    expect(readForm(Buffer.from(text), contentType).kind).toBe('invalid');
  });

  it('fault: with two models reaches the upstream with both, of which one was not checked', () => {
    const part = (name: string, value: string): string =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const read = (...parts: readonly string[]): string =>
      readForm(Buffer.from(`${parts.join('')}--x--\r\n`), 'multipart/form-data; boundary=x').kind;
    expect(read(part('model', 'large'), part('model', 'small'))).toBe('invalid');
    // Nor may it hide behind more parts than are looked at.
    const many = Array.from({ length: 256 }, (_, at) => part(`n${at}`, ''));
    expect(read(...many.slice(1), part('model', 'small'))).toBe('form');
    expect(read(...many, part('model', 'large'))).toBe('invalid');
  });

  it('may have an empty model', () => {
    const text = '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\n\r\n--x--\r\n';
    expect(readForm(Buffer.from(text), 'multipart/form-data; boundary="x"')).toMatchObject({ model: '' });
  });
});
