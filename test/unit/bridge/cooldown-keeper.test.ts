import { describe, expect, it } from 'vitest';
import type { CooldownCandidate } from '../../../src/bridge/index.ts';
import { down, keeping } from '../../support/keeping-cooldowns.ts';

describe('cooldowns for LiteLLM', () => {
  it('begin at once when a verdict changes, last as long as it does, and end at once with it', async () => {
    const { clock, store, pass, change, keeper } = keeping();
    await pass(2_000);
    change([down('a')]);
    await pass(250);
    expect(store.active()).toEqual({ a: 'allswell' });
    await pass(30_000);
    expect(store.active()).toEqual({ a: 'allswell' });
    const beganAt = clock.wallMs() / 1_000 - 30;
    expect(keeper.view().cooled).toMatchObject([{ modelId: 'a', reason: 'down', status: 500, by: 'allswell' }]);
    expect(Math.abs(keeper.view().cooled[0]!.since - beganAt)).toBeLessThan(1);
    expect(keeper.view().counts.written).toEqual({ down: 1, 'rate-limited': 0, drained: 0 });
    change([]);
    await pass(250);
    expect(store.active()).toEqual({});
  });

  it('begin at once for each of three verdicts that change within a moment', async () => {
    const { store, pass, change } = keeping();
    await pass(2_250);
    const all: CooldownCandidate[] = [];
    for (const modelId of ['a', 'd', 'h']) {
      change([...all, down(modelId)]);
      all.push(down(modelId));
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await pass(50);
      expect(Object.keys(store.active())).toEqual(all.map((one) => one.modelId));
    }
  });

  it('are renewed twice per second, so that a pod of LiteLLM that read one a second ago has two seconds left', async () => {
    const { store, pass, change } = keeping();
    change([down('a')]);
    await pass(2_000);
    const before = { ...store.commands };
    await pass(10_000);
    expect(store.commands.writes - before.writes).toBeGreaterThanOrEqual(19);
    expect(store.commands.reads - before.reads).toBeLessThanOrEqual(11);
  });

  it('end within three seconds once nothing renews them', async () => {
    const { store, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(2_000);
    await keeper.stop();
    await pass(3_000);
    expect(store.active()).toEqual({});
  });

  it('are neither read nor written without the lease, and left to the pod that has it', async () => {
    const { store, state, pass, change } = keeping();
    change([down('a')]);
    await pass(2_000);
    state.leads = false;
    await pass(1_000);
    const before = { ...store.commands };
    await pass(2_500);
    expect(store.commands).toEqual(before);
    expect(store.active()).toEqual({});
  });

  it('begin again after a moment without the lease, and then count again: another pod may have ended them', async () => {
    const { state, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(2_000);
    expect(keeper.view().counts.written.down).toBe(1);
    state.leads = false;
    await pass(600);
    state.leads = true;
    await pass(2_000);
    expect(keeper.view().counts.written.down).toBe(2);
  });

  it('count once while they last, also if Redis was away for a moment', async () => {
    const { store, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(2_000);
    store.away = true;
    await pass(1_000);
    store.away = false;
    await pass(2_000);
    expect(keeper.view().counts.written.down).toBe(1);
  });

  it('say that they are renewed again, once, after Redis was away', async () => {
    const { store, logger, pass, change } = keeping();
    change([down('a')]);
    await pass(2_000);
    store.away = true;
    await pass(5_000);
    store.away = false;
    await pass(5_000);
    const told = logger.lines.map(({ message }) => message).filter((one) => one.includes('renewed'));
    expect(told).toEqual([
      expect.stringContaining('LiteLLM cooldowns not renewed'),
      'LiteLLM cooldowns renewed again: the Redis of the Router answers',
    ]);
  });

  it('never take the last deployment of a group, and say so once', async () => {
    const { store, logger, pass, change, keeper } = keeping();
    change([down('c')]);
    await pass(5_000);
    expect(store.active()).toEqual({});
    expect(keeper.view().leftRoutable).toMatchObject([{ modelId: 'c', pool: 'alone', reason: 'down' }]);
    expect(keeper.view().counts).toMatchObject({ refused: { down: 1 }, written: { down: 0 } });
    const warnings = logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(
      '(c): it is the last routable deployment of alone, so LiteLLM still sends it requests; openai/c is down',
    );
  });

  it('are swapped one after the other, because a pod of LiteLLM keeps what it read for three seconds', async () => {
    const { store, logger, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(5_000);
    change([down('b')]);
    await pass(2_900);
    expect(store.active()).toEqual({});
    expect(keeper.view()).toMatchObject({ cooled: [], leftRoutable: [] });
    await pass(1_000);
    expect(store.active()).toEqual({ b: 'allswell' });
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('are only logged and counted with observe', async () => {
    const { store, state, logger, pass, change, keeper } = keeping();
    state.mode = 'observe';
    change([down('a')]);
    await pass(3_000);
    expect(store.active()).toEqual({});
    expect(store.commands.writes).toBe(0);
    expect(keeper.view()).toMatchObject({
      mode: 'observe',
      cooled: [{ modelId: 'a', by: null }],
      counts: { writes: 0, written: { down: 0 } },
    });
    expect(logger.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('observe only'));
  });

  it('stop when they are switched off', async () => {
    const { store, state, pass, change } = keeping();
    change([down('a')]);
    await pass(2_000);
    state.mode = 'off';
    await pass(4_000);
    expect(store.active()).toEqual({});
  });

  it.each(['off', 'observe'] as const)('end within a second, not only by themselves, when set to %s', async (mode) => {
    const { store, state, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(2_000);
    state.mode = mode;
    keeper.changed();
    await pass(1_000);
    expect(store.active()).toEqual({});
    const { writes } = store.commands;
    await pass(5_000);
    expect(store.commands.writes).toBe(writes);
  });

  it('leave a cooldown of LiteLLM in place when they are switched off', async () => {
    const { store, state, pass, change, keeper } = keeping();
    store.plant('a', 60);
    change([down('a')]);
    await pass(2_000);
    state.mode = 'off';
    keeper.changed();
    await pass(1_000);
    expect(store.active()).toEqual({ a: 'litellm' });
  });

  it('do not shorten a longer cooldown of LiteLLM', async () => {
    const { store, pass, change, keeper } = keeping();
    store.plant('a', 60);
    change([down('a')]);
    await pass(10_000);
    expect(store.active()).toEqual({ a: 'litellm' });
    expect(keeper.view().cooled).toMatchObject([{ modelId: 'a', by: 'litellm' }]);
    expect(keeper.view().byLitellm).toMatchObject([{ modelId: 'a', status: 500 }]);
    expect(keeper.view().counts).toMatchObject({ written: { down: 0 }, noticed: 1 });
  });

  it('are neither shown nor logged as set where the key holds something else, with one warning', async () => {
    const { store, logger, pass, change, keeper } = keeping();
    store.blocked.add('a');
    change([down('a')]);
    await pass(300_000, 250);
    expect(keeper.view()).toMatchObject({ cooled: [], counts: { written: { down: 0 } } });
    expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn LiteLLM cooldown not set: the key deployment:a:cooldown holds something that is no cooldown in force. To fix: delete this key',
    ]);
    store.blocked.clear();
    await pass(1_000);
    expect(keeper.view().cooled).toMatchObject([{ modelId: 'a', by: 'allswell' }]);
    expect(logger.lines.at(-1)?.message).toContain('LiteLLM cooldown written for');
  });

  it('cost at most three commands per second, however often verdicts change', async () => {
    const { store, pass, change } = keeping();
    change([down('a')]);
    await pass(1_000);
    const before = store.commands.reads + store.commands.writes;
    for (let i = 0; i < 100; i++) {
      change(i % 2 === 0 ? [down('b')] : [down('a')]);
      // oxlint-disable-next-line no-await-in-loop -- ten changes per second
      await pass(100);
    }
    // Ten seconds, what the first and the last of them share with their neighbours, and the burst that needs no delay.
    expect(store.commands.reads + store.commands.writes - before).toBeLessThanOrEqual(3 * 10 + 4);
  });

  it('go on after Redis was away, with one warning', async () => {
    const { store, logger, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(2_000);
    store.away = true;
    await pass(10_000);
    expect(store.active()).toEqual({});
    expect(keeper.view()).toMatchObject({ cooled: [], loss: { code: 'timeout' } });
    expect(keeper.view().counts.failures['timeout']).toBeGreaterThan(5);
    store.away = false;
    await pass(1_500);
    expect(store.active()).toEqual({ a: 'allswell' });
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('cooldowns of LiteLLM', () => {
  it('are reported once each, within a second', async () => {
    const { store, state, pass } = keeping();
    await pass(2_000);
    store.plant('a', 5, 401);
    await pass(1_100);
    expect(state.found).toEqual(['a 401']);
    await pass(3_000);
    expect(state.found).toEqual(['a 401']);
    store.plant('a', 5, 500);
    await pass(1_100);
    expect(state.found).toEqual(['a 401', 'a 500']);
  });

  it('never include our own', async () => {
    const { state, pass, change, keeper } = keeping();
    change([down('a')]);
    await pass(5_000);
    expect(state.found).toEqual([]);
    expect(keeper.view().byLitellm).toEqual([]);
  });
});
