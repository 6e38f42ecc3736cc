import { expect, it } from 'vitest';
import type { HealthRow } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { allJudged, fleetFor, rowsOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const MODEL = 'picky';
/** The two names of the limit, as far as they are in a body. */
type Sent = Readonly<Record<string, unknown>>;

it('what one pod learns of the probe that an upstream accepts, others and restarted ones begin with, until the configuration asks otherwise', async (test) => {
  const sent: Sent[] = [];
  const fleet = await fleetFor(test, {
    pods: 0,
    models: [MODEL],
    onRequest: (_model, { body }) => {
      const { max_tokens: old, max_completion_tokens: newer } = body as Sent;
      sent.push({ ...(old !== undefined && { max_tokens: old }), ...(newer !== undefined && { renamed: newer }) });
    },
  });
  fleet.upstream.set(MODEL, { kind: 'reject', parameter: 'max_tokens' });
  const first = await fleet.addPod();
  await allJudged(fleet);
  expect(sent.slice(0, 2)).toEqual([{ max_tokens: 16 }, { renamed: 16 }]);
  await first.end();

  // The first pod is gone, and this process never saw a rejection.
  const second = await fleet.addPod();
  await until(async () => (await rowOf(second)).checked_by === second.id, {
    withinMs: 20_000,
    what: 'its first probe',
  });
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.slice(2).every((body) => body['renamed'] === 16 && !('max_tokens' in body))).toBe(true);
  expect(await rowOf(second)).toMatchObject({
    state: 'up',
    probe_adapted: { parameter: 'max_tokens', renamed_to: 'max_completion_tokens' },
  });
  expect(await second.fleetMetrics()).toMatch(/^allswell_target_probe_adapted\{[^}]*\} 1$/m);

  const before = sent.length;
  fleet.configure(1, { models: [{ model: MODEL, info: { health_check_max_tokens: 32 } }] });
  second.kill('SIGHUP');
  await until(() => sent.some((body) => body['renamed'] === 32), { withinMs: 20_000, what: 'the new limit' });
  const changed = sent.slice(before).filter((body) => Object.values(body).includes(32));
  expect(changed.slice(0, 2)).toEqual([{ max_tokens: 32 }, { renamed: 32 }]);

  fleet.upstream.set(MODEL, { kind: 'reject', parameter: 'max_completion_tokens' });
  await until(async () => (await rowOf(second)).probe_adapted === undefined, {
    withinMs: 20_000,
    what: 'a plain probe',
  });
  expect(await second.fleetMetrics()).not.toMatch(/^allswell_target_probe_adapted\{/m);
});

async function rowOf(pod: TestPod): Promise<HealthRow> {
  const [row] = rowsOf(await pod.health());
  if (row === undefined) throw new Error('no row');
  return row;
}
