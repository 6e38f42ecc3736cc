import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, connectTo, fleetFor, KEYS, SECRETS } from './harness/index.ts';
import type { TestFleet } from './harness/index.ts';

const PATHS = [
  '/health',
  '/health?model=quotes',
  '/health/shared-status',
  '/fleet',
  '/metrics',
  '/metrics/fleet',
  '/v1/models',
];

it('fault: secrets, headers or stack traces in health answers, and in logs after a failed write', async (test) => {
  const fleet = await fleetFor(test, { pods: 2, models: ['well', 'quotes', 'echoes', 'away'] });
  const heard = await listenTo(fleet);
  // Upstreams quote what they were sent, whole and in parts.
  const message = `Incorrect API key provided: ${SECRETS.upstreamKey}.`;
  fleet.upstream.set('quotes', { kind: 'status', status: 401, body: { error: { message, type: 'auth' } } });
  const echo = `authorization: Bearer ${SECRETS.upstreamKey}\n    at Object.handle (/srv/gateway.js:10:5)`;
  fleet.upstream.set('echoes', { kind: 'status', status: 500, body: echo });
  fleet.upstream.set('away', { kind: 'reset' });
  await allJudged(fleet);
  const failing = async (): Promise<boolean> => (await fleet.pod(0).health()).unhealthy_count === 3;
  await until(failing, { withinMs: 10_000, what: 'three models to be unhealthy' });
  const calm = await answersOf(fleet);
  const stored = await storedIn(fleet);

  // No write succeeds any more: what failed is what could be quoted in a log line.
  await fleet.store.config('SET', 'maxmemory', '1');
  const refused = async (): Promise<boolean> => (await fleet.pod(1).sharedStatus()).status!.mode === 'fallback';
  await until(refused, { withinMs: 10_000, what: 'the pods to find every write refused' });
  const texts = { ...calm, stored, heard: heard(), ...(await answersOf(fleet)), log: fleet.story() };

  expect(fleet.upstream.model('quotes').last?.headers['authorization']).toBe(`Bearer ${SECRETS.upstreamKey}`);
  expect(calm['pod 1 /health']).toContain('Incorrect API key provided: ***');
  expect(heard().length).toBeGreaterThan(0);
  expect(fleet.story()).toMatch(/out-of-memory|OOM/);
  for (const [place, text] of Object.entries(texts)) {
    for (const secret of Object.values(SECRETS)) expect(text.includes(secret), `${secret} in ${place}`).toBe(false);
    // Half a key makes the rest easier to guess.
    expect(text.includes(SECRETS.upstreamKey.slice(0, 12)), `a part of a key in ${place}`).toBe(false);
    expect(text, `a header in ${place}`).not.toMatch(/Bearer|x-api-key/i);
    expect(text, `a stack trace in ${place}`).not.toMatch(/\n\s+at |\\n\s+at |node:internal|node_modules|\.ts:\d+/);
  }
});

async function answersOf({ pods }: TestFleet): Promise<Record<string, string>> {
  const asked = pods.flatMap((pod) => PATHS.map(async (path) => [`${pod.name} ${path}`, (await pod.get(path)).text]));
  return Object.fromEntries((await Promise.all(asked)) as [string, string][]);
}

async function storedIn({ store }: TestFleet): Promise<string> {
  const keys = [KEYS.records, KEYS.leases, KEYS.pods];
  return JSON.stringify(await Promise.all(keys.map((key) => store.hgetall(key))));
}

/** Hears what the pods tell each other; answers all of it so far. */
async function listenTo(fleet: TestFleet): Promise<() => string> {
  const messages: string[] = [];
  const listener = connectTo(fleet.redis);
  listener.on('message', (_channel: string, text: string) => messages.push(text));
  await listener.subscribe(KEYS.channel);
  fleet.onStop(() => listener.disconnect());
  return () => messages.join('\n');
}
