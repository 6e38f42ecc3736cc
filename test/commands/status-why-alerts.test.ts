import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showAlerts } from '../../src/cli/alerts/run-alerts.ts';
import { until } from '../../src/testing/index.ts';
import { startAlertReceivers } from '../support/alert-receiver.ts';
import type { AlertReceivers } from '../support/alert-receiver.ts';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { codes, podYaml, seen } from '../support/why.ts';

// A real pod with real receivers of alerts, over a real Redis.

const each = podsAndUpstream();
let receivers: AlertReceivers;
beforeEach(async () => {
  receivers = await startAlertReceivers();
});
afterEach(async () => await receivers.close());

describe('alerts that do not reach a receiver', { timeout: 60_000 }, () => {
  it('are a finding and a metric while the outage goes on, and end with the next delivery', async () => {
    const { port } = await each.pods.redis();
    const url = `http://127.0.0.1:${receivers.port}/webhook`;
    const alerts = `alerts: { group_window: 1, receivers: [{ name: hook, type: webhook, url: "${url}" }] }`;
    const more = `fleet_health: { interval: 1, edge_interval: 1, ${alerts} }`;
    const pod = await each.pods.pod(podYaml(each.upstream.apiBase, { redis: `port: ${port}`, more }));
    expect(await codes(pod)).not.toContain('alerts-not-delivered');
    receivers.answer('webhook', ...Array.from({ length: 3 }, () => ({ status: 503 })));
    each.upstream.set('a', { kind: 'status', status: 500 });
    const found = await seen(pod, 'alerts-not-delivered');
    expect(found).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(
        /^Alerts do not reach the receiver hook \(127\.0\.0\.1:\d+\): HTTP 503: ok, at \S+Z; 1 message waits\.$/,
      ),
      todo: expect.stringContaining('allswell alerts test'),
    });
    const metric = async (value: number): Promise<boolean> =>
      (await (await fetch(`${pod.url}/metrics`)).text()).includes(
        `allswell_alert_receiver_failing{receiver="hook"} ${value}`,
      );
    expect(await metric(1)).toBe(true);
    const { process, stdout } = captured();
    await showAlerts(pod, 'lines', process);
    expect(stdout()).toMatch(/hook +webhook +127\.0\.0\.1:\d+ +1 waiting +failed at \S+Z: HTTP 503: ok/);
    const isOver = async (): Promise<boolean> => !(await codes(pod)).includes('alerts-not-delivered');
    await until(isOver, { withinMs: 30_000, what: 'the delivery', everyMs: 100 });
    expect(receivers.of('webhook').map(({ action }) => action)).toEqual(Array.from({ length: 4 }, () => 'trigger'));
    expect(await metric(0)).toBe(true);
  });
});
