import { expect, it } from 'vitest';
import { ENDED_KEPT_MS, MAX_BATCH, PROBING } from '../../../src/ports/index.ts';
import type { HoldAnswer, HoldRequest } from '../../../src/ports/index.ts';
import { until } from '../../../src/testing/until.ts';
import { FOREVER, listen, metaOf, nowOf, ok, probed, suite, T1, T2, type Bench, type Suite } from './under-test.ts';

const KEPT_US = ENDED_KEPT_MS * 1000;

export const describeHolds: Suite = suite('holds', (bench) => {
  it("writes a decision with the store's time as its version, and answers it", async () => {
    const now = await nowOf(bench.a);
    const { kind, stored } = await decide(bench, { until: now + 60_000_000 });
    expect(kind).toBe('written');
    expect(stored).toMatchObject({ kind: 'hold', hold: { kind: 'drain', by: 'ops', reason: 'maintenance' } });
    const { version, until: end } = holdIn(stored);
    expect(version).toBeGreaterThanOrEqual(now);
    expect(end).toBe(now + 60_000_000);
    expect(ok(await bench.b.readHolds([T1, '*']))).toEqual([{ key: T1, stored }]);
  });

  it('changes nothing if the same decision is repeated', async () => {
    const first = await decide(bench, {});
    const { seq } = await metaOf(bench.a);
    expect(await decide(bench, {})).toEqual({ kind: 'known', stored: first.stored });
    expect(await metaOf(bench.a)).toMatchObject({ seq });
  });

  it('replaces an earlier decision by a later one, also after the clock was set back', async () => {
    const ahead = (await nowOf(bench.a)) + 3_600_000_000;
    await bench.fleet.plant('holds', T1, `${ahead} drain 0 {"by":"ops","reason":"early"}`);
    const { stored } = await decide(bench, { kind: 'none', reason: 'done' });
    expect(holdIn(stored)).toMatchObject({ version: ahead + 1, kind: 'none', reason: 'done' });
  });

  it('gives a decision a higher version than the one it follows, even if the store lost that and its clock was set back', async () => {
    const lost = (await nowOf(bench.a)) + 3_600_000_000;
    const { stored } = await decide(bench, { kind: 'none', after: lost });
    expect(holdIn(stored)).toMatchObject({ version: lost + 1, kind: 'none' });
    expect(await decide(bench, { kind: 'none', after: lost + 1 })).toEqual({ kind: 'known', stored });
    const again = await decide(bench, { kind: 'none', after: lost + 7 });
    expect(again).toMatchObject({ kind: 'written', stored: { hold: { version: lost + 8 } } });
  });

  it('accepts a lost hold with its old version', async () => {
    const { version } = holdIn((await decide(bench, {})).stored);
    await bench.fleet.flush();
    expect(await decide(bench, { version })).toMatchObject({ kind: 'written', stored: { hold: { version } } });
    expect(await decide(bench, { version })).toMatchObject({ kind: 'known', stored: { hold: { version } } });
  });

  it('answers an older hold with the end that was decided since', async () => {
    const { version } = holdIn((await decide(bench, {})).stored);
    const ended = await decide(bench, { kind: 'none', reason: 'done' });
    expect(await decide(bench, { version })).toEqual({ kind: 'known', stored: ended.stored });
  });

  it('pushes one event with its place in the sequence, for all that was written', async () => {
    await probed(bench.a);
    const { epoch, seq } = await metaOf(bench.a);
    const heard = await listen(bench.b);
    const holds = [request({}), request({ key: PROBING, kind: 'pause' }), request({})];
    ok(await bench.a.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'other', holds }));
    await until(() => heard.events.length === 1, { withinMs: 2_000, what: 'the event' });
    expect(heard.events).toMatchObject([
      {
        kind: 'hold',
        epoch,
        seq: seq + 1,
        pod: 'a',
        holds: [
          { key: T1, stored: { kind: 'hold', hold: { kind: 'drain' } } },
          { key: PROBING, stored: { kind: 'hold', hold: { kind: 'pause' } } },
        ],
      },
    ]);
  });

  it('begins an epoch if there is none', async () => {
    await decide(bench, {});
    expect(await metaOf(bench.a)).toMatchObject({ epoch: 'first', seq: 1 });
  });

  it.each([
    'rubbish',
    '',
    '0 drain 0 {}',
    '7 drain 0',
    '7 drain -1 {}',
    '99999999999999999 drain 0 {}',
    '7 ferment 0 {}',
  ])('shows the hold "%s" as garbage, and writes the next decision over it', async (text) => {
    await bench.fleet.plant('holds', T1, text);
    expect(ok(await bench.a.readHolds([T1, '*']))).toEqual([{ key: T1, stored: { kind: 'garbage', shown: text } }]);
    expect(await decide(bench, {})).toMatchObject({ kind: 'written', stored: { hold: { kind: 'drain' } } });
  });

  it('does not treat a hold of a newer version as lost', async () => {
    await bench.fleet.plant('holds', T1, '9 ferment 0 {"by":"ops"}');
    expect(await decide(bench, { version: 8 })).toMatchObject({ kind: 'known', stored: { kind: 'garbage' } });
  });

  it.each(['{', '{"by":5}', '{"by":"x"} {}'].map((json) => `${json}}`))(
    'applies a hold whose JSON is "%s", although author and reason do not parse',
    async (json) => {
      await bench.fleet.plant('holds', T1, `7 drain 0 ${json}`);
      const [found] = ok(await bench.a.readHolds([T1, '*']));
      expect(found?.stored).toEqual({
        kind: 'hold',
        hold: { version: 7, kind: 'drain', until: null, by: 'unknown', reason: 'unknown' },
      });
    },
  );

  it('reads only the holds of the given keys', async () => {
    const holdKeys = Array.from({ length: MAX_BATCH }, (_, index) => `p${index}`);
    const holds = holdKeys.map((key) => request({ key }));
    ok(await bench.a.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', holds }));
    expect(ok(await bench.b.readHolds(['p7', 'none', 'p3'])).map(({ key }) => key)).toEqual(['p7', 'p3']);
    expect(ok(await bench.b.readHolds(holdKeys))).toHaveLength(holdKeys.length);
    expect(ok(await bench.b.readHolds([]))).toEqual([]);
    expect(await bench.b.readHolds(['no place'])).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
    expect(await bench.b.readHolds([...holdKeys, 'one'])).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
  });

  it('removes only holds that ended long ago', async () => {
    const now = await nowOf(bench.a);
    const old = now - KEPT_US - 1_000_000;
    const texts = {
      ended: `${old} none 0 {}`,
      over: `${old - 5} drain ${old} {}`,
      justEnded: `${now - KEPT_US + 60_000_000} none 0 {}`,
      justOver: `${old} drain ${now - 1} {}`,
      held: `${old} drain 0 {}`,
      changed: `${old} none 0 {}`,
    };
    for (const [key, text] of Object.entries(texts)) await bench.fleet.plant('holds', key, text);
    const holds = Object.entries(texts).map(([key, text]) => ({ key, version: Number(text.split(' ')[0]) }));
    const asked = holds.map((one) => (one.key === 'changed' ? { ...one, version: one.version - 1 } : one));
    const answer = ok(await bench.a.sweepHolds({ pod: 'a', notAfter: FOREVER, holds: asked }));
    expect(answer).toEqual(['ended', 'over']);
    expect([...(await bench.fleet.texts('holds')).keys()].toSorted()).toEqual(
      ['changed', 'held', 'justEnded', 'justOver'].toSorted(),
    );
  });

  it('writes and removes nothing once the store is past notAfter', async () => {
    const old = `${(await nowOf(bench.a)) - 2 * KEPT_US} none 0 {}`;
    await bench.fleet.plant('holds', T2, old);
    const notAfter = (await nowOf(bench.a)) - 1;
    const late = { kind: 'too-late', meta: { epoch: '', seq: 0 } };
    const holds = [request({})];
    expect(await bench.a.hold({ pod: 'a', notAfter, newEpoch: 'first', holds })).toMatchObject(late);
    const swept = [{ key: T2, version: Number(old.split(' ')[0]) }];
    expect(await bench.a.sweepHolds({ pod: 'a', notAfter, holds: swept })).toMatchObject(late);
    expect(await bench.fleet.texts('holds')).toEqual(new Map([[T2, old]]));
  });

  it.each([
    ['a place that is no name', [request({ key: 'two words' })]],
    ['more than a batch', Array.from({ length: MAX_BATCH + 1 }, () => request({}))],
  ])('refuses %s without asking', async (_, holds) => {
    const answer = await bench.a.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', holds });
    expect(answer).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
  });
});

function request(over: Partial<HoldRequest>): HoldRequest {
  return { key: T1, kind: 'drain', until: null, by: 'ops', reason: 'maintenance', ...over };
}

async function decide({ a }: Bench, over: Partial<HoldRequest>): Promise<HoldAnswer> {
  return ok(await a.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', holds: [request(over)] }))[0]!;
}

function holdIn(stored: HoldAnswer['stored']): Extract<HoldAnswer['stored'], { kind: 'hold' }>['hold'] {
  if (stored.kind !== 'hold') throw new Error(`expected a hold, got ${stored.shown}`);
  return stored.hold;
}
