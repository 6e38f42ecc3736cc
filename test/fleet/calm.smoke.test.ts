import { expect, it } from 'vitest';
import { allJudged, expectCalm, fleetFor, modelNames, observe, rowsOf } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const models = modelNames(5);

it('three pods probe each of five targets once per interval between them, and all show the same', async (test) => {
  const fleet = await fleetFor(test, { pods: 3, models });
  await allJudged(fleet);
  // The first gap is shorter or longer: it leads from the start to the grid.
  await observe(1.5 * INTERVAL_MS);
  const span = await observe(6 * INTERVAL_MS);
  expectCalm({ upstream: fleet.upstream, models, intervalMs: INTERVAL_MS, span });

  const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
  for (const body of bodies) {
    expect(body).toMatchObject({ healthy_count: 5, unhealthy_count: 0, unknown_count: 0, mode: 'shared' });
    expect(rowsOf(body).map(({ state }) => state)).toEqual(models.map(() => 'up'));
  }
  for (const pod of fleet.pods) {
    const { status } = await pod.sharedStatus();
    expect(status).toMatchObject({ pod_id: pod.id, redis_available: true, mode: 'shared', pods: 3, targets: 5 });
  }
});
