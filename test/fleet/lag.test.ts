import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allMet, fleetFor, openDelayedRedis } from './harness/index.ts';

const DELAY_MS = 150;

it(
  'every pod shows which pod gets the answers and events of Redis late, and by how much',
  { timeout: 240_000 },
  async (test) => {
    const fleet = await fleetFor(test, { pods: 2, models: ['chat'] });
    const slow = await fleet.addPod(await openDelayedRedis(fleet, DELAY_MS));
    await allMet(fleet, 3);
    const lagOf = async (place: number, id: string): Promise<number | undefined> => {
      const { pods } = await fleet.pod(place).fleet();
      return pods.find(({ pod }) => pod === id)?.lag?.at_least_seconds;
    };
    for (const place of [0, 1, 2]) {
      const shown = async (): Promise<boolean> => (await lagOf(place, slow.id)) === 0.1;
      // oxlint-disable-next-line no-await-in-loop -- the first pod that shows it shows it to the others
      await until(shown, { withinMs: 40_000, what: `the lag in pod ${place + 1}` });
    }
    // On a busy machine answers at the start can be late, too, and such a lag ends a minute later.
    const well = async (): Promise<boolean> => (await lagOf(0, fleet.pod(1).id)) === 0;
    await until(well, { withinMs: 75_000, what: 'no lag of the other pod' });
    expect(await lagOf(0, slow.id)).toBe(0.1);
    const { pods } = await fleet.pod(0).fleet();
    expect(pods.map(({ mode }) => mode)).toEqual(['shared', 'shared', 'shared']);
    const [, seconds] = /^allswell_view_lag_seconds (\S+)$/m.exec(await slow.metrics()) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(DELAY_MS / 1000);
    await fleet.redis.kill();
    const lost = async (): Promise<boolean> => {
      const body = await fleet.pod(0).fleet();
      return body.pods.filter(({ mode, lag }) => mode === 'last-known' && lag === null).length === 2;
    };
    await until(lost, { withinMs: 15_000, what: 'the pods to be last known ones' });
  },
);
