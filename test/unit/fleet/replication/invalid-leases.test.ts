import { expect, it } from 'vitest';
import { elsewhere, holdingWorld, INTERVAL_MS, otherKey, target } from '../../../support/holding.ts';

const ids = [target, otherKey, elsewhere].map(({ id }) => id);

it('leases that do not parse are replaced, which is logged with one target, once a minute', async () => {
  const { pass, pod, memory, lines } = holdingWorld();
  const plantAll = (): void => ids.forEach((id) => memory.plant('leases', id, '9000000000000000 pod_x 1 1 1'));
  const replaced = (): readonly unknown[] => lines(/^Replaced the stored lease of /);
  pod('pod_a');
  plantAll();
  await pass(2 * INTERVAL_MS, 50);
  expect(replaced()).toHaveLength(1);
  plantAll();
  await pass(INTERVAL_MS, 50);
  expect(replaced()).toHaveLength(1);
  for (const id of ids) expect(memory.texts('leases').get(id)).not.toContain('pod_x');
  await pass(61_000, 100);
  plantAll();
  await pass(2 * INTERVAL_MS, 50);
  expect(replaced()).toHaveLength(2);
  expect(
    lines(/^Replaced the stored lease of .*: it does not parse: 9000000000000000 pod_x 1 1 1; 5 more since/),
  ).toHaveLength(1);
});
