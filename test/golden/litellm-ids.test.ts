import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { Purpose } from '../../src/config/index.ts';

const folder = new URL('fixtures/litellm-ids/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const { ids } = JSON.parse(read('deployments.json')) as { ids: Readonly<Record<string, string>> };

describe('the ids of deployments', () => {
  it.each(['serve', 'bridge'] satisfies Purpose[])('are those of LiteLLM, for %s', (purpose) => {
    const env = {
      REDIS_HOST: 'redis',
      FIXTURE_KEY: 'sk-from-the-environment',
      FIXTURE_TRUE: 'true',
      OPENAI_API_KEY: 'k',
    };
    const loaded = loadConfig({ text: read('deployments.yaml'), purpose, env, readFile: () => '' });
    if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
    const ours = loaded.config.deployments.map(({ modelName, modelId }) => [modelName, modelId]);
    expect(Object.fromEntries(ours)).toEqual(ids);
  });
});
