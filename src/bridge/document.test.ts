import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeDocument } from './document.ts';
import type { ComposeOptions } from './document.ts';
import type { Publishable } from './publishable.ts';

const source: ComposeOptions = { pod: 'aw-1', now: 1_795_345_943_349_778, ttlMs: 300_000, marginMs: 250 };

function publishable(changes: Partial<Publishable> = {}): Publishable {
  return {
    name: 'openai/a',
    host: 'a',
    list: 'healthy',
    row: { model: 'openai/a', model_id: 'id' },
    validForMs: 600_000,
    ...changes,
  };
}

/** As LiteLLM reads it: a JSON string, and in it the JSON document. */
function read(text: string): Record<string, unknown> {
  return JSON.parse(JSON.parse(text) as string) as Record<string, unknown>;
}

const anyPublishable: fc.Arbitrary<Publishable> = fc.record({
  name: fc.string(),
  host: fc.constant('a'),
  list: fc.constantFrom('healthy', 'unhealthy'),
  row: fc.dictionary(fc.constantFrom('model', 'error', 'model_id'), fc.string({ unit: 'binary' })),
  validForMs: fc.oneof(fc.integer({ min: -1_000, max: 2_000_000 }), fc.constant(Infinity)),
});
/** One of them is healthy, so that nothing is withheld for being cut off. */
const anyList = fc.array(anyPublishable).map((all) => [...all, publishable()]);
const anyOptions = fc.record({
  pod: fc.constant('aw-1'),
  now: fc.integer({ min: 1, max: 8_000_000_000_000_000 }),
  ttlMs: fc.integer({ min: 1_000, max: 1_000_000 }),
  marginMs: fc.integer({ min: 0, max: 2_000 }),
});

describe('the document for LiteLLM', () => {
  it("has LiteLLM's six fields, in a string in a string, and is dated by the time of the verdicts", () => {
    const bad = publishable({ list: 'unhealthy', row: { model: 'openai/b', error: 'no', exception_status: 500 } });
    const composed = composeDocument([publishable(), bad], source);
    expect(composed).toMatchObject({ kind: 'document', lifeMs: 300_000, healthy: 1, unhealthy: 1 });
    expect(composed.kind === 'document' && read(composed.text)).toEqual({
      healthy_endpoints: [{ model: 'openai/a', model_id: 'id' }],
      unhealthy_endpoints: [{ model: 'openai/b', error: 'no', exception_status: 500 }],
      healthy_count: 1,
      unhealthy_count: 1,
      timestamp: 1_795_345_943.349778,
      checked_by: 'aw-1',
    });
  });

  it('is none where there is nothing to publish: an empty one would stop all probes', () => {
    expect(composeDocument([], source)).toEqual({
      kind: 'withheld',
      why: 'no-deployments',
      models: [],
      count: 0,
      of: 0,
    });
  });

  it('is none while a single deployment was not judged, and names it', () => {
    const unknown = publishable({ name: 'openai/new', list: 'unknown', validForMs: 0 });
    expect(composeDocument([publishable(), unknown, unknown], source)).toEqual({
      kind: 'withheld',
      why: 'not-judged',
      models: ['openai/new'],
      count: 2,
      of: 3,
    });
  });

  it('is none while the evidence on a single deployment is older than is allowed, and names it', () => {
    const old = publishable({ name: 'openai/old', validForMs: 1_100 });
    expect(composeDocument([publishable(), old], source)).toEqual({
      kind: 'withheld',
      why: 'evidence-too-old',
      models: ['openai/old'],
      count: 1,
      of: 2,
    });
  });

  it('is none where nothing is healthy: more likely is that this pod is cut off', () => {
    expect(composeDocument([publishable({ list: 'unhealthy' })], source)).toEqual({
      kind: 'withheld',
      why: 'likely-partition',
      models: [],
      count: 0,
      of: 1,
    });
  });

  it('ends before the oldest evidence in it is too old, however late the store counts, and with the time for results', () => {
    fc.assert(
      fc.property(anyList, anyOptions, (all, how) => {
        const composed = composeDocument(all, how);
        expect(composed.kind).toBe(
          all.some(({ validForMs }) => validForMs - how.marginMs < 1_000) ? 'withheld' : 'document',
        );
        if (composed.kind === 'withheld') return;
        expect(composed.lifeMs).toBeLessThanOrEqual(how.ttlMs);
        expect(composed.lifeMs).toBeGreaterThanOrEqual(1_000);
        for (const { validForMs } of all) expect(composed.lifeMs + how.marginMs).toBeLessThanOrEqual(validForMs);
      }),
    );
  });

  it('lives no shorter than it may', () => {
    fc.assert(
      fc.property(anyList, anyOptions, (all, how) => {
        const composed = composeDocument(all, how);
        if (composed.kind !== 'document') return;
        const most = Math.min(how.ttlMs, ...all.map(({ validForMs }) => validForMs - how.marginMs));
        expect(composed.lifeMs).toBe(Math.floor(most));
      }),
    );
  });

  it('counts and lists every deployment once, whatever is in its row, and never half a character', () => {
    fc.assert(
      fc.property(anyList, anyOptions, (all, how) => {
        const composed = composeDocument(all, how);
        if (composed.kind !== 'document') return;
        const document = read(composed.text);
        const lists = [document['healthy_endpoints'], document['unhealthy_endpoints']] as unknown[][];
        expect(lists.map((list) => list.length)).toEqual([document['healthy_count'], document['unhealthy_count']]);
        expect(lists.flat()).toHaveLength(all.length);
        expect(JSON.stringify(document)).not.toMatch(/\\ud[89a-f]/i);
      }),
    );
    const cut = composeDocument([publishable({ row: { error: 'cut \ud83d' } })], source);
    expect(cut.kind === 'document' && read(cut.text)).toMatchObject({ healthy_endpoints: [{ error: 'cut \ufffd' }] });
  });
});
