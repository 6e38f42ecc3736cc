import { expect, it } from 'vitest';
import { PROBING } from '../../../src/ports/index.ts';
import type { Hold, HoldRequest } from '../../../src/ports/index.ts';
import { claim, claimInput, FOREVER, grantOf, nowOf, ok, probed, request, suite, T1, T2 } from './under-test.ts';
import type { Bench, Suite } from './under-test.ts';

export const describePaused: Suite = suite('claim while probing is paused', (bench) => {
  it.each(['scheduled', 'confirmation'] as const)(
    'refuses a %s probe, and tells the decision to a pod that did not hear of it',
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

  it.each(['forced', 'confirmation'] as const)('grants a %s probe that a person asks for', async (reason) => {
    await decide(bench, {});
    expect(await claim(bench.b, { pod: 'b', reason, despite: 'pause' })).toMatchObject({ kind: 'granted' });
  });

  it('does not grant a lease again whose first answer got lost', async () => {
    await grantOf(bench.a);
    const hold = await decide(bench, {});
    expect(await claim(bench.a)).toEqual({ kind: 'paused', hold });
  });

  it('reserves no money for what it refuses', async () => {
    await decide(bench, {});
    const paid = { worstNanoUsd: 5, budget: { probesPerHour: 3 } };
    expect(await claim(bench.a, { paid })).toMatchObject({ kind: 'paused' });
    expect(await bench.fleet.texts('budget')).toEqual(new Map());
  });

  it('grants again once it was resumed', async () => {
    await decide(bench, {});
    await decide(bench, { kind: 'none' });
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it('grants again once the time of the pause is over, and not before', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('holds', PROBING, `7 pause ${now + 60_000_000} {"by":"ops","reason":"r"}`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'paused', hold: { version: 7, until: now + 60_000_000 } });
    await bench.fleet.plant('holds', PROBING, `7 pause ${now} {"by":"ops","reason":"r"}`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it.each(['rubbish', '7 pause x {}', '7 ferment 0 {}', '7 drain 0 {}'])(
    'takes "%s" at the place of the pause for none',
    async (text) => {
      await bench.fleet.plant('holds', PROBING, text);
      expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
    },
  );

  it('goes on with a target that is drained: it gets no traffic, probes continue', async () => {
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
