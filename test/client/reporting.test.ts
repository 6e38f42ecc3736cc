import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { connect } from '../../src/client/index.ts';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, SECRETS } from '../fleet/harness/index.ts';

const EVENTS_KEY = 'sk-events-31c9';
const failed = { ok: false, status: 500, durationMs: 20 } as const;

it('failures that one client reports are known to the client of another pod', async (test) => {
  const fleet = await fleetFor(test, { pods: 2, models: ['chat'], interval: 3_600 });
  await allMet(fleet, 2);
  await allJudged(fleet);
  const options = { key: SECRETS.masterKey, reporter: 'proxy-1' };
  await using reporting = connect({ url: fleet.pod(0).url, ...options });
  await using reading = connect({ url: fleet.pod(1).url, ...options });
  await Promise.all([reporting.ready, reading.ready]);
  fleet.upstream.set('chat', { kind: 'status', status: 500 });
  expect([reporting.report('chat', failed), reporting.report('chat', failed)]).toEqual([true, true]);
  await until(() => reading.state('chat')?.state === 'down', { withinMs: 30_000, what: 'chat to be down' });
  expect(reporting.reports).toEqual({ queued: 0, accepted: 2, unknown: 0, ignored: 0, dropped: 0 });
  expect(reading.state('chat')?.why).toContain('one reporter');
});

it('a key of role events reports, and may not read', async (test) => {
  const sha256 = createHash('sha256').update(EVENTS_KEY).digest('hex');
  const fleetHealth = { keys: [{ name: 'proxy', sha256, role: 'events' }] };
  const models = [{ model: 'chat', info: { id: 'chat-id' } }];
  const fleet = await fleetFor(test, { pods: 1, models, interval: 3_600, fleetHealth });
  await allJudged(fleet);
  const client = connect({ url: fleet.pod(0).url, key: EVENTS_KEY });
  await expect(client.ready).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('HTTP 403') });
  client.report('chat-id', { ok: true, firstByteMs: 12, durationMs: 30 });
  client.report('no-such-id', failed);
  await client.close();
  expect(client.reports).toEqual({ queued: 0, accepted: 1, unknown: 1, ignored: 0, dropped: 0 });
});

it('a model group with several targets is no name for a report', async (test) => {
  const models = ['a', 'b'].map((model) => ({ model, group: 'chat' }));
  const fleet = await fleetFor(test, { pods: 1, models, interval: 3_600 });
  await allJudged(fleet);
  await using client = connect({ url: fleet.pod(0).url, key: SECRETS.masterKey });
  await client.ready;
  expect(client.report('chat', failed)).toBe(false);
  expect(client.reports).toMatchObject({ queued: 0, dropped: 1 });
});
