import { describe, expect, it, onTestFinished } from 'vitest';
import type { BridgeStore, StoreAnswer } from '../../src/ports/index.ts';
import { until } from '../../src/testing/until.ts';

/** LiteLLM's keys in a place that no other test uses, and another's hands on them. */
export interface BridgeStoreUnderTest {
  /** A handle of one pod. */
  open(): Promise<BridgeStore>;
  readonly resultsKey: string;
  readonly lockKey: string;
  read(key: string): Promise<string | null>;
  /** Time until the key is gone, ms. */
  lifeMs(key: string): Promise<number>;
  /** Reads a value as another client. */
  use(key: string): Promise<void>;
  plant(key: string, text: string): Promise<void>;
  /** A value of another type; absent where there are only texts. */
  plantHash?(key: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** LiteLLM's results as it writes them. */
export const litellmResults =
  '"{\\"healthy_endpoints\\": [], \\"unhealthy_endpoints\\": [], \\"timestamp\\": 1.5, \\"checked_by\\": \\"pod_1795345939105\\"}"';

const LATER = 8_000_000_000_000_000;

/** The suite of every implementation of {@link BridgeStore}. */
export function describeBridgeStore(name: string, make: () => Promise<BridgeStoreUnderTest>): void {
  const lead = { ttlMs: 8_000, notAfter: LATER };
  const publish = { lifeMs: 60_000, notAfter: LATER };

  describe(`${name}: the lease of the bridge`, () => {
    it('belongs to the first pod that asks, until it gives it back', async () => {
      const place = await make();
      const [one, other] = [await place.open(), await place.open()];
      const first = value(await one.lead({ pod: 'pod-a', ...lead }));
      expect(first.pod).toBe('pod-a');
      expect(value(await other.lead({ pod: 'pod-b', ...lead }))).toMatchObject({ pod: 'pod-a' });
      await other.resign({ pod: 'pod-b', notAfter: LATER });
      expect(value(await other.lead({ pod: 'pod-b', ...lead })).pod).toBe('pod-a');
      await one.resign({ pod: 'pod-a', notAfter: LATER });
      expect(value(await other.lead({ pod: 'pod-b', ...lead })).pod).toBe('pod-b');
    });

    it('lasts for the requested time from the last request', async () => {
      const place = await make();
      const store = await place.open();
      const first = await store.lead({ pod: 'pod-a', ...lead });
      const again = await store.lead({ pod: 'pod-a', ...lead, ttlMs: 20_000 });
      if (first.kind !== 'ok' || again.kind !== 'ok') throw new Error('not answered');
      expect(first.value.until - first.meta.now).toBe(8_000_000);
      expect(again.value.until - again.meta.now).toBe(20_000_000);
    });

    it('is free if it ends later than a pod can ask for, because the clock was set back', async () => {
      const place = await make();
      const [one, other] = [await place.open(), await place.open()];
      await one.lead({ pod: 'pod-a', ...lead, ttlMs: 60_000 });
      expect(value(await other.lead({ pod: 'pod-b', ...lead })).pod).toBe('pod-b');
    });

    it('does nothing past notAfter', async () => {
      const place = await make();
      const store = await place.open();
      expect(await store.lead({ pod: 'pod-a', ttlMs: 8_000, notAfter: 1 })).toMatchObject({ kind: 'too-late' });
      expect(value(await store.lead({ pod: 'pod-b', ...lead })).pod).toBe('pod-b');
      expect(await store.resign({ pod: 'pod-b', notAfter: 1 })).toMatchObject({ kind: 'too-late' });
      expect(value(await store.lead({ pod: 'pod-a', ...lead })).pod).toBe('pod-b');
    });
  });

  describe(`${name}: the last use of the results`, () => {
    it('is seen without being a use, and so is their expiry', async () => {
      const place = await make();
      const store = await place.open();
      expect(value(await store.readAccess())).toMatchObject({ lifeMs: null, idleMs: null });
      await store.lead({ pod: 'pod-a', ...lead });
      await store.publish({ pod: 'pod-a', text: '"x"', ...publish });
      const idle = async (): Promise<number> => value(await store.readAccess()).idleMs ?? -1;
      // Asked many times: it would never grow if asking were a use.
      await until(async () => (await idle()) >= 2_000, { withinMs: 8_000, what: 'an idle time of two seconds' });
      const { lifeMs } = value(await store.readAccess());
      expect(Math.abs((lifeMs ?? 0) - (await place.lifeMs(place.resultsKey)))).toBeLessThan(1_000);
      await place.use(place.resultsKey);
      expect(await idle()).toBeLessThan(2_000);
    });

    it('stays as it is where the text is read unseen', async () => {
      const place = await make();
      const store = await place.open();
      expect(value(await store.readTextUnseen(1_000))).toBe('');
      await store.lead({ pod: 'pod-a', ...lead });
      await store.publish({ pod: 'pod-a', text: '"x"', ...publish });
      const idle = async (): Promise<number> => value(await store.readAccess()).idleMs ?? -1;
      const found: (string | null)[] = [];
      const grown = async (): Promise<boolean> => {
        found.push(value(await store.readTextUnseen(1_000)));
        return (await idle()) >= 2_000;
      };
      // It would never grow if one of these reads were a use.
      await until(grown, { withinMs: 8_000, what: 'an idle time of two seconds' });
      expect(found[0]).toBe('"x"');
      expect(found.at(-1)).toBeNull();
      await place.use(place.resultsKey);
      expect(value(await store.readTextUnseen(1_000))).toBe('"x"');
    });

    it('is shown with the holder of the lock of LiteLLM', async () => {
      const place = await make();
      const store = await place.open();
      await place.plant(place.lockKey, '"pod_1795345939105"');
      // In a cluster the lock may lie on a server that is not connected yet.
      const seen = async (): Promise<boolean> => value(await store.readAccess()).lockOwner === 'pod_1795345939105';
      await until(seen, { withinMs: 5_000, what: 'the holder of the lock' });
    });

    it('has no expiry where a client wrote results without one', async () => {
      const place = await make();
      const store = await place.open();
      await place.plant(place.resultsKey, litellmResults);
      expect(value(await store.readAccess()).lifeMs).toBeNull();
    });
  });

  describe(`${name}: a publication`, () => {
    it('is readable under the key, byte for byte, and is recognised', async () => {
      const place = await make();
      const store = await place.open();
      await store.lead({ pod: 'pod-a', ...lead });
      // Of one byte, two, three and four, and cut anywhere.
      for (const letters of ['"a"', '"é"', '"€"'.repeat(300), '\u{1F600}'.repeat(300), `-${'\u{1F600}'.repeat(300)}`]) {
        const text = `"${letters}"`;
        const published = value(await store.publish({ pod: 'pod-a', text, ...publish }));
        if (published.kind !== 'published') throw new Error('refused');
        expect(await place.read(place.resultsKey)).toBe(text);
        expect(value(await store.readResults(published.fingerprint)).results).toEqual({
          kind: 'published',
          fingerprint: published.fingerprint,
        });
      }
      expect(await place.lifeMs(place.resultsKey)).toBeGreaterThan(50_000);
    });

    it('is refused without the lease, and past notAfter', async () => {
      const place = await make();
      const store = await place.open();
      expect(value(await store.publish({ pod: 'pod-a', text: 'x', ...publish }))).toEqual({ kind: 'refused' });
      await store.lead({ pod: 'pod-b', ...lead });
      expect(value(await store.publish({ pod: 'pod-a', text: 'x', ...publish }))).toEqual({ kind: 'refused' });
      const late = await store.publish({ pod: 'pod-b', text: 'x', lifeMs: 60_000, notAfter: 1 });
      expect(late).toMatchObject({ kind: 'too-late' });
      expect(await place.read(place.resultsKey)).toBeNull();
    });

    it('is deleted only by the holder of the lease, and only if it is still there', async () => {
      const place = await make();
      const [store, other] = [await place.open(), await place.open()];
      await store.lead({ pod: 'pod-a', ...lead });
      const publishing = async () => {
        const published = value(await store.publish({ pod: 'pod-a', text: '"ours"', ...publish }));
        if (published.kind !== 'published') throw new Error('refused');
        return { pod: 'pod-a', fingerprint: published.fingerprint, notAfter: LATER };
      };
      const input = await publishing();
      expect(value(await other.retract({ ...input, pod: 'pod-b' }))).toBe('kept');
      expect(await store.retract({ ...input, notAfter: 1 })).toMatchObject({ kind: 'too-late' });
      expect(await place.read(place.resultsKey)).toBe('"ours"');
      await place.plant(place.resultsKey, litellmResults);
      value(await store.retract(input));
      expect(await place.read(place.resultsKey)).toBe(litellmResults);
      expect(value(await store.retract(await publishing()))).toBe('removed');
      expect(await place.read(place.resultsKey)).toBeNull();
      value(await store.retract(input));
    });

    it('can delete foreign results of any type by their fingerprint, but none written since', async () => {
      const place = await make();
      const store = await place.open();
      await store.lead({ pod: 'pod-a', ...lead });
      const seen = async (): Promise<string> => {
        const { results } = value(await store.readResults(null));
        return results.kind === 'none' ? 'none' : results.fingerprint;
      };
      const texts = ['', 'null', litellmResults, '\u{1F600}'.repeat(300)];
      const plants = texts.map((text) => async () => await place.plant(place.resultsKey, text));
      for (const plant of place.plantHash === undefined ? plants : [...plants, place.plantHash]) {
        await plant(place.resultsKey);
        const fingerprint = await seen();
        const retract = async (of: string) =>
          value(await store.retract({ pod: 'pod-a', fingerprint: of, notAfter: LATER }));
        expect(await retract('4-of another text')).toBe('kept');
        expect(await seen()).toBe(fingerprint);
        expect(await retract(fingerprint)).toBe('removed');
        expect(await seen()).toBe('none');
      }
    });

    it('overwrites a value of any type', async () => {
      const place = await make();
      const store = await place.open();
      await store.lead({ pod: 'pod-a', ...lead });
      for (const plant of [async () => await place.plant(place.resultsKey, 'null'), place.plantHash]) {
        if (plant === undefined) continue;
        await plant(place.resultsKey);
        expect(value(await store.readResults(null)).results).toMatchObject({ kind: 'other', checkedBy: null });
        await store.publish({ pod: 'pod-a', text: 'ours', ...publish });
        expect(await place.read(place.resultsKey)).toBe('ours');
        await place.remove(place.resultsKey);
      }
    });

    it('is reported as replaced when it is gone, longer, or differs at its end', async () => {
      const place = await make();
      const store = await place.open();
      await store.lead({ pod: 'pod-a', ...lead });
      const published = value(await store.publish({ pod: 'pod-a', text: '"ours"', ...publish }));
      if (published.kind !== 'published') throw new Error('refused');
      for (const other of ['"ourS"', '"yours"', ' "ours"', '']) {
        await place.plant(place.resultsKey, other);
        expect(value(await store.readResults(published.fingerprint)).results).toMatchObject({
          kind: 'other',
          checkedBy: null,
        });
      }
      await place.remove(place.resultsKey);
      expect(value(await store.readResults(published.fingerprint)).results).toEqual({ kind: 'none' });
    });
  });

  describe(`${name}: reading the results`, () => {
    it("names the author of LiteLLM's own results, and the holder of its lock", async () => {
      const place = await make();
      const store = await place.open();
      expect(value(await store.readResults(null))).toEqual({ results: { kind: 'none' }, lockOwner: null });
      await place.plant(place.resultsKey, litellmResults);
      await place.plant(place.lockKey, '"pod_1703123456789"');
      expect(value(await store.readResults(null))).toMatchObject({
        results: { kind: 'other', checkedBy: 'pod_1795345939105' },
        lockOwner: 'pod_1703123456789',
      });
      expect(await place.read(place.lockKey)).toBe('"pod_1703123456789"');
    });

    it('reads the whole text, unless it is longer than the limit or not a string', async () => {
      const place = await make();
      const store = await place.open();
      expect(value(await store.readText(1_000))).toBe('');
      await place.plant(place.resultsKey, '"é"');
      expect(value(await store.readText(4))).toBe('"é"');
      expect(value(await store.readText(3))).toBe('');
      if (place.plantHash === undefined) return;
      await place.plantHash(place.resultsKey);
      expect(value(await store.readText(1_000))).toBe('');
    });

    it('finds results that pods without the namespace wrote', async () => {
      const place = await make();
      const store = await place.open();
      expect(await store.readUnnamespaced()).toMatchObject({ value: { results: { kind: 'none' } } });
      await place.plant('health_check_results', litellmResults);
      expect(await store.readUnnamespaced()).toMatchObject({
        value: { key: 'health_check_results', results: { kind: 'other', checkedBy: 'pod_1795345939105' } },
      });
      await place.remove('health_check_results');
    });

    it('works for a value of five megabytes', async () => {
      const place = await make();
      const store = await place.open();
      await place.plant(place.resultsKey, `"${'x'.repeat(5_000_000)}"`);
      expect(value(await store.readResults('3-abc')).results).toMatchObject({ kind: 'other', checkedBy: null });
    });
  });
}

function value<T>(answer: StoreAnswer<T>): T {
  if (answer.kind !== 'ok') throw new Error(`the store answered ${JSON.stringify(answer)}`);
  return answer.value;
}

/** Runs when the test that asks for it ends. */
export function afterThisTest(close: () => Promise<unknown>): void {
  onTestFinished(async () => void (await close()));
}
