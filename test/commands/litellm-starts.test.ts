import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';

interface Recorded {
  readonly env: Readonly<Record<string, string>>;
  readonly beside: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly text: string; readonly models: readonly string[] | null }>>;
}

const { env, beside, files } = JSON.parse(
  readFileSync(new URL('../golden/fixtures/litellm-starts.json', import.meta.url), 'utf8'),
) as Recorded;
const started = ['api-base-no-url', 'timeout-negative', 'redis-port-no-number', 'model-list-null'];
const taken = Object.entries(files).filter(([name, { models }]) => started.includes(name) && models !== null);

// src/config/litellm-starts.test.ts reads all of them; here real pods start with some.
describe('a file with which LiteLLM starts', () => {
  let stage: CliStage;
  beforeAll(() => {
    stage = openCliStage();
    for (const [name, text] of Object.entries(beside)) stage.file(name, text);
  });
  afterAll(async () => {
    await stage.close();
  });

  it.each(taken)('starts a pod that is alive: %s', async (_name, { text }) => {
    const url = await stage.pod(text, { ...env, LITELLM_MASTER_KEY: 'sk-0f3b9c71d25ae81c40b7' });
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(200);
  });
});
