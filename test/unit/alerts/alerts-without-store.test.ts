import { describe, expect, it } from 'vitest';
import { alertStage, ops, settings } from '../../support/alert-stage.ts';

describe('alerts without the store', () => {
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
});
