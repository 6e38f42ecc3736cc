import { describe, expect, it } from 'vitest';
import { alertStage, LEASE_MS, ops, settings } from '../../support/alert-stage.ts';

describe('alerts of a fleet', () => {
  it('sends one message for an outage of three models, and one when it is over, from one of three pods', async () => {
    const fleet = alertStage('a', 'b', 'c');
    await fleet.run(3_000);
    fleet.down = ['m1', 'm2', 'm3'];
    await fleet.run(10_000);
    expect(fleet.said()).toEqual(['trigger: openai: 3 models down']);
    await fleet.run(60_000);
    fleet.down = [];
    await fleet.run(10_000);
    expect(fleet.said()).toHaveLength(2);
    expect(fleet.said()[1]).toContain('resolve: Resolved after');
    expect(new Set(fleet.sent.map(({ pod }) => pod)).size).toBe(1);
    expect(fleet.counts).toEqual(['ops delivered', 'ops delivered']);
  });

  it('reports an outage of a target that the sender does not have, shows it in all pods, and ends it', async () => {
    const fleet = alertStage('a', 'b', 'c');
    await fleet.run(3_000);
    const { sender } = fleet.pod('a').alerts.alerts();
    fleet.lacks.set(sender ?? '', ['o3']);
    fleet.down = ['o3'];
    await fleet.run(10_000);
    expect(fleet.said()).toEqual(['trigger: openai: o3 is down']);
    expect(fleet.sent[0]?.pod).toBe(sender);
    for (const name of ['a', 'b', 'c']) {
      expect(fleet.pod(name).alerts.alerts().incidents, name).toMatchObject([{ down: ['o3'] }]);
    }
    fleet.inactive = 'unknown';
    fleet.down = [];
    await fleet.run(60_000);
    expect(fleet.said()).toHaveLength(1);
    fleet.inactive = 'clear';
    await fleet.run(10_000);
    expect(fleet.said()[1]).toContain('openai: o3 is up again');
  });

  it('sends it from another pod, if the sender dies between the claim and the answer', async () => {
    const fleet = alertStage('a', 'b', 'c');
    fleet.answer = ({ action }) =>
      fleet.sent.length === 1 && action === 'trigger' ? 'dies' : { kind: 'answer', status: 200, text: '' };
    await fleet.run(3_000);
    fleet.down = ['m1'];
    await fleet.run(LEASE_MS + 10_000);
    expect(fleet.said()).toEqual(['trigger: openai: m1 is down', 'trigger: openai: m1 is down']);
    const [first, second] = fleet.sent;
    expect(second?.incident).toBe(first?.incident);
    expect(second?.pod).not.toBe(first?.pod);
    fleet.down = [];
    await fleet.run(10_000);
    expect(fleet.sent.map(({ action }) => action)).toEqual(['trigger', 'trigger', 'resolve']);
  });

  it('does not repeat an old incident after all pods restarted', async () => {
    const fleet = alertStage('a', 'b');
    fleet.down = ['m1'];
    await fleet.run(10_000);
    for (const name of ['a', 'b']) {
      await Promise.all([fleet.pod(name).alerts.stop(), fleet.run(100)]);
      fleet.pod(name).alive = false;
    }
    fleet.add('c');
    await fleet.run(LEASE_MS + 10_000);
    expect(fleet.said()).toEqual(['trigger: openai: m1 is down']);
    expect(fleet.pod('c').alerts.alerts()).toMatchObject({ sender: 'c', incidents: [{ down: ['m1'] }] });
  });

  it('does not repeat an incident after the store lost its data', async () => {
    const fleet = alertStage('a', 'b');
    fleet.down = ['m1'];
    await fleet.run(10_000);
    fleet.store.flush();
    await fleet.run(20_000);
    expect(fleet.said()).toHaveLength(1);
    const [leader] = fleet.sent;
    fleet.pod(leader?.pod ?? '').alive = false;
    fleet.store.flush();
    await fleet.run(30_000);
    expect(fleet.said()).toHaveLength(1);
  });

  it('shows what damping holds back, in all pods', async () => {
    const fleet = alertStage('a', 'b');
    fleet.down = ['m1'];
    await fleet.run(10_000);
    fleet.down = [];
    await fleet.run(5_000);
    fleet.down = ['m1'];
    await fleet.run(10_000);
    for (const name of ['a', 'b']) {
      const { incidents, heldBack } = fleet.pod(name).alerts.alerts();
      expect([incidents, heldBack], name).toMatchObject([[], [{ kind: 'target-down', label: 'm1' }]]);
    }
    await fleet.run(60_000);
    expect(fleet.pod('b').alerts.alerts()).toMatchObject({ incidents: [{ down: ['m1'] }], heldBack: [] });
  });

  it('leaves the lease to a pod that may reach the receivers, and keeps it where none does', async () => {
    const fleet = alertStage('a', 'b');
    await fleet.run(3_000);
    const sender = fleet.pod('a').alerts.alerts().sender ?? '';
    fleet.answer = ({ pod }) =>
      pod === sender ? { kind: 'fault', message: 'connection refused' } : { kind: 'answer', status: 200, text: '' };
    fleet.down = ['m1'];
    await fleet.run(30_000);
    const other = sender === 'a' ? 'b' : 'a';
    expect(fleet.sent.filter(({ pod }) => pod === other)).toHaveLength(1);
    await fleet.run(120_000);
    expect(fleet.pod('a').alerts.alerts().sender).toBe(other);
    fleet.answer = () => ({ kind: 'fault', message: 'connection refused' });
    const before = fleet.sent.length;
    fleet.down = ['m1', 'm2'];
    await fleet.run(600_000);
    const turns = fleet.sent.slice(before).map(({ pod }) => pod);
    const changes = turns.filter((pod, at) => at > 0 && pod !== turns[at - 1]);
    expect(changes.length).toBeLessThanOrEqual(2);
    expect(turns.length).toBeGreaterThan(10);
  });

  it('leaves the alerts to a pod that is not impaired, but sends them where all are', async () => {
    const fleet = alertStage('a', 'b');
    await fleet.run(3_000);
    const sender = fleet.pod('a').alerts.alerts().sender ?? '';
    fleet.pod(sender).impaired = true;
    fleet.down = ['m1'];
    await fleet.run(10_000);
    expect(fleet.sent.map(({ pod }) => pod)).toEqual([sender === 'a' ? 'b' : 'a']);
    for (const name of ['a', 'b']) fleet.pod(name).impaired = true;
    fleet.down = [];
    await fleet.run(10_000);
    expect(fleet.sent).toHaveLength(2);
  });

  it('repeats open incidents to an Alertmanager every minute, from one pod', async () => {
    const fleet = alertStage('a', 'b');
    fleet.config = { ...settings, receivers: [{ ...ops, type: 'alertmanager', url: 'http://receiver' }] };
    fleet.down = ['m1'];
    await fleet.run(190_000);
    expect(fleet.sent.length).toBeGreaterThanOrEqual(4);
    expect(fleet.sent.length).toBeLessThanOrEqual(5);
  });
});

describe('a store that loses its data right after a message', () => {
  it.each(['a', 'b', 'c'])('gets the book back from the sender, not an older one from pod %s', async (first) => {
    const fleet = alertStage(first, ...['a', 'b', 'c'].filter((name) => name !== first));
    await fleet.run(3_000);
    fleet.down = ['m1'];
    for (let waited = 0; fleet.sent.length === 0 && waited < 100; waited += 1) await fleet.run(100);
    await fleet.run(100);
    fleet.store.flush();
    await fleet.run(20_000);
    expect(fleet.said()).toEqual(['trigger: openai: m1 is down']);
    fleet.down = [];
    await fleet.run(10_000);
    expect(fleet.sent.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
  });
});
