import { expect, it } from 'vitest';
import { memoryCooldowns } from '../../../support/memory-cooldowns.ts';
import { manualClock } from '../../../../src/testing/index.ts';
import { formerIdsOf, underEachId } from '../../../../src/server/litellm/cooldowns-under-each-id.ts';
import { loadConfig } from '../../../../src/config/index.ts';

const COOLDOWN = { status: 500, reason: 'down', atSeconds: 1, seconds: 3 };
const former = new Map([['odd', 'former-odd']]);

function place() {
  const keys = memoryCooldowns(manualClock());
  return { keys, store: underEachId(keys, () => former) };
}

it('keeps and ends the cooldown of a deployment under its id in each version of LiteLLM', async () => {
  const { keys, store } = place();
  const kept = await store.write({
    cooldowns: new Map([
      ['odd', COOLDOWN],
      ['plain', COOLDOWN],
    ]),
    lifeMs: 3_000,
  });
  expect(kept).toEqual({
    kind: 'ok',
    value: new Map([
      ['odd', 'written'],
      ['plain', 'written'],
    ]),
  });
  expect(keys.active()).toEqual({ odd: 'allswell', 'former-odd': 'allswell', plain: 'allswell' });
  const ended = await store.write({ cooldowns: new Map([['odd', null]]), lifeMs: 3_000 });
  expect(ended).toEqual({ kind: 'ok', value: new Map([['odd', 'ended']]) });
  expect(keys.active()).toEqual({ plain: 'allswell' });
});

it("finds LiteLLM's cooldown under the former id, also beside one of allswell's under the other", async () => {
  const { keys, store } = place();
  keys.plant('former-odd', 60);
  await store.write({ cooldowns: new Map([['odd', COOLDOWN]]), lifeMs: 3_000 });
  expect(keys.active()).toEqual({ odd: 'allswell', 'former-odd': 'litellm' });
  const found = await store.read(['odd', 'plain']);
  expect(found).toMatchObject({ kind: 'ok' });
  expect(found.kind === 'ok' && [...found.value].map(([id, { by }]) => [id, by])).toEqual([['odd', 'litellm']]);
});

it('guards a pool by each id of what it leaves', async () => {
  const { keys, store } = place();
  const keep = async () =>
    await store.write({
      cooldowns: new Map([['plain', COOLDOWN]]),
      lifeMs: 3_000,
      guards: [{ cools: ['plain'], leaves: [['odd']] }],
    });
  keys.plant('former-odd', 60);
  expect(await keep()).toMatchObject({ value: new Map([['plain', 'last']]) });
  keys.plant('former-odd', 0);
  expect(await keep()).toMatchObject({ value: new Map([['plain', 'written']]) });
});

it('loses a command where the store does', async () => {
  const { keys, store } = place();
  keys.away = true;
  expect(await store.read(['odd'])).toMatchObject({ kind: 'lost' });
  expect(await store.write({ cooldowns: new Map([['odd', null]]), lifeMs: 1 })).toMatchObject({ kind: 'lost' });
});

it('takes the ids from the configuration', () => {
  const text = `
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_key: k } }
  - { model_name: b, litellm_params: { model: openai/b, api_key: k, tags: ["\\u00a0"] } }`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
  const [, b] = loaded.config.deployments;
  expect(formerIdsOf(loaded.config)).toEqual(new Map([[b?.modelId, b?.formerModelId]]));
});
