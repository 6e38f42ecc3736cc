import { describe, expect, it } from 'vitest';
import { bridgeFleet as place, litellmResult, RESULTS } from '../../support/bridge-fleet.ts';
import type { BridgeStore } from '../../../src/ports/index.ts';

describe('a bridge and the signs of LiteLLM pods', () => {
  it('counts nothing as avoided while no LiteLLM pod uses the results', async () => {
    const { keys, pass, start } = place();
    const { bridge } = start('aw-1');
    await pass(60_500);
    expect(bridge.bridge()).toMatchObject({ state: 'publishing', probesAvoided: 0, usdAvoided: 0 });
    keys.plant('health_check_lock', '"pod_1795345939999"');
    await pass(10_000);
    expect(bridge.bridge().probesAvoided).toBeGreaterThan(0);
  });

  it('sees that another client reads the results, and never takes itself for one', async () => {
    const { keys, pass, start } = place();
    const { bridge, changed } = start('aw-1');
    for (let at = 0; at < 60; at++) {
      changed();
      // oxlint-disable-next-line no-await-in-loop -- publishes at other moments of a second
      await pass(1_130);
    }
    expect(bridge.bridge()).toMatchObject({ readsVisible: true, litellmSigns: { read: null } });
    await pass(2_400);
    for (let at = 0; at < 3; at++) {
      keys.use(RESULTS);
      // oxlint-disable-next-line no-await-in-loop -- reads at other moments
      await pass(3_300);
    }
    expect(bridge.bridge().litellmSigns.read).not.toBeNull();
  });

  it('forgets signs of LiteLLM pods after an hour', async () => {
    const { clock, pass, start } = place();
    const { bridge } = start('aw-1');
    await pass(500);
    bridge.sawLitellm('events');
    expect(bridge.bridge().litellmSigns.events).not.toBeNull();
    clock.advance(3_601_000);
    expect(bridge.bridge().litellmSigns).toEqual({ results: null, read: null, cooldown: null, events: null });
  });

  it('works without the right to see when the results were used', async () => {
    const { keys, pass, start, published } = place();
    const store: BridgeStore = {
      ...keys.open(),
      readAccess: async () =>
        await Promise.resolve({ kind: 'lost', loss: { code: 'no-permission', message: 'NOPERM' } } as const),
    };
    const { bridge } = start('aw-1', { store });
    await pass(2_000);
    keys.plant(RESULTS, litellmResult);
    await pass(900);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
    expect(bridge.bridge()).toMatchObject({ state: 'publishing', readsVisible: false, displaced: { litellm: 1 } });
  });
});
