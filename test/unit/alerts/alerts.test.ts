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

  it('keeps the order: a resolve waits for its trigger', async () => {
    const fleet = alertStage('a');
    let failures = 3;
    fleet.answer = () => ({ kind: 'answer', status: (failures -= 1) >= 0 ? 503 : 200, text: '' });
    fleet.down = ['m1'];
    await fleet.run(4_000);
    fleet.down = [];
    await fleet.run(30_000);
    expect(fleet.sent.map(({ action }) => action)).toEqual(['trigger', 'trigger', 'trigger', 'trigger', 'resolve']);
    expect(fleet.warnings).toEqual([]);
  });

  it('waits as long as the receiver asks for', async () => {
    const fleet = alertStage('a');
    let refusals = 1;
    fleet.answer = () =>
      (refusals -= 1) >= 0
        ? { kind: 'answer', status: 429, text: '', retryAfterMs: 20_000 }
        : { kind: 'answer', status: 200, text: '' };
    fleet.down = ['m1'];
    await fleet.run(20_000);
    expect(fleet.sent).toHaveLength(1);
    await fleet.run(10_000);
    expect(fleet.sent).toHaveLength(2);
  });

  it('repeats the trigger of an open incident slowly after five attempts, and sends no resolve without a trigger', async () => {
    const fleet = alertStage('a');
    fleet.answer = ({ action }) =>
      action === 'trigger' ? { kind: 'fault', message: 'timeout' } : { kind: 'answer', status: 200, text: '' };
    fleet.down = ['m1'];
    await fleet.run(50_000);
    expect(fleet.sent).toHaveLength(5);
    await fleet.run(300_000);
    expect(fleet.sent).toHaveLength(10);
    expect(fleet.warnings).toHaveLength(1);
    expect(fleet.warnings[0]).toContain('Alert not delivered to ops, tried 5 times: timeout.');
    expect(fleet.counts.filter((one) => one === 'ops failed')).toHaveLength(1);
    fleet.down = [];
    await fleet.run(100_000);
    expect(new Set(fleet.sent.map(({ action }) => action))).toEqual(new Set(['trigger']));
    expect(fleet.pod('a').alerts.alerts().receivers[0]).toMatchObject({ waiting: 0, last: { result: 'failed' } });
  });

  it('shows in all pods that the last try failed while the message waits, and forgets it with another address', async () => {
    const fleet = alertStage('a', 'b');
    fleet.down = ['m1'];
    await fleet.run(10_000);
    const shown = (name: string): unknown => fleet.pod(name).alerts.alerts().receivers[0];
    expect(shown('a')).toMatchObject({ waiting: 0, failing: false, last: { result: 'delivered' } });
    fleet.answer = () => ({ kind: 'fault', message: 'getaddrinfo ENOTFOUND' });
    fleet.down = ['m1', 'm2'];
    await fleet.run(60_000);
    for (const name of ['a', 'b']) {
      expect(shown(name), name).toMatchObject({
        waiting: 1,
        failing: true,
        last: { result: 'failed', answer: 'getaddrinfo ENOTFOUND' },
      });
    }
    fleet.answer = () => ({ kind: 'answer', status: 200, text: '' });
    fleet.config = { ...settings, receivers: [{ ...ops, url: 'http://receiver/other' }] };
    for (const name of ['a', 'b']) expect(shown(name), name).toMatchObject({ last: null, failing: false });
    await fleet.run(15_000);
    for (const name of ['a', 'b']) {
      expect(shown(name), name).toMatchObject({ waiting: 0, failing: false, last: { result: 'delivered' } });
    }
    expect(fleet.said().at(-1)).toBe('trigger: openai: m2 is down');
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

  it('says and counts what is dropped because more than a hundred messages wait, and sends no resolve of it', async () => {
    const fleet = alertStage('a');
    fleet.config = { ...settings, groupWindowMs: 0 };
    fleet.answer = () => ({ kind: 'answer', status: 503, text: '' });
    for (let at = 0; at < 103; at += 1) {
      fleet.down = [...fleet.down, `m${at}`];
      await fleet.run(1_100);
    }
    expect(fleet.counts.filter((one) => one === 'ops dropped')).toHaveLength(3);
    const lines = fleet.warnings.filter((line) => line.includes('dropped'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toContain('The first: openai: m0 is down');
    expect(fleet.pod('a').alerts.alerts().receivers[0]).toMatchObject({ waiting: 100, failing: true });
    fleet.answer = () => ({ kind: 'answer', status: 200, text: '' });
    fleet.sent.length = 0;
    fleet.down = [];
    await fleet.run(400_000);
    expect(fleet.said().filter((one) => /\bm[012] is/.test(one))).toEqual([]);
  });

  it('delivers the trigger of an outage that goes on once the receiver answers again, and then its resolve', async () => {
    const fleet = alertStage('a');
    let reachable = false;
    fleet.answer = () =>
      reachable ? { kind: 'answer', status: 200, text: '' } : { kind: 'fault', message: 'connection refused' };
    fleet.down = ['m1'];
    await fleet.run(200_000);
    reachable = true;
    const before = fleet.sent.length;
    await fleet.run(61_000);
    fleet.down = [];
    await fleet.run(10_000);
    expect(fleet.sent.slice(before).map(({ action }) => action)).toEqual(['trigger', 'resolve']);
  });

  it('sends other messages while one is repeated slowly', async () => {
    const fleet = alertStage('a');
    fleet.answer = ({ title }) => ({ kind: 'answer', status: title.includes('m1') ? 500 : 200, text: '' });
    fleet.down = ['m1'];
    await fleet.run(30_000);
    fleet.down = ['m1', 'm2'];
    await fleet.run(5_000);
    expect(fleet.said().at(-1)).toBe('trigger: openai: m2 is down');
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

  it('does not repeat what a receiver refuses', async () => {
    const fleet = alertStage('a');
    fleet.answer = () => ({ kind: 'answer', status: 404, text: 'no_service' });
    fleet.down = ['m1'];
    await fleet.run(30_000);
    expect(fleet.sent).toHaveLength(1);
    expect(fleet.warnings[0]).toContain('tried once: HTTP 404: no_service');
  });

  it('goes on where a message cannot be formed, and says so once', async () => {
    const fleet = alertStage('a');
    fleet.answer = ({ title }) => {
      if (title.includes('m1')) throw new RangeError('Invalid time value');
      return { kind: 'answer', status: 200, text: '' };
    };
    fleet.down = ['m1'];
    await fleet.run(10_000);
    expect(fleet.warnings).toHaveLength(1);
    expect(fleet.warnings[0]).toContain('Invalid time value');
    fleet.down = ['m1', 'm2'];
    await fleet.run(10_000);
    expect(fleet.said()).toContain('trigger: openai: m2 is down');
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

  it('says from each pod at most once that Redis is lost, and that it is back', async () => {
    const fleet = alertStage('a', 'b');
    await fleet.run(3_000);
    fleet.down = ['m1'];
    for (const name of ['a', 'b']) fleet.pod(name).mode = 'fallback';
    await fleet.run(60_000);
    expect(fleet.said()).toEqual([
      'trigger: Redis unreachable from pod a; 2 pods may send this; down as this pod sees it: m1',
      'trigger: Redis unreachable from pod b; 2 pods may send this; down as this pod sees it: m1',
    ]);
    for (const name of ['a', 'b']) fleet.pod(name).mode = 'shared';
    await fleet.run(10_000);
    expect(fleet.sent.map(({ action }) => action).toSorted()).toEqual([
      'resolve',
      'resolve',
      'trigger',
      'trigger',
      'trigger',
    ]);
    expect(fleet.said()).toContain('trigger: openai: m1 is down');
  });

  it('has one incident per pod for a lost Redis, and ends it when the pod stops', async () => {
    const fleet = alertStage('a', 'b');
    await fleet.run(3_000);
    for (const name of ['a', 'b']) fleet.pod(name).mode = 'fallback';
    await fleet.run(20_000);
    expect(fleet.sent.map(({ action, incident }) => `${action} ${incident}`).toSorted()).toEqual([
      'trigger store-lost-a',
      'trigger store-lost-b',
    ]);
    await Promise.all([fleet.pod('a').alerts.stop(), fleet.run(1_000)]);
    expect(fleet.sent.at(-1)).toMatchObject({ pod: 'a', action: 'resolve', incident: 'store-lost-a' });
    expect(fleet.sent.at(-1)?.title).toContain('the pod stopped');
    expect(fleet.sent).toHaveLength(3);
  });

  it('sends what a second loss of Redis says', async () => {
    const fleet = alertStage('a');
    await fleet.run(3_000);
    let refusals = 4;
    fleet.answer = () => ({ kind: 'answer', status: (refusals -= 1) >= 0 ? 503 : 200, text: '' });
    for (let loss = 0; loss < 2; loss += 1) {
      fleet.pod('a').mode = 'fallback';
      await fleet.run(4_000);
      fleet.pod('a').mode = 'shared';
      await fleet.run(1_500);
    }
    await fleet.run(30_000);
    expect(fleet.sent.map(({ action }) => action).slice(4)).toEqual(['trigger', 'resolve', 'trigger', 'resolve']);
  });

  it('repeats to an Alertmanager, while Redis is lost, that it is, and the outages that go on', async () => {
    const fleet = alertStage('a', 'b');
    fleet.config = { ...settings, receivers: [{ ...ops, type: 'alertmanager', url: 'http://receiver' }] };
    fleet.down = ['m1'];
    await fleet.run(10_000);
    const sender = fleet.pod('a').alerts.alerts().sender;
    for (const name of ['a', 'b']) fleet.pod(name).mode = 'fallback';
    await fleet.run(20_000);
    fleet.summaries.length = 0;
    await fleet.run(240_000);
    const lost = fleet.summaries.filter(({ text }) => text.includes('Redis unreachable'));
    expect([lost.filter(({ pod }) => pod === 'a').length, lost.filter(({ pod }) => pod === 'b').length]).toEqual([
      4, 4,
    ]);
    const outage = fleet.summaries.filter(({ text }) => text.includes('m1 is down') && text.startsWith('openai'));
    expect(outage.map(({ pod }) => pod)).toEqual(Array.from({ length: 4 }, () => sender));
    fleet.down = [];
    fleet.summaries.length = 0;
    await fleet.run(120_000);
    expect(fleet.summaries.filter(({ text }) => text.startsWith('openai'))).toEqual([]);
  });

  it('says while Redis is lost what goes down later, critical once a group is unroutable, and what is still down at its end', async () => {
    const fleet = alertStage('a');
    await fleet.run(3_000);
    fleet.pod('a').mode = 'fallback';
    await fleet.run(8_000);
    fleet.down = ['m1'];
    fleet.unroutable = ['g'];
    await fleet.run(5_000);
    fleet.down = ['m1', 'm2'];
    await fleet.run(5_000);
    expect(fleet.said()).toHaveLength(2);
    await fleet.run(60_000);
    fleet.down = ['m2'];
    fleet.pod('a').mode = 'shared';
    await fleet.run(1_500);
    const lost = fleet.sent.filter(({ incident }) => incident === 'store-lost-a');
    expect(lost.map(({ action, severity }) => `${action} ${severity}`)).toEqual([
      'trigger error',
      'update critical',
      'update critical',
      'resolve critical',
    ]);
    const redis = 'Redis unreachable from pod a';
    expect(lost.slice(0, 3).map(({ title }) => title)).toEqual([
      `${redis}; no target is down as this pod sees it`,
      `${redis}; no routable deployment as this pod sees it: g; down as this pod sees it: m1`,
      `${redis}; no routable deployment as this pod sees it: g; down as this pod sees it: m1, m2`,
    ]);
    expect(lost[3]?.title).toMatch(/: Redis answers pod a again; still down as this pod sees it: m2$/);
  });

  it('ends the incident of a pod that was killed while Redis was lost, once, and of no pod that left later', async () => {
    const fleet = alertStage('a', 'b', 'c');
    await fleet.run(3_000);
    for (const name of ['a', 'b', 'c']) fleet.pod(name).mode = 'fallback';
    await fleet.run(10_000);
    fleet.pod('b').alive = false;
    for (const name of ['a', 'c']) fleet.pod(name).mode = 'shared';
    await fleet.run(30_000);
    await Promise.all([fleet.pod('c').alerts.stop(), fleet.run(1_000)]);
    fleet.pod('c').alive = false;
    await fleet.run(200_000);
    const ends = fleet.sent.filter(({ action }) => action === 'resolve');
    expect(ends.map(({ incident }) => incident).toSorted()).toEqual(['store-lost-a', 'store-lost-b', 'store-lost-c']);
    expect(ends.find(({ incident }) => incident === 'store-lost-b')?.title).toContain(
      'the pod that did not reach it is gone: b',
    );
  });

  it('says nothing of a Redis that answers again within the random wait', async () => {
    const fleet = alertStage('a');
    fleet.random = 0.9;
    fleet.pod('a').mode = 'fallback';
    await fleet.run(4_000);
    fleet.pod('a').mode = 'shared';
    await fleet.run(20_000);
    expect(fleet.sent).toEqual([]);
  });

  it('repeats open incidents to an Alertmanager every minute, from one pod', async () => {
    const fleet = alertStage('a', 'b');
    fleet.config = { ...settings, receivers: [{ ...ops, type: 'alertmanager', url: 'http://receiver' }] };
    fleet.down = ['m1'];
    await fleet.run(190_000);
    expect(fleet.sent.length).toBeGreaterThanOrEqual(4);
    expect(fleet.sent.length).toBeLessThanOrEqual(5);
  });

  it('tests one receiver or all, and knows no other', async () => {
    const fleet = alertStage('a');
    const { alerts } = fleet.pod('a');
    expect(await alerts.testAlerts('none')).toBeNull();
    expect(await alerts.testAlerts('ops')).toEqual([
      { receiver: 'ops', type: 'webhook', host: 'receiver', result: 'delivered', answer: 'HTTP 200' },
    ]);
    expect(fleet.said()[0]).toContain('test: Test message from pod a');
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
