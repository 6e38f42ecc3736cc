import { describe, expect, it } from 'vitest';
import { defaultPolicy, transition } from '../health/index.ts';
import type { Facts, LastProbe } from '../health/index.ts';
import type { Logger } from '../ports/index.ts';
import { memoryFleet } from '../store/memory/index.ts';
import { manualClock } from '../testing/index.ts';
import { Doubts } from './doubts.ts';
import { createStoreClock } from './store-clock.ts';

describe('a pod that failed where another pod succeeds', () => {
  it('doubts itself when nobody else saw the failure', () => {
    const { doubts, see } = bench();
    see(failed('a', 1));
    see(passed('b', 2));
    expect(doubts.of('t')?.failure.class).toBe('server');
  });

  it('does not doubt itself when others saw the failure too: the target has recovered', () => {
    const { doubts, see } = bench();
    see(failed('a', 1));
    see(failed('b', 2));
    see(passed('b', 3));
    expect(doubts.of('t')).toBeUndefined();
  });

  it('doubts itself when the failure that others saw was an earlier one', () => {
    const { doubts, see } = bench();
    see(failed('b', 1));
    see(failed('c', 2));
    see(passed('b', 3));
    see(failed('a', 4));
    see(passed('c', 5));
    expect(doubts.of('t')?.failure.class).toBe('server');
  });

  it('ends its doubt when another pod fails later: it may be the second witness', () => {
    const { doubts, see } = bench();
    see(failed('a', 1));
    see(passed('b', 2));
    expect(doubts.of('t')).toBeDefined();
    see(failed('b', LATER));
    expect(doubts.of('t')).toBeUndefined();
  });
});

/** After the moment at which a doubt began, whatever the clock showed. */
const LATER = 8_000_000_000_000_000;

/** Pod `a` with its doubts, and a way to let the fleet see a probe. */
function bench(): { doubts: Doubts; see: (probe: LastProbe) => void } {
  const clock = manualClock();
  const doubts = new Doubts(options(clock), createStoreClock(clock), { changed() {}, impaired() {} });
  let facts: Facts | undefined;
  const see = (probe: LastProbe): void => {
    if (probe.pod === 'a') doubts.ownProbe('t', probe);
    facts = transition(facts, probe);
    doubts.fleetSaw('t', facts);
  };
  return { doubts, see };
}

function options(clock: ReturnType<typeof manualClock>): ConstructorParameters<typeof Doubts>[0] {
  const nothing = (): void => {};
  const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  return {
    pod: 'a',
    fleet: 'f',
    version: '1',
    sharing: 'shared',
    policy: defaultPolicy,
    policyPrint: 'pp',
    targetsPrint: 'tp',
    cacheTtlMs: 300_000,
    lockTtlMs: 60_000,
    expectedPods: 1,
    maxProbes: 1,
    maxProbesPerHost: 1,
    drainMs: 0,
    targets: [
      {
        id: 't',
        name: 't',
        level: 'inference',
        intervalMs: 10_000,
        timeoutMs: 1_000,
        host: 'h',
        background: true,
        deployments: 1,
      },
    ],
    store: memoryFleet({ clockUs: () => clock.wallMs() * 1000 }).open(),
    prober: { probe: () => Promise.reject(new Error('nobody probes here')) },
    clock,
    random: { next: () => 0.5, id: (length) => 'x'.repeat(length) },
    logger,
    metrics: {
      probed: nothing,
      storeCommand: nothing,
      storeError: nothing,
      propagated: nothing,
      staleCommit: nothing,
      resynced: nothing,
      leaseLost: nothing,
    },
  };
}

function passed(pod: string, at: number): LastProbe {
  return { at, answeredAt: at, pod, reason: 'scheduled', level: 'inference', ok: true, latencyMs: 1 };
}

function failed(pod: string, at: number): LastProbe {
  return { ...passed(pod, at), ok: false, failure: { class: 'server', status: 500, message: 'no' } };
}
