import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runVerify } from '../../src/cli/bridge/verify/run-verify.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { codes, podYaml } from '../support/why.ts';

// `allswell bridge verify` beside a bridge, without a LiteLLM pod.

const RESULTS = 'health_check_results';

const each = podsAndUpstream();

describe('allswell bridge verify', { timeout: 60_000 }, () => {
  it('is not taken for a LiteLLM pod that reads the results', async () => {
    const { port, url } = await each.pods.redis();
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    const text = podYaml(each.upstream.apiBase, {
      redis: `port: ${port}`,
      more: 'fleet_health: { litellm_bridge: true }',
    });
    const pod = await each.pods.pod(text);
    const idle = async (): Promise<number> => Number((await redis.object('IDLETIME', RESULTS)) ?? -1);
    for (let time = 0; time < 2; time += 1) {
      // A read at any other time than that of the bridge's own writes is seen.
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await until(async () => (await idle()) >= 2, { withinMs: 20_000, what: 'results that no client uses' });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await published(text)).toMatchObject({ result: 'passed' });
    }
    await until(async () => (await idle()) >= 2, { withinMs: 20_000, what: 'a later check of the bridge' });
    await until(async () => (await codes(pod)).includes('bridge-publishing'), {
      withinMs: 20_000,
      what: 'a publication',
    });
    expect(await codes(pod)).toContain('bridge-unnoticed');
  });
});

/** What the command finds in Redis: its check of allswell's own side. */
async function published(config: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, config);
  const { process, stdout } = captured({ LITELLM_MASTER_KEY: 'sk-master' });
  const flags = { config: file, litellm: ['http://127.0.0.1:1'], timeout: 1, json: true } as const;
  await runVerify(flags, { process, end: new AbortController().signal });
  const { checks } = JSON.parse(stdout()) as { readonly checks: readonly { readonly check: string }[] };
  return checks.find(({ check }) => check === 'published');
}
