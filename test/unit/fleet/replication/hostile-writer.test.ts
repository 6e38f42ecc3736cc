import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { TestUpstream } from '../../../support/fleet-parts.ts';
import type { Failure } from '../../../../src/health/index.ts';
import type { FleetStore, Prober, StoreListener } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';

const ID = '80000000aaaa';
const boom: Failure = { class: 'server', status: 500, message: 'boom' };
const outOfSockets: Prober = {
  probe: (_, level) =>
    Promise.resolve({ outcome: { kind: 'no-evidence', why: 'out of sockets' }, level, latencyMs: 0, sent: 'nothing' }),
};

/** Three pods, and a channel on which a test can say anything. */
function threePods(proberOf: (pod: string, way: TestUpstream) => Prober = (_, way) => way) {
  const world = testWorld();
  const listeners: StoreListener[] = [];
  const ways: TestUpstream[] = [];
  const fleets = ['pod_a', 'pod_b', 'pod_c'].map((pod): Fleet => {
    const way = testUpstream(world.clock);
    ways.push(way);
    const inner = world.memory.open();
    const store: FleetStore = {
      ...inner,
      subscribe: async (listener) => {
        listeners.push(listener);
        return await inner.subscribe(listener);
      },
    };
    const own = { pod, host: pod, store, prober: proberOf(pod, way), targets: [fleetTarget({ id: ID })] };
    const fleet = createFleet(world.options(own));
    fleet.start();
    return fleet;
  });
  const states = (): (string | undefined)[] => fleets.map((fleet) => fleet.target(ID)?.state);
  /** Milliseconds within `ms` in which the second pod shows a state. */
  const shown = async (state: string, ms: number): Promise<number> => {
    let found = 0;
    for (let left = ms; left > 0; left -= 500) {
      // oxlint-disable-next-line no-await-in-loop -- moment after moment
      await world.pass(500, 100);
      if (states()[1] === state) found += 500;
    }
    return found;
  };
  return {
    ...world,
    states,
    shown,
    probes: () => ways.reduce((sum, way) => sum + way.probes.length, 0),
    breaks: () => ways.forEach((way) => (way.failure = boom)),
    say: (leases: readonly { grant: number; until: number }[]) => {
      const rows = leases.map((lease) => ({ target: ID, ...lease }));
      for (const listener of listeners) {
        listener.event({ kind: 'lease', at: world.storeNow(), pod: 'pod_x', leases: rows });
      }
    },
  };
}

describe('a hostile writer', () => {
  it.each([
    ['until the year 2255', 0, 9e15],
    ['until nearly a day ahead, by a grant of then', 86_000_000_000, 86_000_000_000],
  ])('that forges one lease on the channel, %s, stops no probing', async (_, grantAhead, untilAhead) => {
    const { pass, say, breaks, storeNow, probes, states } = threePods();
    await pass(60_000, 50);
    const before = probes();
    say([{ grant: storeNow() + grantAhead, until: Math.min(9e15, storeNow() + untilAhead) }]);
    breaks();
    await pass(60_000, 50);
    expect(states()).toEqual(['down', 'down', 'down']);
    expect(probes() - before).toBeGreaterThanOrEqual(5);
  });

  it('that forges leases again and again delays the probes of a target, and stops none', async () => {
    const { pass, say, storeNow, probes } = threePods();
    await pass(60_000, 50);
    const before = probes();
    for (let i = 0; i < 60; i += 1) {
      say([{ grant: storeNow(), until: storeNow() + 300_000_000 }]);
      // oxlint-disable-next-line no-await-in-loop -- again and again
      await pass(5_000, 100);
    }
    expect(probes() - before).toBeGreaterThanOrEqual(8);
  });

  it.each(['a run of failures whose witness has been alone since tomorrow', 'a probe that is rejected tomorrow'])(
    'that plants %s hides no outage from pods that cannot look',
    async (what) => {
      const { pass, breaks, memory, storeNow, shown } = threePods((pod, way) => (pod === 'pod_a' ? way : outOfSockets));
      await pass(60_000, 50);
      breaks();
      await pass(12_000, 50);
      const text = memory.texts('records').get(ID) ?? '';
      const [version = '', ...header] = text.slice(0, text.indexOf('{')).trim().split(' ');
      const facts = JSON.parse(text.slice(text.indexOf('{'))) as { failureRun: object; rejected?: object };
      const far = storeNow() + 23 * 3_600_000_000;
      if (what.startsWith('a run of failures')) facts.failureRun = { ...facts.failureRun, aloneSince: far };
      else facts.rejected = { message: 'x', level: 'inference', host: 'pod_b', since: 0, at: far, length: 1 };
      memory.plant('records', ID, [Number(version) + 1, ...header, JSON.stringify(facts)].join(' '));
      memory.dropSubscribers('so that all is read again');
      expect(await shown('up', 120_000)).toBeLessThanOrEqual(20_000);
    },
  );

  it.each(['unreached', 'impaired'])(
    'that plants ghosts on the hosts of pods, of which all are in %s, takes no witness away',
    async (what) => {
      const { breaks, memory, pass, storeNow, shown } = threePods();
      await pass(60_000, 50);
      breaks();
      for (const host of ['pod_a', 'pod_b', 'pod_c']) {
        const pod = `ghost-${host}`;
        const impaired = what === 'impaired';
        const member = { pod, host, domain: host, version: '0.0.0', policyHash: 'policy', targetsHash: 'targets' };
        const text = JSON.stringify({ ...member, startedAt: 1, impaired, blind: [], unreached: impaired ? [] : ['*'] });
        memory.plant('pods', pod, `${storeNow() + 55_000_000} ${text}`);
      }
      memory.plant('pods', '!members', 'x');
      expect(await shown('down', 50_000)).toBeGreaterThanOrEqual(40_000);
    },
  );
});
