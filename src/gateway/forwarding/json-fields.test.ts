import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, withoutFields, withValues } from './json-fields.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const withModel = (text: string, model: string): string =>
  withValues(bytes(text), fieldsOf(bytes(text)), new Map([['model', bytes(JSON.stringify(model))]])).toString();
const without = (text: string, ...removed: readonly string[]): string =>
  withoutFields(bytes(text), fieldsOf(bytes(text)), new Set(removed)).toString();

describe('the fields of a JSON object', () => {
  it('are found whatever is in their values', () => {
    const text = '\n{ "a" : "x\\"}," ,"b\\u0041":[{"model":1},"]"], "model":"m"  , "n":-1e3}';
    const found = fieldsOf(bytes(text)).map(({ name, valueStart, valueEnd }) => [
      name,
      text.slice(valueStart, valueEnd),
    ]);
    expect(found).toEqual([
      ['a', '"x\\"},"'],
      ['bA', '[{"model":1},"]"]'],
      ['model', '"m"'],
      ['n', '-1e3'],
    ]);
  });

  it('are none in an empty object', () => {
    expect(fieldsOf(bytes(' { } '))).toEqual([]);
  });

  it('keep every other byte when one is replaced', () => {
    expect(withModel('{"n":1.0,  "model" : "a","seed":12345678901234567890}', 'b')).toBe(
      '{"n":1.0,  "model" : "b","seed":12345678901234567890}',
    );
  });

  it('are replaced wherever a name stands twice, so that no parser reads the other one', () => {
    expect(withModel('{"model":"a","mod\\u0065l":"b"}', 'c')).toBe('{"model":"c","mod\\u0065l":"c"}');
  });

  it.each([
    [['a'], '{"b":2.0,"c":3}'],
    [['b'], '{"a":1,"c":3}'],
    [['b', 'c'], '{"a":1}'],
    [['a', 'b', 'c'], '{}'],
    [['x'], '{"a":1,"b":2.0,"c":3}'],
  ])('without %j', (removed, expected) => {
    expect(without('{ "a":1, "b":2.0 ,"c":3 }', ...removed)).toBe(expected);
  });

  it('change as the parsed object does', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, 2), fc.array(fc.nat(8)), fc.string(), (body, space, gone, model) => {
        const text = JSON.stringify({ ...body, model: 'm' }, null, space);
        const removed = Object.keys(body).filter((name, at) => gone.includes(at) && name !== 'model');
        const kept = Object.entries({ ...body, model }).filter(([name]) => !removed.includes(name));
        const changed = without(withModel(text, model), ...removed);
        // As text: a parser makes -0 of -0, and __proto__ an own field.
        expect(JSON.stringify(JSON.parse(changed))).toBe(
          JSON.stringify(JSON.parse(JSON.stringify(Object.fromEntries(kept)))),
        );
      }),
    );
  });
});
