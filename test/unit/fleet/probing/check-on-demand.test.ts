import { describe, expect, it } from 'vitest';
import {
  fleetTarget,
  hangingStore,
  settled,
  storeWith,
  testUpstream,
  testWorld,
} from '../../../support/fleet-parts.ts';
import type { ClaimInput } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions, FleetTarget } from '../../../../src/fleet/options.ts';

const onDemand = fleetTarget({ background: false });
const { id } = onDemand;

/** One pod on a store that can hang, whose claims are listed and may be answered by the test. */
function world(
  answer: (input: ClaimInput) => ReturnType<FleetOptions['store']['claim']> | undefined = () => undefined,
) {
  const base = testWorld();
  const upstream = testUpstream(base.clock);
  const claims: { readonly atMs: number; readonly targets: readonly string[] }[] = [];
  const pod = (changes: Partial<FleetOptions>) => {
    const inner = base.memory.open();
    const listed = storeWith(inner, {
      claim: (input) => {
        claims.push({ atMs: base.clock.monotonicMs(), targets: input.requests.map(({ target }) => target) });
        return answer(input) ?? inner.claim(input);
      },
    });
    const hanging = hangingStore(base.clock, listed);
    const fleet = createFleet(
      base.options({ store: hanging.store, prober: upstream, targets: [onDemand], ...changes }),
    );
    fleet.start();
    return { fleet, hanging };
  };
  return { ...base, upstream, claims, pod };
}

function check(fleet: Fleet, ids: readonly string[] = [id]) {
  const state = { done: false, caller: new AbortController() };
  void fleet.check(ids, state.caller.signal).then(() => (state.done = true));
  return state;
}

describe('checks on demand', () => {
  it('settle a dead target by the check of a second pod (a target off the schedule stays suspect for ever)', async () => {
    const { upstream, pass, pod } = world();
    const [a, b] = [pod({ pod: 'pod_a' }).fleet, pod({ pod: 'pod_b' }).fleet];
    await pass(4_000, 50);
    upstream.failure = { class: 'network', message: 'connection refused' };
    const one = check(a);
    await pass(2_000);
    expect(one.done).toBe(true);
    expect(upstream.probes).toHaveLength(1);
    expect(a.target(id)?.state).toBe('suspect');
    const two = check(b);
    await pass(2_000);
    expect(two.done).toBe(true);
    expect(upstream.probes).toHaveLength(2);
    expect([a, b].map((fleet) => fleet.target(id)?.state)).toEqual(['down', 'down']);
  });

  it('of two hundred targets are claimed together (a claim command per target)', async () => {
    const { pass, pod, claims, upstream } = world();
    const targets: FleetTarget[] = Array.from({ length: 200 }, (_, i) =>
      fleetTarget({ id: i.toString(16).padStart(12, '0'), name: `t${i}`, background: false }),
    );
    const { fleet } = pod({ targets, maxProbes: 256, maxProbesPerHost: 256 });
    await pass(500);
    const state = check(
      fleet,
      targets.map((target) => target.id),
    );
    await pass(2_000);
    expect(state.done).toBe(true);
    expect(upstream.probes).toHaveLength(200);
    expect(claims.length).toBeLessThanOrEqual(4);
  });

  it('without the store end at once when the caller gives up (a caller held until the probe is done)', async () => {
    const { pass, pod, upstream } = world();
    const { fleet, hanging } = pod({});
    hanging.hung = true;
    await pass(6_000, 50);
    expect(fleet.status().mode).toBe('fallback');
    upstream.tookMs = 4_000;
    const state = check(fleet);
    await pass(300);
    expect(upstream.probes).toHaveLength(1);
    expect(state.done).toBe(false);
    state.caller.abort();
    await settled();
    expect(state.done).toBe(true);
  });

  it('end with the pod, also where its stop cuts their probe (a caller held until the timeout of the target)', async () => {
    const { pass, pod, upstream } = world();
    const { fleet } = pod({ drainMs: 500 });
    await pass(4_000, 50);
    upstream.tookMs = 20_000;
    const state = check(fleet);
    await pass(300);
    expect(upstream.probes).toHaveLength(1);
    void fleet.stop();
    await pass(3_000);
    expect(state.done).toBe(true);
  });
});

describe('the only slot of a pod', () => {
  it.each(['held', 'not-due'] as const)(
    'goes to the waiting target at once when a claim is answered %s (due targets that wait for nobody)',
    async (kind) => {
      const [refused, waiting] = [fleetTarget({ id: '800000000001' }), fleetTarget({ id: '800000000002' })];
      const { pass, pod, claims, upstream, storeNow } = world(({ requests }) => {
        if (!requests.some(({ target }) => target === refused.id)) return undefined;
        const until = storeNow() + 10_000_000;
        const value = [
          kind === 'held' ? { kind, by: 'pod_z', until } : { kind, dueAt: until, version: 0, record: null },
        ];
        return Promise.resolve({ kind: 'ok', meta: { epoch: '', seq: 0, now: storeNow() }, value });
      });
      pod({ targets: [refused, waiting], maxProbes: 1 });
      await pass(4_000);
      expect(claims.map(({ targets }) => targets)).toEqual([[refused.id], [waiting.id]]);
      expect(claims[1]!.atMs - claims[0]!.atMs).toBeLessThanOrEqual(20);
      expect(upstream.probes.map(({ target }) => target)).toEqual([waiting.id]);
    },
  );
});
