import { describe, expect, it } from 'vitest';
import { down, keeping } from '../../support/keeping-cooldowns.ts';

describe('cooldowns with our mark that another wrote', () => {
  it('count as cooled: the last other deployment of the group stays, until they end', async () => {
    const { store, state, pass, change } = keeping();
    await pass(2_000);
    store.plantMarked('a', 3);
    await pass(1_100);
    change([down('b')]);
    await pass(250);
    expect(store.active()).toEqual({ a: 'allswell' });
    await pass(3_000);
    expect(store.active()).toEqual({ b: 'allswell' });
    expect(state.found).toEqual([]);
  });

  it('are ended if they last longer than any that a bridge writes', async () => {
    const { store, pass } = keeping();
    await pass(2_000);
    store.plantMarked('a', 900_000_000);
    await pass(1_500);
    expect(store.active()).toEqual({});
  });

  it('are left to the pod that leads, and with observe', async () => {
    const { store, state, pass } = keeping();
    state.leads = false;
    store.plantMarked('a', 60);
    await pass(2_000);
    state.leads = true;
    state.mode = 'observe';
    await pass(2_000);
    expect(store.active()).toEqual({ a: 'allswell' });
  });

  it('refuse a cooldown of the last other deployment also if they came after the last read', async () => {
    const { store, logger, pass, change, keeper } = keeping();
    await pass(2_200);
    store.plantMarked('a', 3);
    change([down('b')]);
    await pass(50);
    expect(store.active()).toEqual({ a: 'allswell' });
    expect(keeper.view()).toMatchObject({ cooled: [], counts: { written: { down: 0 } } });
    await pass(600);
    expect(keeper.view().leftRoutable).toMatchObject([{ modelId: 'b', pool: 'chat' }]);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('stay those of the other fleet where both write them, and nothing swaps', async () => {
    const { store, pass, change } = keeping();
    await pass(2_300);
    // The other fleet keeps `a` cooled. This one would rather keep it routable, and cool `b`.
    store.plantMarked('a', 3);
    change([{ ...down('a'), lastSuccessAt: 1 }, down('b')]);
    await pass(100);
    for (let i = 0; i < 40; i++) {
      store.plantMarked('a', 3);
      // oxlint-disable-next-line no-await-in-loop -- the other fleet renews twice per second
      await pass(500);
      expect(store.active()).toEqual({ a: 'allswell' });
    }
    await pass(7_000);
    expect(store.active()).toEqual({ b: 'allswell' });
  });

  it('that were ended early count as cooled until LiteLLM has forgotten them', async () => {
    const { store, pass, change } = keeping();
    await pass(2_200);
    store.plantMarked('a', 3);
    await pass(1_000);
    await store.write({ cooldowns: new Map([['a', null]]), lifeMs: 0 });
    await pass(1_000);
    change([down('b')]);
    await pass(500);
    expect(store.active()).toEqual({});
    await pass(3_000);
    expect(store.active()).toEqual({ b: 'allswell' });
  });

  it('become its own at the pod that takes the lease', async () => {
    const { store, pass, change, keeper } = keeping();
    store.plantMarked('a', 3);
    change([down('a')]);
    await pass(10_000);
    expect(keeper.view().cooled).toMatchObject([{ modelId: 'a', by: 'allswell' }]);
    change([]);
    await pass(1_000);
    expect(store.active()).toEqual({});
  });
});
