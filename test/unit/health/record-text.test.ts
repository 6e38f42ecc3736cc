import { failedProbe, factsOf, okProbe } from '../../support/fleet-parts.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFacts } from '../../support/health-arbitraries.ts';
import type { TargetRecord } from '../../../src/health/facts.ts';
import { excerpt, parseRecord, writeRecord } from '../../../src/health/record-text.ts';

const stamps = fc.integer({ min: 1, max: 9_000_000_000_000_000 });
const anyRecord: fc.Arbitrary<TargetRecord> = fc.record({
  version: stamps,
  grant: fc.nat(),
  evidenceAt: stamps,
  nextDueAt: stamps,
  facts: anyFacts,
});

describe('the text of a record', () => {
  it('parses to the record that was written', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(parseRecord(writeRecord(record))).toEqual({ kind: 'record', record });
      }),
    );
  });

  it('has a header that can be read without parsing JSON', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const { version, grant, evidenceAt, nextDueAt } = record;
        expect(writeRecord(record).split(' ').slice(0, 4).map(Number)).toEqual([version, grant, evidenceAt, nextDueAt]);
      }),
    );
  });

  it('keeps unknown fields unchanged at every depth', () => {
    fc.assert(
      fc.property(anyRecord, fc.jsonValue(), (record, extra) => {
        const { facts } = record;
        const text = writeRecord({
          ...record,
          facts: { ...facts, novelty: extra, run: { ...facts.run, novelty: extra } } as typeof facts,
        });
        const parsed = parseRecord(text);
        expect(parsed.kind === 'record' && writeRecord(parsed.record)).toBe(text);
      }),
    );
  });

  it('never throws on garbage', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => `1 2 3 4 ${json}`),
      fc.tuple(anyRecord, fc.nat()).map(([record, cut]) => {
        const text = writeRecord(record);
        return text.slice(0, cut % text.length);
      }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseRecord(text);
        const shown = parsed.kind === 'garbage' ? parsed.shown : '';
        expect(['garbage', 'newer']).toContain(parsed.kind);
        expect(shown).toMatch(/^[\x20-\x7e]*(?:… \(\d+ characters\))?$/);
      }),
    );
  });

  it.each([
    ['no facts', '5 0 1 2 {}'],
    ['version 0', '0 0 1 2 {"format":2}'],
    ['a number that is no number', '1e9 0 1 2 {"format":2}'],
    ['a fifth number', '1 2 3 4 5 {}'],
    ['JSON that is no object', '1 2 3 4 []'],
    ['nothing at all', ''],
  ])('is garbage with %s', (_, text) => {
    expect(parseRecord(text).kind).toBe('garbage');
  });

  it('is garbage if a failing run has no failureRun, or if a time is negative or fractional', () => {
    const times = { at: 1, answeredAt: 2, latencyMs: 1 };
    const last = { ...times, pod: 'p', source: 'probe', reason: 'scheduled', ok: true, level: 'models' };
    const facts = { format: 2, lastSuccess: {}, last };
    const text = (changes: object): string => `1 2 3 4 ${JSON.stringify({ ...facts, ...changes })}`;
    expect(parseRecord(text({ run: { kind: 'ok', length: 1, since: 1 } })).kind).toBe('record');
    expect(parseRecord(text({ run: { kind: 'failed', length: 1, since: 1 } })).kind).toBe('garbage');
    expect(parseRecord(text({ run: { kind: 'ok', length: 1, since: -1 } })).kind).toBe('garbage');
    expect(parseRecord(text({ run: { kind: 'ok', length: 1.5, since: 1 } })).kind).toBe('garbage');
  });

  it.each([
    ['last.source', 7],
    ['last.limits', null],
    ['last.limits', { 'x-ratelimit-remaining-requests': 7 }],
    ['last.answeredAt', 1e308],
    ['last.latencyMs', null],
    ['last.level', 'deep'],
    ['last.costUsd', '0.1'],
    ['last.failure', 'boom'],
    ['last.failure', { class: 'server' }],
    ['failureRun.witnesses', [{ pod: 'p', at: 1 }]],
    ['failureRun.level', 7],
    ['failureRun.status', '500'],
    ['overload', {}],
    ['overload', null],
    ['rejected', { message: 'no' }],
    ['usualMs', { inference: 'fast' }],
    ['usualMs', []],
    ['usualMs', { inference: 1e308 }],
    ['usualMs', { inference: 86_400_001 }],
    ['last.latencyMs', 1e308],
    ['last.inputTokens', 1e308],
    ['last.costUsd', 1e300],
    ['run.length', 2 ** 53 - 1],
    ['failureRun.length', 2 ** 53 - 1],
    ['failureRun.after', 2 ** 53 - 1],
    ['failureRun.previous', { class: 'server' }],
    ['failureRun.witnesses', [{ pod: 'p', at: 1, position: 2 ** 53 - 1 }]],
    ['adapted', 'max_tokens'],
    ['adapted', { parameter: 'max_tokens' }],
    ['adapted', { parameter: '', bodyHash: 'h' }],
    ['adapted', { parameter: 'p'.repeat(101), bodyHash: 'h' }],
    ['adapted', { parameter: 'p', renamedTo: null, bodyHash: 'h' }],
    ['adapted', { parameter: 'p', renamedTo: 'r'.repeat(101), bodyHash: 'h' }],
    ['adapted', { parameter: 'p', bodyHash: 'h'.repeat(65) }],
    ['last.adapted', { parameter: 7, bodyHash: 'h' }],
  ] as const)('is garbage if %s is %j (bug: /health answered 500 because of a wrong type)', (path, value) => {
    const sound = factsOf(okProbe(1), failedProbe(2));
    const [first = '', second] = path.split('.');
    const known = sound as unknown as Record<string, Record<string, unknown>>;
    const changed = second === undefined ? value : { ...known[first], [second]: value };
    const text = (facts: unknown): string => `1 2 3 4 ${JSON.stringify(facts)}`;
    expect(parseRecord(text(sound)).kind).toBe('record');
    expect(parseRecord(text({ ...sound, [first]: changed })).kind).toBe('garbage');
  });

  it('of a newer format is recognised by its format number alone', () => {
    expect(parseRecord('7 0 1 2 {"format":3,"everything":"else"}')).toEqual({ kind: 'newer', version: 7, format: 3 });
  });

  it('of an older format is garbage, which the next commit replaces, and names its format', () => {
    const text = JSON.stringify(factsOf(okProbe(1)));
    const withFormat = (format: string): string => `1 2 3 4 ${text.replace('"format":2', `"format":${format}`)}`;
    expect(parseRecord(withFormat('2')).kind).toBe('record');
    expect(parseRecord(withFormat('1'))).toMatchObject({ kind: 'garbage', olderFormat: 1 });
    for (const none of ['0', '-1', '1.5', '"1"', 'null']) {
      expect(parseRecord(withFormat(none)), none).toEqual({ kind: 'garbage', shown: excerpt(withFormat(none)) });
    }
  });

  it('is quoted in log lines with at most forty printable characters', () => {
    expect(excerpt('short\u0007\n')).toBe('short??');
    expect(excerpt('x'.repeat(1_000))).toBe(`${'x'.repeat(40)}… (1000 characters)`);
  });
});
