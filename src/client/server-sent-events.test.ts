import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventParser } from './server-sent-events.ts';

const stream =
  ': heartbeat\n\nid: pod-1\nevent: snapshot\ndata: {"a":1}\n\nid: pod-2\r\nevent: other\r\ndata: 1\r\ndata: 2\r\n\r\ndata: x\n\nid: 9';

it('events are the same however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const parser = createEventParser();
      const ends = [...cuts.toSorted((a, b) => a - b), stream.length];
      const found = ends.flatMap((end, i) => parser.push(stream.slice(ends[i - 1] ?? 0, end)));
      expect(found).toEqual([
        { id: 'pod-1', event: 'snapshot', data: '{"a":1}' },
        { id: 'pod-2', event: 'other', data: '1\n2' },
        // An id stays until the next one.
        { id: 'pod-2', event: '', data: 'x' },
      ]);
    }),
  );
});
