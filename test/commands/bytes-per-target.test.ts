import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { podYaml, targetsOf } from '../support/why.ts';
import { until } from '../../src/testing/index.ts';

// The figures of docs/how-to/run-on-redis.md.

const each = podsAndUpstream();
const MODELS = Array.from({ length: 40 }, (_, i) => `m${i}`);

it('a target takes as many bytes of Redis as the documentation says', { timeout: 60_000 }, async () => {
  for (const model of MODELS.slice(20)) {
    each.upstream.set(model, { kind: 'status', status: 500, body: { error: { message: 'x'.repeat(2_000) } } });
  }
  const { port } = await each.pods.redis();
  const redis = new Redis(port);
  const events: number[] = [];
  const listener = new Redis(port);
  listener.on('pmessage', (_pattern: string, _channel: string, text: string) => {
    if (text.startsWith('commit ')) events.push(Buffer.byteLength(text) / (text.split('\n').length - 1));
  });
  await listener.psubscribe('*');
  const pod = await each.pods.pod(podYaml(each.upstream.apiBase, { redis: `port: ${port}`, models: MODELS }));
  await until(async () => (await targetsOf(pod)).every(({ state }) => state !== 'unknown' && state !== 'suspect'), {
    withinMs: 30_000,
    what: 'all verdicts',
  });
  const sizes = { up: [] as number[], down: [] as number[] };
  for (const { target, state } of await targetsOf(pod)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const bytes = await redis.hstrlen('allswell:{default}:records', target);
    sizes[state === 'up' ? 'up' : 'down'].push(bytes + target.length);
  }
  const keys = ['records', 'leases', 'history', 'budget', 'pods'].map((key) => `allswell:{default}:${key}`);
  const memory = await Promise.all(
    keys.map(async (key) => Number((await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0)),
  );
  const whole = memory.reduce((sum, bytes) => sum + bytes, 0) / MODELS.length;
  const most = { up: Math.max(...sizes.up), down: Math.max(...sizes.down), event: Math.max(...events), whole };
  console.log(`bytes of a target: ${JSON.stringify(most)}`);
  redis.disconnect();
  listener.disconnect();
  expect(sizes.up).toHaveLength(20);
  expect(most.up).toBeLessThanOrEqual(600);
  expect(most.down).toBeLessThanOrEqual(2_000);
  expect(most.event).toBeLessThanOrEqual(2_500);
  expect(most.whole).toBeLessThanOrEqual(4_000);
});
