import { describe, expect, it } from 'vitest';
import { hangingStore, storeWith } from '../../../support/fleet-parts.ts';
import { elsewhere, holdingWorld, INTERVAL_MS, order, otherKey, target } from '../../../support/holding.ts';
import { ENDED_KEPT_MS } from '../../../../src/ports/index.ts';
import type { FleetStore } from '../../../../src/ports/index.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';

function shown(fleet: Fleet, id = target.id) {
  const { state, effective, hold } = fleet.target(id)!;
  return { state, effective, kind: hold?.kind };
}

const drained = { state: 'up', effective: 'down', kind: 'drain' };
const free = { state: 'up', effective: 'up', kind: undefined };

describe('a hold', () => {
  it('counts in every pod, changes no verdict, and each pod says once who, why and until when', async () => {
    const { pass, pod, storeNow, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b', 'pod_c'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    const answer = await fleets[0]!.decide(order({ until: storeNow() + 3_600_000_000 }));
    expect(answer).toMatchObject({ kind: 'stored', change: 'made', hold: { kind: 'drain', by: 'ops' } });
    await pass(50);
    expect(fleets.map((fleet) => shown(fleet))).toEqual([drained, drained, drained]);
    const said = /^Hold set on openai\/gpt-4o-mini: drain by ops, until \d{4}-.*Z: maintenance$/;
    expect(lines(said)).toHaveLength(3);
    await pass(3 * INTERVAL_MS, 50);
    expect(lines(said)).toHaveLength(3);
  });

  it('holds all targets that differ in their credential alone, and no other', async () => {
    const { pass, pod } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide(order());
    expect(shown(fleet, otherKey.id)).toEqual(drained);
    expect(shown(fleet, elsewhere.id)).toEqual(free);
  });

  it('is reported to listeners, once for each target', async () => {
    const { pass, pod } = holdingWorld();
    const [fleet, other] = [pod('pod_a'), pod('pod_b')];
    await pass(INTERVAL_MS);
    const heard: unknown[] = [];
    other.onChange((change) => void heard.push(change.kind === 'hold-changed' ? change.target : change.kind));
    await fleet.decide(order());
    await fleet.decide(order());
    await fleet.decide(order({ on: 'probing', kind: 'pause' }));
    await pass(300);
    expect(heard).toEqual([target.id, otherKey.id, 'probing-changed']);
  });

  it('leaves a drained target probed, and a held-up one up whatever its probes say', async () => {
    const { pass, pod, upstream } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide(order());
    const before = upstream.probes.length;
    await pass(2 * INTERVAL_MS, 50);
    expect(upstream.probes.length).toBeGreaterThan(before);
    await fleet.decide(order({ kind: 'hold-up' }));
    upstream.failure = { class: 'server', message: 'HTTP 500' };
    await pass(3 * INTERVAL_MS, 50);
    expect(shown(fleet)).toEqual({ state: 'down', effective: 'up', kind: 'hold-up' });
    await fleet.decide(order({ kind: 'none', reason: 'done' }));
    expect(shown(fleet)).toEqual({ state: 'down', effective: 'down', kind: undefined });
  });

  it('ends by its time in every pod, which each says once', async () => {
    const { pass, pod, storeNow, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide(order({ until: storeNow() + 150_000_000 }));
    await pass(149_000, 100);
    expect(shown(fleets[1]!)).toEqual(drained);
    await pass(1_500, 100);
    expect(fleets.map((fleet) => shown(fleet))).toEqual([free, free]);
    await pass(150_000, 100);
    expect(lines(/^Hold ended on .*: it expired$/)).toHaveLength(2);
    expect(lines(/^Hold set on .*: drain/)).toHaveLength(2);
  });

  it('is in a pod that starts later, and in one that was deaf when it was decided', async () => {
    const { pass, pod, memory } = holdingWorld();
    const deaf = memory.open();
    const store = storeWith(deaf, {
      subscribe: (listener) => deaf.subscribe({ ...listener, event: () => undefined }),
    });
    const [fleet, other] = [pod('pod_a'), pod('pod_b', { store })];
    await pass(INTERVAL_MS);
    await fleet.decide(order());
    const late = pod('pod_c');
    await pass(5_000, 50);
    expect([shown(other), shown(late)]).toEqual([drained, drained]);
  });

  it('outlives the data, without pods talking for ever', async () => {
    const { pass, pod, memory, lines } = holdingWorld();
    const sent: string[] = [];
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name, { store: counting(memory.open(), sent) }));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide(order());
    const text = memory.texts('holds').get(target.holdKey);
    memory.flush();
    await pass(5_000, 50);
    expect(memory.texts('holds').get(target.holdKey)).toBe(text);
    const offers = sent.length;
    expect(offers).toBeLessThanOrEqual(1 + fleets.length);
    await pass(700_000, 100);
    expect(sent).toHaveLength(offers);
    expect(fleets.map((fleet) => shown(fleet))).toEqual([drained, drained]);
    expect(lines(/^Hold set on .*: drain/)).toHaveLength(2);
  });

  it('comes back to a store that went back to before it', async () => {
    const { pass, pod, memory } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    const before = memory.snapshot();
    await fleet.decide(order());
    memory.restore(before);
    await pass(INTERVAL_MS, 50);
    expect(memory.texts('holds').get(target.holdKey)).toContain(' drain ');
    expect(shown(fleet)).toEqual(drained);
  });

  it('stays ended when a pod that still has it restores it to an empty store', async () => {
    const { pass, pod, memory } = holdingWorld();
    const inner = memory.open();
    const ears = { open: true };
    const store = storeWith(inner, {
      subscribe: (listener) => inner.subscribe({ ...listener, event: (event) => ears.open && listener.event(event) }),
    });
    const [fleet, other] = [pod('pod_a'), pod('pod_b', { store })];
    await pass(INTERVAL_MS);
    await fleet.decide(order());
    await pass(50);
    ears.open = false;
    await fleet.decide(order({ kind: 'none', reason: 'done' }));
    memory.flush();
    ears.open = true;
    await pass(5_000, 50);
    expect([shown(fleet), shown(other)]).toEqual([free, free]);
    expect(memory.texts('holds').get(target.holdKey)).toContain(' none ');
  });

  it(
    'is not brought back by a pod that was away for longer than ends are remembered',
    { timeout: 30_000 },
    async () => {
      const { pass, pod, memory, clock } = holdingWorld();
      const way = hangingStore(clock, memory.open());
      const targets = [{ ...target, background: false }];
      const [fleet, other] = [pod('pod_a', { targets }), pod('pod_b', { targets, store: way.store })];
      await pass(INTERVAL_MS);
      await fleet.decide(order());
      await pass(50);
      memory.dropSubscribers('gone');
      way.hung = true;
      await fleet.decide(order({ kind: 'none', reason: 'done' }));
      await pass(ENDED_KEPT_MS + 2 * 3_600_000, 300_000);
      expect(memory.texts('holds').size).toBe(0);
      expect(shown(other).kind).toBe('drain');
      way.hung = false;
      await pass(20_000, 50);
      expect([shown(fleet).kind, shown(other).kind]).toEqual([undefined, undefined]);
      expect(memory.texts('holds').size).toBe(0);
    },
  );

  it('is neither made nor forgotten while the store is away, and the answer says so', async () => {
    const { pass, pod, memory, clock } = holdingWorld();
    const way = hangingStore(clock, memory.open());
    const fleet = pod('pod_a', { store: way.store });
    await pass(INTERVAL_MS);
    await fleet.decide(order());
    way.hung = true;
    await pass(10_000, 50);
    expect(fleet.status().mode).toBe('fallback');
    expect(await fleet.decide(order({ kind: 'none' }))).toMatchObject({ kind: 'store-lost', done: 'nothing' });
    expect(shown(fleet)).toEqual(drained);
    way.hung = false;
    await pass(10_000, 50);
    expect(shown(fleet)).toEqual(drained);
  });

  it('that may have been made before the store was lost is not said to be nothing', async () => {
    const { pass, pod, memory } = holdingWorld();
    const inner = memory.open();
    const lost = { kind: 'lost', loss: { code: 'timeout', message: 'no answer within 250 ms' } } as const;
    const store = storeWith(inner, { hold: async (input) => (await inner.hold(input), lost) });
    const fleet = pod('pod_a', { store });
    await pass(INTERVAL_MS);
    expect(await fleet.decide(order())).toMatchObject({ kind: 'store-lost', done: 'unknown' });
    await pass(50);
    expect(shown(fleet)).toEqual(drained);
  });

  it('on a target that is not in the list is refused', async () => {
    const fleet = holdingWorld().pod('pod_a');
    expect(await fleet.decide(order({ on: 'nobody' }))).toEqual({ kind: 'unknown-target' });
  });

  it('that does not parse is logged once, and has no effect', async () => {
    const { pass, pod, memory, lines } = holdingWorld();
    memory.plant('holds', target.holdKey, 'rubbish');
    const fleet = pod('pod_a');
    await pass(700_000, 100);
    expect(shown(fleet)).toEqual(free);
    expect(
      lines(
        /^Ignored the stored hold on openai\/gpt-4o-mini: it does not parse: rubbish; it has no effect in this pod\. To fix: /,
      ),
    ).toHaveLength(1);
    await fleet.decide(order());
    expect(shown(fleet)).toEqual(drained);
  });
});

function counting(store: FleetStore, sent: string[]): FleetStore {
  return storeWith(store, {
    hold: (input) => {
      sent.push(input.pod);
      return store.hold(input);
    },
  });
}
