import { describe, expect, it } from 'vitest';
import { bridgePlace as place, litellms, lost, RESULTS } from '../../test/support/bridge-place.ts';

describe('a bridge that is withheld', () => {
  it('takes back what it published when it can vouch for it no more, however often the answer is lost', async () => {
    const { keys, pass, start, published } = place();
    const store = keys.open();
    const answers = { lost: 3 };
    const { bridge, believed, changed } = start('aw-1', {
      store: { ...store, retract: async (input) => (answers.lost-- > 0 ? await lost() : await store.retract(input)) },
    });
    await pass(500);
    believed.list = 'unknown';
    changed();
    await pass(40);
    expect(published()).toBeDefined();
    await pass(4_500);
    expect(published()).toBeUndefined();
    expect(answers.lost).toBe(-1);
    expect(bridge.bridge()).toMatchObject({ state: 'withheld', publishedAt: null, displaced: { vanished: 0 } });
  });

  it('takes back what it published once nothing is healthy from here, and leaves alone what LiteLLM finds instead', async () => {
    const { keys, pass, start, published } = place();
    const { bridge, believed, changed, lines } = start('aw-1');
    believed.host = 'a.example';
    await pass(500);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
    believed.list = 'unhealthy';
    changed();
    await pass(40);
    expect(published()).toBeUndefined();
    keys.plant(RESULTS, litellms);
    await pass(20_000);
    expect(keys.read(RESULTS)).toBe(litellms);
    const why = 'nothing, or next to nothing, is healthy from here, which is more likely the way there';
    expect(bridge.bridge()).toMatchObject({ state: 'withheld', why, publishedAt: null });
    expect(lines.filter((line) => line.includes(why))).toHaveLength(1);
    believed.list = 'healthy';
    changed();
    await pass(40);
    expect(published()).toMatchObject({ checked_by: 'aw-1', healthy_count: 1 });
  });
});
