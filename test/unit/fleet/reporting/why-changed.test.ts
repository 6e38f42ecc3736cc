import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

describe('the log', () => {
  it('says that a target that is down fails for another reason now (a log that ended with the timeout)', async () => {
    const { clock, logger, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    createFleet(options({ prober: upstream, targets: [fleetTarget()] })).start();
    await pass(30_000, 50);
    upstream.failure = { class: 'timeout', status: 408, message: 'no answer within 5000 ms' };
    await pass(60_000, 50);
    upstream.failure = { class: 'auth', status: 401, message: 'Incorrect API key' };
    await pass(30_000, 50);
    const said = logger.lines.map(({ message }) => message).filter((message) => message.includes('a different reason'));
    expect(said).toEqual([
      expect.stringMatching(
        /^Still down, for a different reason: openai\/gpt-4o-mini: 1 auth error( \(HTTP 401\))?, \d+ failures in total/,
      ),
    ]);
  });

  it('says why a pod that never reached the store makes no paid probe where a budget is set', async () => {
    const { clock, memory, logger, options, pass } = testWorld();
    const hanging = hangingStore(clock, memory.open());
    hanging.hung = true;
    const paid = fleetTarget({ paid: { worstNanoUsd: 100, instead: 'models' } });
    const upstream = testUpstream(clock);
    const budget = { probesPerHour: 5 };
    createFleet(options({ store: hanging.store, prober: upstream, targets: [paid], budget })).start();
    await pass(120_000, 50);
    expect(upstream.probes.filter(({ level }) => level === 'inference')).toEqual([]);
    const said = logger.lines.filter(({ message }) => message.startsWith('No paid probes until Redis answers'));
    expect(said).toMatchObject([{ level: 'warn' }]);
  });
});
