import { describe, expect, it } from 'vitest';
import { bridgeFleet as place, litellmResult, lost, RESULTS, START_US } from '../../support/bridge-fleet.ts';
import type { BridgeFleet } from '../../support/bridge-fleet.ts';
import type { BridgeStore } from '../../../src/ports/index.ts';

// Named as real pods are: that is how one tells its own kind from LiteLLM's.
const ONE = 'pod_1800000000000_aaaaaa';
const NEXT = 'pod_1800000000001_bbbbbb';

/** A pod that cannot vouch for anything, and for some time the text that lies there. */
async function withheldBeside(
  planted: string,
  forMs: number,
): Promise<Pick<BridgeFleet, 'keys'> & { readonly lines: readonly string[] }> {
  const { keys, pass, start } = place();
  const { verdict: believed, lines } = start(ONE);
  believed.list = 'unknown';
  await pass(1_500);
  keys.plant(RESULTS, planted);
  await pass(forMs);
  return { keys, lines };
}

/** A place where another pod has published and stopped. */
async function afterAnother(): Promise<BridgeFleet> {
  const left = place();
  const { bridge } = left.start(ONE);
  await left.pass(500);
  const stopping = bridge.stop();
  await left.pass(20);
  await stopping;
  return left;
}

describe('a bridge without a document', () => {
  it.each(['null', '5', 'not json', '"{\\"healthy_endpoints\\": [], \\"checked_by\\": \\"somebody\\"}"'])(
    'takes away at once what no LiteLLM pod can live with: %j',
    async (planted) => {
      const { keys } = await withheldBeside(planted, 900);
      expect(keys.read(RESULTS)).toBeUndefined();
    },
  );

  it.each([
    ['no lists', '{"healthy_endpoints": null, "unhealthy_endpoints": null, "timestamp": 1'],
    ['rows that are none', '{"healthy_endpoints": [1], "unhealthy_endpoints": [], "timestamp": 1'],
    ['a time that never comes', '{"healthy_endpoints": [], "unhealthy_endpoints": [], "timestamp": 1e12'],
    ['a time that is none', '{"healthy_endpoints": [], "unhealthy_endpoints": [], "timestamp": "soon"'],
  ])("takes away results in LiteLLM's name that would harm its pods: %s", async (_, beginning) => {
    const text = JSON.stringify(`${beginning}, "checked_by": "pod_1795345939105"}`);
    const { keys, lines } = await withheldBeside(text, 900);
    expect(keys.read(RESULTS)).toBeUndefined();
    expect(lines).toContain(
      'LiteLLM bridge: deleted the results of LiteLLM pods: they are invalid and would harm LiteLLM pods. To fix: find out what wrote them',
    );
  });

  it.each([litellmResult, litellmResult.replace('pod_1795345939105', 'a-pod-of-tomorrow')])(
    "leaves LiteLLM's own results alone, whatever its pods are called: %s",
    async (planted) => {
      const { keys } = await withheldBeside(planted, 20_000);
      expect(keys.read(RESULTS)).toBe(planted);
    },
  );

  it("reads LiteLLM's own results once", async () => {
    const { keys, pass, start } = place();
    const store = keys.open();
    const read: number[] = [];
    const counting: BridgeStore = {
      ...store,
      readText: async (most) => {
        read.push(most);
        return await store.readText(most);
      },
    };
    const { verdict: believed } = start(ONE, { store: counting });
    believed.list = 'unknown';
    keys.plant(RESULTS, litellmResult);
    await pass(30_000);
    await pass(600_000);
    expect(read).toHaveLength(1);
  });

  it('reads them rarely if that fails, and keeps them', async () => {
    const { keys, pass, start } = place();
    const reads: number[] = [];
    const readText: BridgeStore['readText'] = async (most) => {
      reads.push(most);
      return await lost();
    };
    const { verdict: believed } = start(ONE, { store: { ...keys.open(), readText } });
    believed.list = 'unknown';
    keys.plant(RESULTS, 'null');
    await pass(60_000);
    expect(reads.length).toBeLessThanOrEqual(3);
    expect(keys.read(RESULTS)).toBe('null');
  });

  it("keeps results dated by a wrong clock, LiteLLM's or Redis'", async () => {
    const ahead = START_US / 1e6 + 3_600;
    const dated = litellmResult.replace('\\"timestamp\\": 1', `\\"timestamp\\": ${ahead}`);
    expect(dated).not.toBe(litellmResult);
    const { keys } = await withheldBeside(dated, 20_000);
    expect(keys.read(RESULTS)).toBe(dated);
  });

  it('logs no retraction if the results were replaced meanwhile', async () => {
    const { keys, pass, start } = place();
    const store = keys.open();
    const { verdict: believed, lines } = start(ONE, {
      store: {
        ...store,
        retract: async (input) => {
          keys.plant(RESULTS, litellmResult);
          return await store.retract(input);
        },
      },
    });
    believed.list = 'unknown';
    await pass(1_500);
    keys.plant(RESULTS, 'null');
    await pass(900);
    expect(keys.read(RESULTS)).toBe(litellmResult);
    expect(lines.join()).not.toMatch(/retracted|deleted/);
  });

  it('takes away what it had published though the answer to that never came', async () => {
    const { keys, pass, start, published } = place();
    const store = keys.open();
    const answers = { arrive: true };
    const deaf: BridgeStore = {
      ...store,
      publish: async (input) => {
        const answer = await store.publish(input);
        return answers.arrive ? answer : await lost();
      },
    };
    const { verdict: believed, changed } = start(ONE, { store: deaf });
    await pass(500);
    answers.arrive = false;
    believed.list = 'unhealthy';
    changed();
    await pass(220);
    expect(published()).toMatchObject({ unhealthy_count: 1 });
    believed.list = 'unknown';
    changed();
    await pass(600);
    expect(published()).toBeUndefined();
  });

  it('takes away what it had published before its lease lapsed', async () => {
    const { keys, pass, start, published } = place();
    const store = keys.open();
    const hung = { is: false };
    const mute: BridgeStore = {
      ...store,
      lead: async (input) => (hung.is ? await lost() : await store.lead(input)),
      readResults: async (input) => (hung.is ? await lost() : await store.readResults(input)),
    };
    const { verdict: believed, changed } = start(ONE, { store: mute });
    await pass(500);
    hung.is = true;
    await pass(10_000);
    believed.list = 'unknown';
    changed();
    hung.is = false;
    expect(published()).toMatchObject({ checked_by: ONE });
    await pass(1_500);
    expect(published()).toBeUndefined();
  });

  it("keeps another allswell pod's results for ten seconds: after a restart it soon has the same verdicts", async () => {
    const { pass, start, published } = await afterAnother();
    const { verdict: believed, changed } = start(NEXT);
    believed.list = 'unknown';
    await pass(9_000);
    expect(published()).toMatchObject({ checked_by: ONE });
    believed.list = 'healthy';
    changed();
    await pass(300);
    expect(published()).toMatchObject({ checked_by: NEXT });
  });

  it('starts the ten seconds again with each lease', async () => {
    const { pass, start, published } = place();
    const first = start(ONE);
    first.verdict.list = 'unknown';
    await pass(20_000);
    first.status.impaired = true;
    const second = start(NEXT);
    await pass(3_000);
    const stopping = second.bridge.stop();
    await pass(20);
    await stopping;
    first.status.impaired = false;
    await pass(8_000);
    expect(first.bridge.bridge()).toMatchObject({ state: 'withheld', holder: ONE });
    expect(published()).toMatchObject({ checked_by: NEXT });
    await pass(6_000);
    expect(published()).toBeUndefined();
  });

  it('retracts them after that', async () => {
    const { pass, start, published } = await afterAnother();
    const { verdict: believed } = start(NEXT);
    believed.list = 'unknown';
    await pass(12_000);
    expect(published()).toBeUndefined();
  });

  it('retracts its results when they are no longer current, however often the answer is lost', async () => {
    const { keys, pass, start, published } = place();
    const store = keys.open();
    const answers = { lost: 3 };
    const {
      bridge,
      verdict: believed,
      changed,
    } = start(ONE, {
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

  it("retracts its results once no host is healthy, and keeps LiteLLM's own", async () => {
    const { keys, pass, start, published } = place();
    const { bridge, verdict: believed, changed, lines } = start(ONE);
    believed.host = 'a.example';
    await pass(500);
    expect(published()).toMatchObject({ checked_by: ONE });
    believed.list = 'unhealthy';
    changed();
    await pass(300);
    expect(published()).toBeUndefined();
    keys.plant(RESULTS, litellmResult);
    await pass(20_000);
    expect(keys.read(RESULTS)).toBe(litellmResult);
    const why = "too few healthy hosts (0 of 1): probably this pod's network, not the upstreams";
    expect(bridge.bridge()).toMatchObject({ state: 'withheld', why, publishedAt: null });
    expect(lines.filter((line) => line.includes(why))).toHaveLength(1);
    believed.list = 'healthy';
    changed();
    await pass(40);
    expect(published()).toMatchObject({ checked_by: ONE, healthy_count: 1 });
  });
});
