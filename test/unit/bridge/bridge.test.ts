import { describe, expect, it } from 'vitest';
import { bridgeFleet as place, litellmResult, lost, RESULTS, START_US } from '../../support/bridge-fleet.ts';
import type { BridgeStore } from '../../../src/ports/index.ts';

describe('the bridge', () => {
  it('publishes as soon as it holds the lease, and again long before the results are too old for LiteLLM', async () => {
    const { pass, start, published } = place();
    const { bridge, lines } = start('aw-1');
    await pass(500);
    expect(published()).toMatchObject({ healthy_count: 1, checked_by: 'aw-1', timestamp: expect.any(Number) });
    const first = Number(published()?.['timestamp']);
    await pass(60_000);
    expect(START_US / 1e6 + 60.5 - Number(published()?.['timestamp'])).toBeLessThan(6);
    expect(first).toBeLessThan(START_US / 1e6 + 0.5);
    expect(bridge.bridge()).toMatchObject({ state: 'publishing', why: null, holder: 'aw-1', healthy: 1, unhealthy: 0 });
    expect(lines).toEqual([
      'LiteLLM bridge: this pod is now the active bridge (key health_check_results)',
      'LiteLLM bridge: publishing 1 healthy and 0 unhealthy endpoints',
    ]);
  });

  it('publishes a changed verdict after a short delay, together with others', async () => {
    const { pass, start, published } = place();
    const { bridge, verdict: believed, changed } = start('aw-1');
    await pass(500);
    const { publications } = bridge.bridge();
    believed.list = 'unhealthy';
    for (let at = 0; at < 50; at++) changed();
    await pass(40);
    expect(published()).toMatchObject({ healthy_count: 0, unhealthy_count: 1 });
    expect(bridge.bridge().publications).toBe(publications + 1);
  });

  it('writes no more than five times a second, however fast verdicts change, and the last of them', async () => {
    const { pass, start, published } = place();
    const { bridge, verdict: believed, changed } = start('aw-1');
    await pass(500);
    const { publications } = bridge.bridge();
    for (let at = 0; at < 101; at++) {
      believed.list = at % 2 === 0 ? 'unhealthy' : 'healthy';
      changed();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pass(20);
    }
    await pass(200);
    expect(bridge.bridge().publications - publications).toBeLessThanOrEqual(12);
    expect(published()).toMatchObject({ unhealthy_count: 1 });
  });

  it('repairs within a second what another wrote over it or took away, and says so once a minute', async () => {
    const { keys, pass, start, published } = place();
    const { bridge, lines } = start('aw-1');
    await pass(500);
    for (const planted of ['null', undefined, '"{\\"healthy_endpoints\\":null}"', litellmResult, '', litellmResult]) {
      keys.plant(RESULTS, planted);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pass(900);
      expect(published()).toMatchObject({ checked_by: 'aw-1' });
    }
    expect(bridge.bridge()).toMatchObject({
      displaced: { litellm: 2, unknown: 3, vanished: 1 },
      litellmPods: ['pod_1795345939105'],
      litellmResultsAt: expect.any(Number),
    });
    expect(lines.filter((line) => line.includes('found'))).toEqual([
      'LiteLLM bridge: its published results were replaced: found data that no known pod wrote. To fix: find the client that writes this key',
      'LiteLLM bridge: its published results were replaced: found no data. To fix: find out what deletes this key',
      'LiteLLM bridge: its published results were replaced: found results of the LiteLLM pod pod_1795345939105. To fix: if this repeats, give all pods the same DEFAULT_SHARED_HEALTH_CHECK_TTL and synchronise their clocks',
    ]);
  });

  it('repairs as fast when its lease is lost with what it had published', async () => {
    const { keys, pass, start, published } = place();
    start('aw-1');
    for (let at = 0; at < 6; at++) {
      // oxlint-disable-next-line no-await-in-loop -- at six moments of the time between two renewals
      await pass(2_900);
      keys.lose();
      // oxlint-disable-next-line no-await-in-loop -- the same
      await pass(900);
      expect(published()).toMatchObject({ checked_by: 'aw-1' });
    }
  });

  it("finds LiteLLM's results before its first publication, and counts them for no fight", async () => {
    const { keys, pass, start, published } = place();
    keys.plant(RESULTS, litellmResult);
    keys.plant('health_check_lock', '"pod_1795345939999"');
    const { bridge } = start('aw-1');
    await pass(500);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
    const { displaced, litellmPods } = bridge.bridge();
    expect(displaced).toEqual({ litellm: 0, unknown: 0, vanished: 0 });
    expect(litellmPods.toSorted()).toEqual(['pod_1795345939105', 'pod_1795345939999']);
    expect(keys.read('health_check_lock')).toBe('"pod_1795345939999"');
  });

  it('forgets a LiteLLM pod that was not seen for an hour', async () => {
    const { keys, pass, clock, start } = place();
    keys.plant(RESULTS, litellmResult);
    const { bridge } = start('aw-1');
    await pass(500);
    expect(bridge.bridge().litellmPods).toHaveLength(1);
    clock.advance(3_601_000);
    expect(bridge.bridge().litellmPods).toHaveLength(0);
  });

  it('publishes nothing while something was not judged, and at once when it was', async () => {
    const { pass, start, published } = place();
    const { bridge, verdict: believed, changed, lines } = start('aw-1');
    believed.list = 'unknown';
    await pass(5_000);
    expect(published()).toBeUndefined();
    expect(bridge.bridge()).toMatchObject({
      state: 'withheld',
      why: '1 of 1 deployment is not judged yet: openai/a',
      waitingFor: ['openai/a'],
      publications: 0,
    });
    believed.list = 'healthy';
    changed();
    await pass(40);
    expect(published()).toMatchObject({ healthy_count: 1 });
    await pass(400);
    expect(lines.slice(1)).toEqual([
      'LiteLLM bridge: results withheld: 1 of 1 deployment is not judged yet: openai/a; LiteLLM pods probe meanwhile. To fix: run allswell status --why',
      'LiteLLM bridge: publishing 1 healthy and 0 unhealthy endpoints',
    ]);
  });

  it('lets its publication end with the evidence, and begins again with new evidence', async () => {
    const { clock, pass, start, published } = place();
    const { bridge, verdict: believed } = start('aw-1');
    believed.allowedMs = 20_000;
    await pass(19_000);
    expect(published()).toBeDefined();
    await pass(1_000);
    expect(published()).toBeUndefined();
    await pass(10_000);
    expect(published()).toBeUndefined();
    expect(bridge.bridge()).toMatchObject({ state: 'withheld', why: '1 of 1 verdict is not current: openai/a' });
    believed.seenMs = clock.monotonicMs();
    await pass(1_500);
    expect(published()).toBeDefined();
    expect(bridge.bridge().displaced.vanished).toBe(0);
  });

  it('of several, one publishes; another takes over within 11 s of its death, at once when it stops in good order', async () => {
    const { clock, pass, keys, start, published } = place();
    // A pod that dies is one whose commands arrive no more.
    const dead = { is: false };
    const store = keys.open();
    const mortal: BridgeStore = {
      ...store,
      lead: async (input) => (dead.is ? await lost() : await store.lead(input)),
      readAccess: async () => (dead.is ? await lost() : await store.readAccess()),
      readResults: async (input) => (dead.is ? await lost() : await store.readResults(input)),
      publish: async (input) => (dead.is ? await lost() : await store.publish(input)),
    };
    const first = start('aw-1', { store: mortal });
    await pass(500);
    const second = start('aw-2');
    const third = start('aw-3');
    await pass(10_000);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
    expect(second.bridge.bridge()).toMatchObject({ state: 'standby', why: 'aw-1 publishes', holder: 'aw-1' });
    dead.is = true;
    const diedMs = clock.monotonicMs();
    while (published()?.['checked_by'] === 'aw-1' && clock.monotonicMs() - diedMs < 20_000) {
      // oxlint-disable-next-line no-await-in-loop -- time passes step by step
      await pass(100);
    }
    expect(clock.monotonicMs() - diedMs).toBeLessThan(9_500);
    expect(first.bridge.bridge().state).toBe('unreachable');
    const [next, last] = published()?.['checked_by'] === 'aw-2' ? [second, third] : [third, second];
    const stopping = next.bridge.stop();
    await pass(20);
    await stopping;
    expect(next.listeners.size).toBe(0);
    await pass(3_000);
    expect(last.bridge.bridge().state).toBe('publishing');
  });

  it('gives way when it has lost its way, or its store, and comes back', async () => {
    const { pass, start, published } = place();
    const first = start('aw-1');
    await pass(500);
    const second = start('aw-2');
    first.status.impaired = true;
    await pass(3_500);
    expect(published()).toMatchObject({ checked_by: 'aw-2' });
    expect(first.bridge.bridge()).toMatchObject({ state: 'standby', why: expect.stringContaining('impaired') });
    second.status.mode = 'fallback';
    first.status.impaired = false;
    await pass(3_500);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
  });

  it('stops before its lease ends when the store does not answer, and says why', async () => {
    const { clock, keys, pass, start } = place();
    const store = keys.open();
    const hung = { is: false };
    const attempts: number[] = [];
    const { bridge, changed } = start('aw-1', {
      store: {
        ...store,
        lead: async (input) => (hung.is ? await lost() : await store.lead(input)),
        readResults: async (input) => (hung.is ? await lost() : await store.readResults(input)),
        publish: async (input) => {
          attempts.push(clock.monotonicMs());
          return hung.is ? await lost() : await store.publish(input);
        },
      },
    });
    await pass(500);
    hung.is = true;
    const hungMs = clock.monotonicMs();
    for (let second = 0; second < 20; second++) {
      changed();
      // oxlint-disable-next-line no-await-in-loop -- time passes step by step
      await pass(1_000);
    }
    expect(Math.max(...attempts) - hungMs).toBeLessThanOrEqual(8_000);
    expect(bridge.bridge()).toMatchObject({ state: 'unreachable', why: 'Redis does not answer: no answer in time' });
    hung.is = false;
    await pass(1_500);
    expect(bridge.bridge().state).toBe('publishing');
  });

  it('survives an error of its inputs, and logs it once', async () => {
    const { pass, start, published } = place();
    const { verdict: believed, changed, lines } = start('aw-1');
    believed.fault = 'no such view';
    for (let at = 0; at < 5; at++) {
      changed();
      // oxlint-disable-next-line no-await-in-loop -- time passes step by step
      await pass(1_000);
    }
    believed.fault = '';
    await pass(2_000);
    expect(published()).toBeDefined();
    expect(lines.filter((line) => line.includes('failed'))).toEqual([
      'LiteLLM bridge: a step failed: no such view. To fix: report it with allswell diagnose',
    ]);
  });

  it('estimates what LiteLLM did not spend, by the time that a publication stood', async () => {
    const { keys, pass, start } = place();
    const { bridge, verdict: believed } = start('aw-1');
    await pass(2_500);
    keys.use(RESULTS);
    await pass(30_500);
    const { probesAvoided, usdAvoided } = bridge.bridge();
    expect(probesAvoided).toBeGreaterThan(3.5);
    expect(probesAvoided).toBeLessThanOrEqual(4.1);
    expect(usdAvoided / probesAvoided).toBeCloseTo(0.5 / 4);
    believed.allowedMs = 0;
    await pass(40_000);
    const after = bridge.bridge().probesAvoided;
    await pass(10_000);
    expect(bridge.bridge().probesAvoided).toBe(after);
  });
});
