import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { RequestedProfile } from '../../src/config/index.ts';

const folder = new URL('fixtures/litellm-ids/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const { ids, keys } = JSON.parse(read('deployments.json')) as Readonly<Record<'ids' | 'keys', Record<string, string>>>;
/** The ids of LiteLLM before 1.110; 1.106.2 and 1.108.14 give the same. */
const { ids: formerIds } = JSON.parse(read('former-ids.json')) as Readonly<Record<'ids', Record<string, string>>>;

const env = {
  REDIS_HOST: 'redis',
  FIXTURE_KEY: 'sk-from-the-environment',
  FIXTURE_TRUE: 'true',
  FIXTURE_SPACED: ' true\n',
  FIXTURE_NUMBER: '300',
  FIXTURE_BOTH: 'sk-of-the-process',
  OPENAI_API_KEY: 'sk-of-the-process',
};

describe.each(['serve', 'bridge'] satisfies RequestedProfile[])('the deployments of LiteLLM, for %s', (profile) => {
  const loaded = loadConfig({ text: read('deployments.yaml'), profile, env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const { deployments, targets } = loaded.config;

  it('have its ids', () => {
    expect(Object.fromEntries(deployments.map(({ modelName, modelId }) => [modelName, modelId]))).toEqual(ids);
  });

  it('have the ids of its earlier versions where those are others', () => {
    const former = deployments.map(({ modelName, modelId, formerModelId = modelId }) => [modelName, formerModelId]);
    expect(Object.fromEntries(former)).toEqual(formerIds);
    const changed = deployments.filter(({ formerModelId }) => formerModelId !== undefined);
    expect(changed.map(({ modelName }) => modelName)).toEqual([
      'spaces of other kinds',
      'characters in a list',
      'infinity',
      'infinity in a mapping',
    ]);
  });

  it('are called with its keys', () => {
    const asked = deployments.filter(({ modelName }) => modelName in keys);
    const keyOf = (id: string): string | undefined => targets.find((target) => target.id === id)?.apiKey;
    expect(Object.fromEntries(asked.map(({ modelName, targetId }) => [modelName, keyOf(targetId)]))).toEqual(keys);
  });
});

it('a bridge goes on without the deployments that LiteLLM goes on without', () => {
  const loaded = loadConfig({ text: read('left-out.yaml'), profile: 'bridge', env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const { left } = JSON.parse(read('left-out.json')) as { left: readonly string[] };
  expect(loaded.config.deployments.map(({ modelName }) => modelName)).toEqual(left);
});

it('a row shows of a probe what LiteLLM shows', () => {
  const loaded = loadConfig({ text: read('shown.yaml'), profile: 'bridge', env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const { shown } = JSON.parse(read('shown.json')) as { shown: Readonly<Record<string, object>> };
  const ours = loaded.config.deployments.map(({ modelName, displayParams }) => [modelName, displayParams]);
  expect(Object.fromEntries(ours)).toEqual(shown);
});
