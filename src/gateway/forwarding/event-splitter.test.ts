import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventSplitter, readEvent } from './event-splitter.ts';

describe('a stream of events', () => {
  it.each(['\n', '\r\n'])('is cut between events wherever the chunks end (lines end with %j)', (newline) => {
    const event = fc
      .array(fc.constantFrom('data: {"a":1}', 'data:é', 'event: x', ': comment', 'id: 1'), {
        minLength: 1,
        maxLength: 3,
      })
      .map((lines) => lines.map((line) => `${line}${newline}`).join('') + newline);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 9 })), (events, sizes) => {
        const splitter = createEventSplitter();
        const bytes = Buffer.from(events.join(''));
        const found: string[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          found.push(...splitter.push(bytes.subarray(at, at + size)).map(String));
          at += size;
        }
        expect(found).toEqual(events);
        expect(splitter.rest).toHaveLength(0);
      }),
    );
  });

  it('keeps an event that has not ended', () => {
    const splitter = createEventSplitter();
    expect(splitter.push(Buffer.from('data: 1\n\ndata: 2\n')).map(String)).toEqual(['data: 1\n\n']);
    expect(splitter.rest.toString()).toBe('data: 2\n');
  });
});

describe('one event', () => {
  it.each([
    ['data: {"a":1}\n\n', { name: undefined, data: '{"a":1}' }],
    ['event: message_stop\r\ndata:x\r\n\r\n', { name: 'message_stop', data: 'x' }],
    ['data: a\ndata: b\n\n', { name: undefined, data: 'a\nb' }],
    [': ping\n\n', { name: undefined, data: undefined }],
    ['data\n\n', { name: undefined, data: undefined }],
  ])('%j is read', (text, expected) => {
    expect(readEvent(Buffer.from(text))).toEqual(expected);
  });
});
