import { describe, expect, it } from 'vitest';
import { GONE_MS } from '../../../src/alerts/incidents/book.ts';
import { emptyBook, heldBack } from '../../../src/alerts/incidents/index.ts';
import type { Condition } from '../../../src/alerts/incidents/index.ts';
import { groupDown, Run, target } from '../../support/alert-run.ts';

describe('incidents', () => {
  it('joins targets of one place within the window into one message, and lists them', () => {
    const run = new Run();
    const models = ['a', 'b', 'c'].map((name) => target(name));
    run.observe(models.slice(0, 1));
    run.observe(models, { after: 10 });
    expect(run.titles()).toEqual([]);
    run.observe(models, { after: 5 });
    expect(run.titles()).toEqual(['openai (api.openai.com): 3 models down']);
    expect(run.notices[0]).toMatchObject({ action: 'trigger', severity: 'error', downCount: 3 });
    expect(run.notices[0]?.down.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
    run.observe([], { after: 48 });
    expect(run.titles()[1]).toBe('Resolved after 1 min 3 s: openai (api.openai.com): 3 models up again');
    expect(run.notices[1]).toMatchObject({
      action: 'resolve',
      durationMs: 63_000,
      endedCount: 3,
      id: run.notices[0]?.id,
    });
  });

  it('names a group without a routable deployment first, and is critical then', () => {
    const run = new Run();
    const group: Condition = { ...target('x'), key: 'group:gpt-4o', kind: 'group-down', label: 'gpt-4o' };
    run.observe([target('a'), group]);
    run.observe([target('a'), group], { after: 15 });
    expect(run.titles()).toEqual(['gpt-4o: no routable deployment; openai (api.openai.com): a is down']);
    expect(run.notices[0]).toMatchObject({ severity: 'critical', kind: 'group-down' });
    expect(run.notices[0]?.down[0]?.label).toBe('gpt-4o');
  });

  it('separates places, and what begins after the window', () => {
    const run = new Run();
    const [a, b, far] = [target('a'), target('b'), target('a', 'azure (x)')];
    run.observe([a, { ...far, key: 'target:far' }]);
    run.observe([a, { ...far, key: 'target:far' }], { after: 15 });
    run.observe([a, b, { ...far, key: 'target:far' }], { after: 100 });
    run.observe([a, b, { ...far, key: 'target:far' }], { after: 15 });
    expect(run.notices.map(({ action, place }) => `${action} ${place}`)).toEqual([
      'trigger openai (api.openai.com)',
      'trigger azure (x)',
      'trigger openai (api.openai.com)',
    ]);
    expect(run.notices[2]?.down.map(({ label }) => label)).toEqual(['b']);
  });

  it('says nothing of an outage shorter than the window', () => {
    const run = new Run();
    run.observe([target('a')]);
    run.observe([], { after: 10 });
    run.observe([], { after: 100 });
    expect(run.notices).toEqual([]);
    expect(run.book.pending).toEqual([]);
  });

  it('names the members that are still down once, when the others are up again', () => {
    const run = new Run();
    const models = ['a', 'b', 'c'].map((name) => target(name));
    run.observe(models);
    run.observe(models, { after: 15 });
    run.observe(models.slice(1), { after: 60 });
    expect(run.notices).toHaveLength(1);
    run.observe(models.slice(1), { after: 15 });
    expect(run.titles()[1]).toBe('openai (api.openai.com): 1 of 3 models are up again; still down: b, c');
    run.observe(models.slice(2), { after: 60 });
    run.observe(models.slice(2), { after: 60 });
    run.observe([], { after: 60 });
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'update', 'resolve']);
  });

  it('waits for the damping time when a target is down again soon after its end', () => {
    const run = new Run();
    const down = [target('a')];
    run.observe(down);
    run.observe(down, { after: 15 });
    run.observe([], { after: 60 });
    for (let flap = 0; flap < 2; flap += 1) {
      run.observe(down, { after: 30 });
      run.observe(down, { after: 60 });
      run.observe([], { after: 10 });
    }
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
    run.observe(down, { after: 30 });
    run.observe(down, { after: 299 });
    expect(run.notices).toHaveLength(2);
    run.observe(down, { after: 16 });
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'resolve', 'trigger']);
    expect(run.notices[2]?.id).not.toBe(run.notices[0]?.id);
  });

  it('says that a member is down again whose end a message announced, and does not repeat it for a flap', () => {
    const run = new Run();
    const models = ['a', 'b', 'c'].map((name) => target(name));
    run.observe(models);
    run.observe(models, { after: 15 });
    run.observe(models.slice(1), { after: 60 });
    run.observe(models.slice(1), { after: 15 });
    run.observe(models, { after: 60 });
    expect(run.notices).toHaveLength(2);
    run.observe(models, { after: 15 });
    expect(run.titles()[2]).toBe('openai (api.openai.com): a is down again; still down: b, c');
    expect(run.notices[2]).toMatchObject({ action: 'update', downCount: 3, endedCount: 0 });
    // A member that flaps is announced as up again at most once in the damping time.
    run.observe(models.slice(1), { after: 15 });
    run.observe(models.slice(1), { after: 20 });
    run.observe(models, { after: 15 });
    run.observe(models, { after: 15 });
    expect(run.notices).toHaveLength(3);
    run.observe(models.slice(1), { after: 300 });
    run.observe(models.slice(1), { after: 15 });
    expect(run.titles()[3]).toBe('openai (api.openai.com): 1 of 3 models are up again; still down: b, c');
  });

  it('says that a group is unroutable again whose end a message announced', () => {
    const run = new Run();
    const all = [groupDown('g'), target('a'), target('b')];
    run.observe(all);
    run.observe(all, { after: 15 });
    run.observe([target('b')], { after: 60 });
    run.observe([target('b')], { after: 15 });
    expect(run.notices).toHaveLength(2);
    run.observe(all, { after: 60 });
    run.observe(all, { after: 15 });
    expect(run.titles()[2]).toBe(
      'g: no routable deployment again; openai (api.openai.com): a is down again; still down: b',
    );
    expect(run.notices[2]).toMatchObject({ action: 'update', severity: 'critical' });
  });

  it('holds back no group without a routable deployment, nor what went down with it', () => {
    const run = new Run();
    const all = [groupDown('g'), target('a')];
    run.observe(all);
    run.observe(all, { after: 15 });
    run.observe([], { after: 22 });
    run.observe(all, { after: 30 });
    run.observe(all, { after: 15 });
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'resolve', 'trigger']);
    expect(run.notices[2]).toMatchObject({ severity: 'critical', downCount: 2 });
  });

  it('says when what damping holds back will be reported', () => {
    const run = new Run();
    run.observe([target('a')]);
    run.observe([target('a')], { after: 15 });
    run.observe([], { after: 30 });
    run.observe([target('a')], { after: 30 });
    expect(heldBack(run.book, run.settings)).toEqual([
      { kind: 'target-down', label: 'a', since: 1_076_000_000, until: (1_076 + 300 + 15) * 1_000_000 },
    ]);
    run.observe([target('a')], { after: 315 });
    expect(heldBack(run.book, run.settings)).toEqual([]);
  });

  it('gives the reason as it is when the message is made, and keeps it up to date but for its numbers', () => {
    const run = new Run();
    const seen = (why: string): readonly Condition[] => [{ ...target('a'), why }];
    run.observe(seen('2 network errors, seen by one pod'));
    run.observe(seen('3 network errors, confirmed by 2 pods'), { after: 15 });
    expect(run.notices[0]?.down[0]?.why).toBe('3 network errors, confirmed by 2 pods');
    const before = run.book;
    run.observe(seen('4 network errors, confirmed by 3 pods'), { after: 15 });
    expect(run.book).toBe(before);
    run.observe(seen('5 server errors (HTTP 500), confirmed by 3 pods'), { after: 15 });
    expect(run.book.incidents[0]?.members[0]?.why).toBe('5 server errors (HTTP 500), confirmed by 3 pods');
  });

  it('alerts at once when it is down again after the damping time', () => {
    const run = new Run({ dampingMs: 60_000 });
    run.observe([target('a')]);
    run.observe([target('a')], { after: 15 });
    run.observe([], { after: 10 });
    run.observe([target('a')], { after: 61 });
    run.observe([target('a')], { after: 15 });
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'resolve', 'trigger']);
  });

  it('counts `for` from the start by the evidence', () => {
    const run = new Run({ forMs: 120_000 });
    const down = { ...target('a'), since: 950 * 1_000_000 };
    run.observe([down]);
    run.observe([down], { after: 68 });
    expect(run.notices).toEqual([]);
    run.observe([down], { after: 1 });
    run.observe([down], { after: 15 });
    expect(run.notices).toHaveLength(1);
    expect(run.notices[0]?.startedAt).toBe(950 * 1_000_000);
  });

  it('resolves a target that an operator holds, says so, and alerts without damping when the hold ends', () => {
    const run = new Run();
    run.observe([target('a')]);
    run.observe([target('a')], { after: 15 });
    run.observe([], { inactive: 'quiet', after: 10 });
    expect(run.titles()[1]).toContain('(1 held by an operator)');
    run.observe([target('a')], { after: 10 });
    run.observe([target('a')], { after: 15 });
    expect(run.notices.map(({ action }) => action)).toEqual(['trigger', 'resolve', 'trigger']);
  });

  it('opens nothing for a target while probing is paused', () => {
    const run = new Run();
    run.observe([target('b')], { after: 100, paused: true });
    run.observe([target('b')], { after: 100, paused: true });
    expect(run.notices).toEqual([]);
    expect(run.book).toBe(emptyBook);
  });

  it('keeps an incident whose target has no verdict, and ends one that no pod has any more', () => {
    const run = new Run();
    run.observe([target('a')]);
    run.observe([target('a')], { after: 15 });
    run.observe([], { inactive: 'unknown', after: 10_000 });
    run.observe([], { inactive: 'gone' });
    run.observe([], { inactive: 'gone', after: GONE_MS / 1_000 - 1 });
    run.observe([target('a')]);
    run.observe([], { inactive: 'gone' });
    expect(run.notices).toHaveLength(1);
    run.observe([], { inactive: 'gone', after: GONE_MS / 1_000 });
    expect(run.titles()[1]).toContain('(1 no longer configured)');
  });

  it('returns the same book while nothing changes', () => {
    const run = new Run();
    run.observe([target('a')]);
    run.observe([target('a')], { after: 15 });
    const before = run.book;
    run.observe([target('a')], { after: 15 });
    run.observe([target('a')], { after: 1_000 });
    expect(run.book).toBe(before);
  });

  it('bounds what it keeps', () => {
    const run = new Run({ groupWindowMs: 0 });
    const many = Array.from({ length: 3_000 }, (_, at) => target(`m${at}`, `place ${at}`));
    run.observe(many);
    run.observe(many);
    expect(run.book.incidents.length).toBeLessThanOrEqual(500);
    expect(run.book.outbox.length).toBeLessThanOrEqual(100);
  });
});
