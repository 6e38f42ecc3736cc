import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fleetSchema, healthSchema } from '../../../src/api/index.ts';
import type { DrainedBody } from '../../../src/api/index.ts';
import { atLeast, count, exactly, text } from '../../../src/api/schema.ts';
import { jsonAnswer } from '../../../src/http/index.ts';
import { pageOf, targetOf } from '../../support/fleet-page.ts';

// `npm run check:types` fails where a line below a ts-expect-error does compile.

describe('an answer', () => {
  it('compiles only with the type of its body, and with a body of that type', async () => {
    const answer = jsonAnswer<DrainedBody>({ status: 'drained', drained_requests: 2 });
    expect(await answer.json()).toEqual({ status: 'drained', drained_requests: 2 });

    // @ts-expect-error -- another value
    jsonAnswer<DrainedBody>({ status: 'drain', drained_requests: 2 });
    // @ts-expect-error -- a key is missing
    jsonAnswer<DrainedBody>({ status: 'drained' });
    // @ts-expect-error -- a key too many
    jsonAnswer<DrainedBody>({ status: 'drained', drained_requests: 2, took: 1 });
    // @ts-expect-error -- no contract is named
    jsonAnswer({ status: 'drained', drained_requests: 2 });
  });
});

describe('a schema', () => {
  interface Body {
    readonly name: string;
    readonly times?: number;
  }

  it('compiles only with exactly the keys of its type', () => {
    const schema = exactly<Body>({ name: text, times: count.optional() });
    expect(schema.parse({ name: 'a' })).toEqual({ name: 'a' });
    expect(schema.safeParse({ name: 'a', more: 1 }).success).toBe(false);
    expect(atLeast<Body>({ name: text, times: count.optional() }).safeParse({ name: 'a', more: 1 }).success).toBe(true);

    // @ts-expect-error -- a key has no schema
    exactly<Body>({ name: text });
    // @ts-expect-error -- a schema of no key
    exactly<Body>({ name: text, times: count.optional(), more: text });
    // @ts-expect-error -- the key may be absent
    exactly<Body>({ name: text, times: count });
    // @ts-expect-error -- the key may not be absent
    exactly<Body>({ name: text.optional(), times: count.optional() });
    // @ts-expect-error -- another type
    exactly<Body>({ name: z.number(), times: count.optional() });
  });
});

describe('the examples that tests of commands read', () => {
  it('are bodies that a pod may answer', () => {
    expect(fleetSchema.parse(pageOf([targetOf({})]))).toEqual(pageOf([targetOf({})]));
    expect(healthSchema.safeParse(pageOf([])).success).toBe(false);
  });
});
