import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gradeBy, gradeError, readListing } from './index.ts';

const classes = ['network', 'timeout', 'server', 'overloaded', 'quota', 'auth', 'not-found', 'bad-probe'];
const body = fc.oneof(fc.json({ maxDepth: 6 }), fc.string(), errorLike());

/** Known names around values that nobody expects there. */
function errorLike(): fc.Arbitrary<string> {
  const names = ['error', 'message', 'detail', 'details', 'code', 'type', 'innererror', 'data', 'models', 'id'];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }));
  return tree.map((value) => JSON.stringify(value));
}

it('an error with any body has a class and a message', () => {
  fc.assert(
    fc.property(body, fc.integer({ min: 300, max: 599 }), (text, status) => {
      const grade = gradeError({ status, headers: {}, text, extent: 'whole' }, 0);
      const { class: name, message } = grade.kind === 'failed' ? grade.failure : { class: 'server', message: 'good' };
      expect(classes).toContain(name);
      expect(message).not.toBe('');
    }),
  );
});

it.each(['{"error":""}', '{"detail":" "}', '{"error":{"message":""}}', '"" '])(
  '%s has no reason, and the message says so',
  (text) => {
    const grade = gradeError({ status: 500, headers: {}, text, extent: 'whole' }, 0);
    expect(grade).toMatchObject({ failure: { class: 'server', message: expect.stringMatching(/\S/) } });
  },
);

it('any text is a list of models, or none', () => {
  fc.assert(
    fc.property(body, (text) => {
      expect(['models', 'malformed']).toContain(readListing(text).kind);
    }),
  );
});

it('a body that is nested as deep as a probe reads still has a class', () => {
  const levels = 20_000;
  for (const name of ['message', 'innererror', 'error']) {
    const text = `{"error":${`{"${name}":`.repeat(levels)}1${'}'.repeat(levels)}}`;
    const answer = { status: 500, headers: {}, text, extent: 'whole' } as const;
    expect(gradeError(answer, 0)).toMatchObject({ failure: { class: 'server' } });
    expect(gradeBy(() => ({ kind: 'malformed', why: 'x' }), { ...answer, status: 200 }, 0).kind).toBe('failed');
  }
});
