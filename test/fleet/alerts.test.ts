import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { AlertsBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { startAlertReceivers } from '../support/alert-receiver.ts';
import type { AlertReceivers, ReceiverName } from '../support/alert-receiver.ts';
import { allJudged, allMet, fleetFor, modelNames, observe } from './harness/index.ts';
import type { TestFleet, TestPod } from './harness/index.ts';

const PODS = 3;
const models = modelNames(3);
const all: readonly ReceiverName[] = ['slack', 'webhook', 'pagerduty', 'alertmanager'];

let receivers: AlertReceivers;
beforeEach(async () => {
  receivers = await startAlertReceivers();
});
afterEach(async () => await receivers.close());

const alertsOf = async (pod: TestPod): Promise<AlertsBody> =>
  JSON.parse((await pod.get('/fleet/alerts')).text) as AlertsBody;

const actions = (name: ReceiverName): readonly string[] => receivers.of(name).map(({ action }) => action);

async function started(test: TestContext): Promise<TestFleet> {
  const fleet = await fleetFor(test, {
    pods: PODS,
    models,
    interval: 1,
    fleetHealth: {
      edge_interval: 1,
      alerts: { group_window: 3, damping: 0, receivers: receivers.entries },
    },
  });
  await allMet(fleet, PODS);
  await allJudged(fleet);
  await until(async () => (await alertsOf(fleet.pod(0))).sender !== null, { withinMs: 10_000, what: 'a sender' });
  return fleet;
}

function set(fleet: TestFleet, kind: 'ok' | 'down'): void {
  for (const model of models) fleet.upstream.set(model, kind === 'ok' ? { kind } : { kind: 'status', status: 500 });
}

async function received(action: string, names: readonly ReceiverName[] = all): Promise<void> {
  await until(() => names.every((name) => actions(name).includes(action)), {
    withinMs: 30_000,
    what: `${action} at ${names.join(', ')}`,
  });
}

describe('alerts of three pods', () => {
  it('are one message per receiver for an outage of three models, and none for it after a restart of all pods', async (test) => {
    const fleet = await started(test);
    set(fleet, 'down');
    await received('trigger');
    await observe(4_000);
    for (const name of all) expect(actions(name), name).toEqual(['trigger']);
    expect(receivers.of('slack')[0]?.text).toContain('3 models down');
    expect(receivers.received.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    const shown = await alertsOf(fleet.pod(1));
    expect(shown.incidents).toHaveLength(1);
    expect(shown.receivers.map(({ last }) => last?.result)).toEqual(all.map(() => 'delivered'));
    expect(JSON.stringify(shown)).not.toContain('secret-of-the-slack-webhook');

    for (const pod of fleet.pods) await pod.stop();
    const late = await Promise.all([fleet.addPod(), fleet.addPod()]);
    await until(async () => (await alertsOf(late[0])).incidents.length === 1, {
      withinMs: 20_000,
      what: 'the incident in a new pod',
    });
    await observe(5_000);
    // Alertmanager is told of what is open by each new sender.
    for (const name of ['slack', 'webhook', 'pagerduty'] as const) expect(actions(name), name).toEqual(['trigger']);

    set(fleet, 'ok');
    await received('resolve');
    await observe(3_000);
    for (const name of ['slack', 'webhook', 'pagerduty'] as const) {
      expect(actions(name), name).toEqual(['trigger', 'resolve']);
    }
    expect(receivers.received.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    expect(fleet.story()).not.toContain('secret-of-the-slack-webhook');
  });

  it('are sent by another pod if the sender is killed before it has an answer', async (test) => {
    const fleet = await started(test);
    receivers.answer('webhook', 'hangs');
    set(fleet, 'down');
    await until(() => receivers.of('webhook').length === 1, { withinMs: 30_000, what: 'the first attempt' });
    const sender = fleet.podOf((await alertsOf(fleet.pod(0))).sender ?? '');
    sender.kill('SIGKILL');
    await sender.exited;
    await until(() => receivers.of('webhook').length === 2, { withinMs: 20_000, what: 'the second attempt' });
    await observe(4_000);
    const ids = receivers.of('webhook').map(({ text }) => (JSON.parse(text) as { incident: string }).incident);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    for (const name of ['slack', 'pagerduty'] as const) {
      expect(actions(name).length, name).toBeGreaterThanOrEqual(1);
      expect(actions(name).length, name).toBeLessThanOrEqual(2);
    }
  });

  it('are retried after a 500 and a 429, with the resolve after the trigger', async (test) => {
    const fleet = await started(test);
    receivers.answer('slack', { status: 500 }, { status: 429, retryAfterS: 2 });
    set(fleet, 'down');
    await received('trigger', ['webhook']);
    set(fleet, 'ok');
    await received('resolve', ['slack', 'webhook']);
    expect(actions('slack')).toEqual(['trigger', 'trigger', 'trigger', 'resolve']);
    const metrics = await Promise.all(fleet.pods.map(async (pod) => await pod.metrics()));
    expect(metrics.join('\n')).toContain('allswell_alerts_total{receiver="slack",result="retried"} 2');
  });

  it('say from each pod at most once that Redis hangs, and tell of the outage when it answers again', async (test) => {
    const fleet = await started(test);
    fleet.redis.pause();
    set(fleet, 'down');
    await until(() => receivers.of('slack').length >= 1, { withinMs: 40_000, what: 'an alert without Redis' });
    await observe(12_000);
    expect(receivers.of('slack').length).toBeLessThanOrEqual(PODS);
    for (const { text } of receivers.of('slack')) expect(text).toContain('3 pods may send this');
    fleet.redis.resume();
    await until(() => receivers.of('slack').some(({ text }) => text.includes('3 models down')), {
      withinMs: 30_000,
      what: 'the outage itself',
    });
    expect(receivers.received.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  });
});
