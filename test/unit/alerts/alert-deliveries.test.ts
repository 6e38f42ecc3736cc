import { describe, expect, it } from 'vitest';
import { alertStage, ops, settings } from '../../support/alert-stage.ts';

describe('deliveries of alerts', () => {
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
