import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { Failure, Level } from '../../../../src/health/index.ts';
import type { Prober } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';

const INTERVAL_MS = 10_000;
const WAIT_MS = 15_000;

function world() {
  const { clock, memory, options, pass } = testWorld();
  const upstream = testUpstream(clock);
  const well = testUpstream(clock);
  const fault: { levels: readonly Level[] } = { levels: ['inference', 'models', 'connect'] };
  const prober: Prober = {
    probe: (id, level, signal) => (fault.levels.includes(level) ? upstream : well).probe(id, level, signal),
  };
  const start = (pod: string, level: Level): Fleet => {
    const targets = [fleetTarget({ level, intervalMs: INTERVAL_MS })];
    const fleet = createFleet(
      options({ pod, store: memory.open(), prober, targets, targetsHash: level, expectedPods: null }),
    );
    fleet.start();
    return fleet;
  };
  const stop = async (fleets: readonly Fleet[]): Promise<void> => {
    const stopped = fleets.map((fleet) => fleet.stop());
    await pass(12_000, 50);
    await Promise.all(stopped);
  };
  return { upstream, fault, pass, start, stop };
}

const shown = (fleets: readonly Fleet[]) =>
  fleets.map((fleet) => {
    const { state, why } = fleet.target('80000000aaaa')!;
    return { state, why };
  });

describe('failures at a deeper level than any pod probes now', () => {
  it.each([
    [{ class: 'server', status: 500, message: 'boom' }, 'down'],
    [{ class: 'overloaded', status: 429, message: 'slow down' }, 'down'],
    [{ class: 'network', message: 'refused' }, 'down'],
  ] satisfies readonly [Failure, string][])(
    'ends a few intervals after shallower looks are good again: %o',
    async (failure, before) => {
      const { upstream, pass, start, stop } = world();
      upstream.failure = failure;
      const deep = ['a', 'b'].map((pod) => start(pod, 'inference'));
      await pass(60_000, 50);
      expect(shown(deep)).toMatchObject(deep.map(() => ({ state: before })));
      await stop(deep);
      upstream.failure = undefined;
      const shallow = [start('c', 'connect'), start('d', 'models')];
      await pass(2 * INTERVAL_MS, 50);
      expect(shown(shallow)).toMatchObject(shallow.map(() => ({ state: before })));
      await pass(3 * INTERVAL_MS + WAIT_MS, 50);
      const why = expect.stringContaining(
        'the last failure was at level inference, at which no pod probes now',
      ) as string;
      expect(shown(shallow)).toMatchObject(shallow.map(() => ({ state: 'up', why })));
    },
  );

  it('goes on while one pod looks as deep and still fails there (D3)', async () => {
    const { upstream, fault, pass, start } = world();
    const fleets = [start('a', 'models'), start('b', 'models'), start('c', 'inference'), start('d', 'inference')];
    upstream.failure = { class: 'server', status: 500, message: 'generation is broken' };
    fault.levels = ['inference'];
    await pass(60_000, 50);
    for (let i = 0; i < 30; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- at many moments of many intervals
      await pass(INTERVAL_MS + 700, 50);
      expect(shown(fleets)).toMatchObject(fleets.map(() => ({ state: 'down' })));
    }
  });

  it('comes back with a pod that looks as deep again and fails, and ends with one that does not', async () => {
    const { upstream, fault, pass, start, stop } = world();
    upstream.failure = { class: 'server', status: 500, message: 'generation is broken' };
    fault.levels = ['inference'];
    const deep = ['a', 'b'].map((pod) => start(pod, 'inference'));
    const shallow = [start('c', 'models')];
    await pass(60_000, 50);
    await stop(deep);
    await pass(60_000, 50);
    expect(shown(shallow)).toMatchObject([{ state: 'up' }]);
    const again = ['e', 'f'].map((pod) => start(pod, 'inference'));
    await pass(60_000, 50);
    expect(shown([...shallow, ...again])).toMatchObject([{ state: 'down' }, { state: 'down' }, { state: 'down' }]);
    upstream.failure = undefined;
    await pass(30_000, 50);
    const passed = { state: 'up', why: 'the last probe passed' };
    expect(shown([...shallow, ...again])).toMatchObject([passed, passed, passed]);
  });
});

describe('a pod that probes deeper than all others', () => {
  it.each([1, 2, 9])(
    'and finds no connection takes nothing down for the %d pods that reach the upstream',
    async (count) => {
      const { clock, memory, options, pass } = testWorld();
      const refused = { class: 'network', message: 'connect ECONNREFUSED', phase: 'connect' } as const;
      const start = (pod: string, level: Level, failure?: Failure): Fleet => {
        const prober = testUpstream(clock);
        prober.failure = failure;
        const targets = [fleetTarget({ level, intervalMs: INTERVAL_MS })];
        const fleet = createFleet(
          options({ pod, host: pod, store: memory.open(), prober, targets, targetsHash: level }),
        );
        fleet.start();
        return fleet;
      };
      const well = Array.from({ length: count }, (_, i) => start(`well_${i}`, 'models'));
      await pass(30_000, 50);
      const canary = start('canary', 'inference', refused);
      let wrongMs = 0;
      for (let ms = 0; ms < 600_000; ms += 1_000) {
        // oxlint-disable-next-line no-await-in-loop -- second by second
        await pass(1_000, 50);
        if (shown(well).some(({ state }) => state !== 'up')) wrongMs += 1_000;
      }
      expect(wrongMs).toBeLessThanOrEqual(15_000);
      expect(canary.target('80000000aaaa')).toMatchObject({ state: 'suspect', localOnly: true });
    },
  );
});
