import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertsBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { startAlertReceivers } from '../support/alert-receiver.ts';
import type { AlertReceivers } from '../support/alert-receiver.ts';
import { allMet, fleetFor, modelNames } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const models = modelNames(2);
let receivers: AlertReceivers;
beforeEach(async () => {
  receivers = await startAlertReceivers();
});
afterEach(async () => await receivers.close());

const alertsOf = async (pod: TestPod): Promise<AlertsBody> =>
  JSON.parse((await pod.get('/fleet/alerts')).text) as AlertsBody;

interface Hook {
  readonly action: string;
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
}
const hooks = (): readonly Hook[] => receivers.of('webhook').map(({ text }) => JSON.parse(text) as Hook);

/** Without what a slow machine says of Redis. */
const outages = (): readonly Hook[] => hooks().filter(({ incident }) => !incident.startsWith('store-lost-'));

const shape = (damping: number): Readonly<Record<string, unknown>> => ({
  edge_interval: 1,
  alerts: { group_window: 2, damping, receivers: receivers.entries },
});

describe('alerts', () => {
  it('are sent of an outage of a model that the sending pod does not have', async (test) => {
    const fleet = await fleetFor(test, {
      pods: [{ models: models.slice(0, 1) }],
      models,
      interval: 1,
      fleetHealth: shape(0),
    });
    const [first] = fleet.pods;
    if (first === undefined) throw new Error('one pod');
    await until(async () => (await alertsOf(first)).sender !== null, { withinMs: 20_000, what: 'the sender' });
    const { sender } = await alertsOf(first);
    const others = await Promise.all([fleet.addPod(), fleet.addPod()]);
    await allMet(fleet, 3);
    fleet.upstream.set(models[1] ?? '', { kind: 'status', status: 500 });
    await until(() => outages().length > 0, { withinMs: 30_000, what: 'the trigger' });
    expect(outages()[0]).toMatchObject({ action: 'trigger', severity: 'critical' });
    expect(outages()[0]?.title).toContain(models[1]);
    for (const pod of [first, ...others]) {
      const shown = await alertsOf(pod);
      expect(shown.sender).toBe(sender);
      await until(async () => (await alertsOf(pod)).incidents.length === 1, { withinMs: 10_000, what: 'the incident' });
    }
    fleet.upstream.set(models[1] ?? '', { kind: 'ok' });
    await until(() => outages().length > 1, { withinMs: 30_000, what: 'the resolve' });
    expect(outages().map(({ action }) => action)).toEqual(['trigger', 'resolve']);
  });

  it('hold no group without a routable deployment back', async (test) => {
    const fleet = await fleetFor(test, { pods: 2, models, interval: 1, fleetHealth: shape(3_600) });
    await allMet(fleet, 2);
    for (const state of ['down', 'ok', 'down'] as const) {
      const before = outages().length;
      fleet.upstream.set(models[0] ?? '', state === 'ok' ? { kind: 'ok' } : { kind: 'status', status: 500 });
      await until(() => outages().length > before, { withinMs: 40_000, what: `the message that it is ${state}` });
    }
    expect(outages().map(({ action, severity }) => `${action} ${severity}`)).toEqual([
      'trigger critical',
      'resolve critical',
      'trigger critical',
    ]);
  });

  it('end the incident of a pod that was killed while Redis hung', async (test) => {
    const fleet = await fleetFor(test, { pods: 3, models, interval: 1, fleetHealth: shape(0) });
    await allMet(fleet, 3);
    await until(async () => (await alertsOf(fleet.pod(0))).sender !== null, { withinMs: 10_000, what: 'a sender' });
    fleet.redis.pause();
    const lost = (action: string): readonly string[] =>
      hooks().flatMap((one) => (one.action === action && one.incident.startsWith('store-lost-') ? [one.incident] : []));
    await until(() => lost('trigger').length === 3, { withinMs: 40_000, what: 'three messages' });
    const victim = fleet.pod(2);
    victim.kill('SIGKILL');
    await victim.exited;
    fleet.redis.resume();
    await until(() => lost('resolve').length === 3, { withinMs: 60_000, what: 'three ends' });
    expect(lost('resolve').toSorted()).toEqual(lost('trigger').toSorted());
    expect(receivers.received.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  });
});
