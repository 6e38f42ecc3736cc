import { expect, it } from 'vitest';
import { PROBING } from '../../../src/ports/index.ts';
import type { Hold, HoldRequest } from '../../../src/ports/index.ts';
import { claim, claimInput, FOREVER, grantOf, nowOf, ok, probed, request, suite, T1, T2 } from './under-test.ts';
import type { Bench, Suite } from './under-test.ts';

export const describePaused: Suite = suite('claim while probing is paused', (bench) => {
  it.each(['scheduled', 'confirmation'] as const)(
    'refuses a %s probe, and answers the hold to a pod that missed the event',
    async (reason) => {
      const version = await probed(bench.a);
      const hold = await decide(bench, {});
      const requests = [request({ reason, version }), request({ reason, target: T2 })];
      const refused = { kind: 'paused', hold };
      expect(ok(await bench.b.claim(claimInput(requests, { pod: 'b' })))).toEqual([refused, refused]);
      const leases = [...(await bench.fleet.texts('leases')).entries()];
      expect(leases.filter(([target]) => target === T2)).toEqual([]);
    },
  );

  it.each(['forced', 'confirmation'] as const)('grants a %s probe on demand', async (reason) => {
    await decide(bench, {});
    expect(await claim(bench.b, { pod: 'b', reason, despite: 'pause' })).toMatchObject({ kind: 'granted' });
  });

  it('does not repeat a grant whose first answer was lost', async () => {
    await grantOf(bench.a);
    const hold = await decide(bench, {});
    expect(await claim(bench.a)).toEqual({ kind: 'paused', hold });
  });

  it('reserves nothing for a refused probe', async () => {
    await decide(bench, {});
    const paid = { worstNanoUsd: 5, budget: { probesPerHour: 3 } };
    expect(await claim(bench.a, { paid })).toMatchObject({ kind: 'paused' });
    expect(await bench.fleet.texts('budget')).toEqual(new Map());
  });

  it('grants again after probing was resumed', async () => {
    await decide(bench, {});
    await decide(bench, { kind: 'none' });
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it('grants again when the pause has expired', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('holds', PROBING, `7 pause ${now + 60_000_000} {"by":"ops","reason":"r"}`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'paused', hold: { version: 7, until: now + 60_000_000 } });
    await bench.fleet.plant('holds', PROBING, `7 pause ${now} {"by":"ops","reason":"r"}`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it.each(['rubbish', '7 pause x {}', '7 ferment 0 {}', '7 drain 0 {}'])(
    'treats "%s" as the pause as no pause',
    async (text) => {
      await bench.fleet.plant('holds', PROBING, text);
      expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
    },
  );

  it('grants probes of a drained target', async () => {
    await decide(bench, { key: T1, kind: 'drain' });
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });
});

async function decide({ a }: Bench, over: Partial<HoldRequest>): Promise<Hold> {
  const hold: HoldRequest = { key: PROBING, kind: 'pause', until: null, by: 'ops', reason: 'maintenance', ...over };
  const [answer] = ok(await a.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', holds: [hold] }));
  if (answer?.stored.kind !== 'hold') throw new Error(`expected a hold, got ${JSON.stringify(answer)}`);
  return answer.stored.hold;
}
