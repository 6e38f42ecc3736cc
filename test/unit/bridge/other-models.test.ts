import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeFleet, RESULTS, START_US } from '../../support/bridge-fleet.ts';
import type { OtherModel } from '../../../src/ports/index.ts';
import { otherModels } from '../../../src/bridge/other-models.ts';
import { readResults } from '../../../src/bridge/read-results.ts';

const row = (id: string): object => ({ model: `openai/${id}`, model_id: id, api_base: 'http://secret-place' });

const modelsIn = (text: string): readonly OtherModel[] => readResults(text, START_US).models;
const model = (id: string): OtherModel => ({ id, model: `openai/${id}` });

/** As LiteLLM writes it. */
function litellms(healthy: readonly unknown[], unhealthy: readonly unknown[] = []): string {
  const document = { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy, checked_by: 'pod_1795345939105' };
  return JSON.stringify(JSON.stringify(document).replaceAll('":', '": '));
}

describe("LiteLLM's models compared with ours", () => {
  it('are those with an id that is only theirs, and those with one that is only ours', () => {
    expect(otherModels(modelsIn(litellms([row('a')], [row('b'), row('c')])), [model('b'), model('x')])).toEqual({
      unwatched: [
        { id: 'a', model: 'openai/a' },
        { id: 'c', model: 'openai/c' },
      ],
      unwatchedCount: 2,
      foreign: [{ id: 'x', model: 'openai/x' }],
      foreignCount: 1,
    });
    expect(otherModels([model('a')], [model('a')])).toMatchObject({ unwatchedCount: 0, foreignCount: 0 });
    // One that is not probed is known; LiteLLM lists no routers, so it is no difference there either.
    expect(otherModels([model('a')], [], [model('a'), model('router')])).toMatchObject({
      unwatchedCount: 0,
      foreignCount: 0,
    });
  });

  it('are known by the id of any version of LiteLLM', () => {
    const ours = [
      { ...model('a'), formerId: 'former-a' },
      { ...model('b'), formerId: 'former-b' },
    ];
    expect(otherModels([model('former-a'), model('b')], ours)).toMatchObject({ unwatchedCount: 0, foreignCount: 0 });
    expect(otherModels([model('former-c')], ours)).toEqual({
      unwatched: [{ id: 'former-c', model: 'openai/former-c' }],
      unwatchedCount: 1,
      foreign: [model('a'), model('b')],
      foreignCount: 2,
    });
  });

  it('are ten of each at most, however many there are', () => {
    const many = Array.from({ length: 500 }, (_, i) => row(`id-${i}`));
    const found = otherModels(modelsIn(litellms(many)), []);
    expect([found.unwatched.length, found.unwatchedCount]).toEqual([10, 500]);
  });

  it("are unknown if the stored data is not LiteLLM's", () => {
    for (const text of [
      '',
      'not json',
      'null',
      '5',
      '"x"',
      litellms([]),
      litellms([1, null, 'a', [], { model: 'm' }]),
    ]) {
      expect(modelsIn(text), text).toEqual([]);
    }
    fc.assert(fc.property(fc.json(), (text) => void modelsIn(text)));
  });
});

describe("a bridge that finds LiteLLM's own results", () => {
  it('reads them before it writes over them, and logs models that it does not publish', async () => {
    const { keys, pass, start, published } = bridgeFleet();
    keys.plant(RESULTS, litellms([row('a'), row('b')]));
    const { bridge, lines } = start('aw-1');
    await pass(500);
    expect(published()).toMatchObject({ checked_by: 'aw-1' });
    expect(bridge.bridge().otherModels).toMatchObject({ unwatched: [{ id: 'b', model: 'openai/b' }], foreignCount: 0 });
    expect(lines).toContain(
      'LiteLLM bridge: LiteLLM pods have models that this bridge lacks: openai/b; these are not probed. To fix: give the bridge the configuration file of the LiteLLM pods',
    );
    keys.plant(RESULTS, litellms([row('a')]));
    await pass(1_000);
    expect(bridge.bridge().otherModels).toMatchObject({ unwatchedCount: 1 });
    await pass(60_000);
    keys.plant(RESULTS, litellms([row('a')]));
    await pass(1_000);
    expect(bridge.bridge().otherModels).toMatchObject({ unwatchedCount: 0 });
    expect(lines.filter((line) => line.includes('these are not probed'))).toHaveLength(1);
  });

  it('no longer reports a model that was added since', async () => {
    const { keys, pass, start } = bridgeFleet();
    keys.plant(RESULTS, litellms([row('a'), row('b')]));
    const { bridge, verdict: believed } = start('aw-1');
    await pass(500);
    expect(bridge.bridge().otherModels).toMatchObject({ unwatchedCount: 1, seenAt: expect.any(Number) });
    believed.models = [model('a'), model('b')];
    expect(bridge.bridge().otherModels).toMatchObject({ unwatchedCount: 0 });
  });
});
