import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertLead, AlertsWritten, AlertStore } from '../../src/ports/index.ts';
import { LONGEST_DOCUMENT } from '../../src/alerts/coordination/fitted-book.ts';
import { until } from '../../src/testing/until.ts';
import { FOREVER, ok } from './fleet-store/under-test.ts';

/** The alerts of a fleet of its own, and access for tests. */
export interface AlertStoreUnderTest {
  open(): Promise<AlertStore>;
  texts(): Promise<ReadonlyMap<string, string>>;
  plant(field: string, text: string): Promise<void>;
  /** Loses all data. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const LONG_MS = 60_000;
const SHORT_MS = 30;

/** What every implementation of `AlertStore` promises. */
export function describeAlertStore(name: string, make: () => Promise<AlertStoreUnderTest>): void {
  describe(`${name}: alerts`, () => {
    let under: AlertStoreUnderTest;
    let store: AlertStore;
    beforeEach(async () => {
      under = await make();
      store = await under.open();
    });
    afterEach(async () => await under.close());

    const lead = async (pod: string, ttlMs = LONG_MS, known = 0): Promise<AlertLead> =>
      ok(await store.lead({ pod, ttlMs, notAfter: FOREVER, known }));
    const write = async (pod: string, text: string, expects: number, above = 0): Promise<AlertsWritten> =>
      ok(await store.write({ pod, notAfter: FOREVER, expects, above, text }));
    const written = async (pod: string, text: string, expects: number, above = 0): Promise<number> => {
      const answer = await write(pod, text, expects, above);
      if (answer.kind !== 'written') throw new Error('refused');
      return answer.version;
    };

    it('gives the lease to one pod, which keeps it, and names it to the others', async () => {
      expect(await lead('a')).toMatchObject({ pod: 'a', version: 0, text: null });
      expect(await lead('b')).toMatchObject({ pod: 'a' });
      const first = await lead('a');
      const again = await lead('a');
      expect(again.pod).toBe('a');
      expect(again.until).toBeGreaterThanOrEqual(first.until);
    });

    it('gives the lease to another pod once it has ended or was given back', async () => {
      await lead('a', SHORT_MS);
      await until(async () => (await lead('b', SHORT_MS)).pod === 'b', { withinMs: 5_000, what: 'the lease to end' });
      await lead('b');
      expect(await lead('a', 0)).toMatchObject({ pod: 'b' });
      expect(await lead('b', 0)).toMatchObject({ pod: null });
      expect(await lead('c')).toMatchObject({ pod: 'c' });
    });

    it('writes for the holder alone, and hands the document to every pod that has another version', async () => {
      await lead('a');
      const version = await written('a', 'text\nof two lines ☂', 0);
      expect(version).toBeGreaterThan(0);
      expect(await lead('b')).toMatchObject({ pod: 'a', version, text: 'text\nof two lines ☂' });
      expect(await lead('b', LONG_MS, version)).toMatchObject({ version, text: null });
      expect(await write('b', 'other', version)).toEqual({ kind: 'refused' });
      expect(await lead('a')).toMatchObject({ version, text: 'text\nof two lines ☂' });
    });

    it('takes the longest document that pods write, and hands it to others whole', async () => {
      await lead('a');
      const text = 'é'.repeat(1_000) + 'x'.repeat(LONGEST_DOCUMENT - 2_000);
      const version = await written('a', text, 0);
      const read = await lead('b');
      expect([read.version, read.text === text]).toEqual([version, true]);
    });

    it('refuses a document that replaces another version than expected', async () => {
      await lead('a');
      const version = await written('a', 'one', 0);
      expect(await write('a', 'two', 0)).toEqual({ kind: 'refused' });
      expect(await write('a', 'two', version - 1)).toEqual({ kind: 'refused' });
      expect(await written('a', 'two', version)).toBeGreaterThan(version);
    });

    it('refuses a document after the lease has ended', async () => {
      await lead('a', SHORT_MS);
      const version = await written('a', 'one', 0);
      await until(async () => (await lead('b', LONG_MS)).pod === 'b', { withinMs: 5_000, what: 'another holder' });
      expect((await lead('b')).pod).toBe('b');
      expect(await write('a', 'late', version)).toEqual({ kind: 'refused' });
    });

    it('takes a lost document back under a higher version', async () => {
      await lead('a');
      const version = await written('a', 'one', 0);
      await under.flush();
      expect(await lead('a', LONG_MS, version)).toMatchObject({ pod: 'a', version: 0, text: null });
      const above = version + 5_000_000;
      expect(await written('a', 'one', 0, above)).toBeGreaterThan(above);
    });

    it('hands the holder the reports of pods with another configuration, and drops them when they end', async () => {
      const report = async (pod: string, view: string, text: string): Promise<readonly string[]> => {
        const input = { pod, ttlMs: LONG_MS, notAfter: FOREVER, known: 0, report: { view, text } };
        return ok(await store.lead(input)).reports;
      };
      expect(await report('a', 'one', 'of one')).toEqual([]);
      expect(await report('b', 'two', 'of two\nlines ☂')).toEqual([]);
      expect(await report('c', 'three', 'of three')).toEqual([]);
      // Pods of one configuration have one report.
      expect(await report('d', 'one', 'of one')).toEqual([]);
      expect(await report('a', 'one', '')).toEqual(['of three', 'of two\nlines ☂']);
      await report('b', 'two', '');
      expect(await report('a', 'one', '')).toEqual(['of three']);
      expect((await lead('a')).reports).toEqual(['of three']);
    });

    it('reads no report that is old, garbage or too long, and is bounded by their number', async () => {
      const { until: end } = await lead('a');
      const now = end - LONG_MS * 1_000;
      await under.plant('@old', `${now - 16_000_000} old`);
      await under.plant('@ahead', `${now + 3_600_000_000} ahead`);
      await under.plant('@garbage', 'garbage');
      await under.plant('@long', `${now} ${'x'.repeat(300_100)}`);
      expect((await lead('a')).reports).toEqual([]);
      expect([...(await under.texts()).keys()].filter((field) => field.startsWith('@'))).toEqual([]);
      const long = { view: 'x', text: 'x'.repeat(300_001) };
      await store.lead({ pod: 'b', ttlMs: LONG_MS, notAfter: FOREVER, known: 0, report: long });
      expect((await lead('a')).reports).toEqual([]);
      for (let at = 0; at < 12; at += 1) await under.plant(`@${at}`, `${now} ${at}`);
      expect((await lead('a')).reports).toHaveLength(8);
      for (let at = 0; at < 80; at += 1) await under.plant(`@${at}`, `${now} ${at}`);
      expect((await lead('a')).reports).toEqual([]);
    });

    it('does nothing past notAfter', async () => {
      expect((await store.lead({ pod: 'a', ttlMs: LONG_MS, notAfter: 1, known: 0 })).kind).toBe('too-late');
      expect((await store.write({ pod: 'a', notAfter: 1, expects: 0, above: 0, text: '' })).kind).toBe('too-late');
      expect(await under.texts()).toEqual(new Map());
    });

    it('takes garbage for no lease and no document', async () => {
      const both = ['', 'x', '9000000000000001 a', '8999999999999999 a'];
      const planted = [
        ...both.map((text) => [text, text] as const),
        [`1 ${'p'.repeat(200)}`, ' 1 text'] as const,
        ['1 a b', '-1 text'] as const,
      ];
      for (const [lease, text] of planted) {
        await under.plant('!lease', lease);
        await under.plant('!document', text);
        expect(await lead('a')).toMatchObject({ pod: 'a', version: 0, text: null });
        expect((await write('a', 'text', 0)).kind).toBe('written');
        await under.flush();
      }
    });

    it('takes a lease that ends later than any pod asks for as written before the clock was set back', async () => {
      const { until: end } = await lead('a', LONG_MS);
      await under.plant('!lease', `${end + 3_600_000_000} old`);
      expect(await lead('a')).toMatchObject({ pod: 'a' });
    });

    it('refuses a pod id that is no name', async () => {
      expect((await store.lead({ pod: 'a b', ttlMs: 1, notAfter: FOREVER, known: 0 })).kind).toBe('lost');
    });
  });
}
