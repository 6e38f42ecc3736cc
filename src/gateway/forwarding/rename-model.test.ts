import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, withValues } from './json-fields.ts';
import { renameModel } from '../../providers/wire/index.ts';

const rename = (text: string, from = 'a'): string | undefined =>
  renameModel(Buffer.from(text), { from, to: 'new' })?.toString();

describe('the name of a model', () => {
  it('is replaced where it stands, and no other byte', () => {
    expect(rename('{ "n" : 1.0, "model" :\n "a" ,"é":["a"]}')).toBe('{ "n" : 1.0, "model" :\n "new" ,"é":["a"]}');
    expect(rename('{"content":"say \\"model\\" to me","model":"a"}')).toBe(
      '{"content":"say \\"model\\" to me","model":"new"}',
    );
  });

  it.each([
    ['stands twice', '{"model":"a","model":"a"}'],
    ['stands in a part of it, too', '{"tool":{"model":"a"},"model":"a"}'],
    ['is a value, too', '{"role":"model","model":"a"}'],
    ['is escaped', '{"\\u006dodel":"a","tool":{"model":"a"}}'],
    ['has another value', '{"model":"b"}'],
    ['has an escaped value', '{"model":"\\u0061"}'],
    ['has no value', '{"x":"model"}'],
    ['is not there', '{}'],
  ])('is not replaced without reading the text where it %s', (_how, text) => {
    expect(rename(text)).toBeUndefined();
  });

  it('is not replaced where its bytes are no text', () => {
    const bytes = Buffer.from([...Buffer.from('{"model":"'), 0xff, ...Buffer.from('"}')]);
    expect(renameModel(bytes, { from: '\uFFFD', to: 'new' })).toBeUndefined();
  });

  it('is replaced as it is by reading the text', () => {
    const text = fc.oneof(fc.constantFrom('model', 'a', '"model"', '\\', 'é'), fc.string());
    const object = fc.dictionary(text, fc.jsonValue({ depthSize: 'small' })).map((rest) => ({ ...rest, model: 'a' }));
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1), (body, indent) => {
        const json = Buffer.from(JSON.stringify(body, null, indent));
        const read = withValues(json, fieldsOf(json), new Map([['model', Buffer.from('"new"')]]));
        const renamed = renameModel(json, { from: 'a', to: 'new' });
        expect((renamed ?? read).toString()).toBe(read.toString());
      }),
    );
  });
});
