import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRealPods } from '../../../support/real-pods.ts';
import { startMockUpstream } from '../../../../src/testing/index.ts';
import { askPod } from '../../../../src/cli/ask/index.ts';
import { createCleaner } from '../../../../src/redaction/redact-bundle.ts';
import { collectBundle } from '../../../../src/cli/diagnose/collect.ts';
import { redactConfig } from '../../../../src/redaction/redact-config.ts';

/** Nothing that could stand in a bundle by chance, in all the letters that keys are made of. */
const secret = fc.stringMatching(/^[A-Za-z0-9+/=_.~-]{16,40}$/).map((text) => `Zq${text}`);
/** What an upstream says is blanked where it repeats twelve letters of a secret, so no two of these share so many. */
const secrets = fc.uniqueArray(secret, { minLength: 9, maxLength: 9 }).filter((all) => {
  const parts = all.flatMap((one) => [...new Set([...one].map((_, at) => one.slice(at, at + 12)))]);
  const whole = parts.filter(({ length }) => length === 12);
  return new Set(whole).size === whole.length;
});

describe('a support bundle', { timeout: 120_000 }, () => {
  it('never shows a secret of the configuration, the environment, a URL, a log, or an upstream', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'allswell-diagnose-'));
    try {
      await fc.assert(
        fc.asyncProperty(secrets, async (planted) => {
          const [text, said] = await bundleWith(planted, folder);
          for (const one of planted) {
            expect(text).not.toContain(one);
            expect(text).not.toContain(encodeURIComponent(one));
          }
          // It was there to be seen, and the rest is.
          expect(said).toBe(true);
          expect(text).toContain('"model": "openai/planted-model"');
          expect(text).toContain('PLANTED_TOKEN');
        }),
        { numRuns: 5 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says what a pod would say of the configuration', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'allswell-diagnose-'));
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'general_settings:\n  health_check_interval: sk-soon\n  mster_key: sk-slip\n');
    const address = { url: 'http://127.0.0.1:1', key: undefined, timeoutMs: 1_000 };
    const bundle = (await collectBundle({ address, env: {}, config })) as { config_check: readonly string[] };
    expect(bundle.config_check[0]).toBe(
      '2:26: ALLSWELL_ERR_CONFIG_INVALID: general_settings.health_check_interval is text',
    );
    expect(bundle.config_check).toContainEqual(expect.stringMatching(/^3:3: warn: .*: did you mean master_key\?$/));
    expect(JSON.stringify(bundle)).not.toMatch(/sk-soon|sk-slip/);
    rmSync(folder, { recursive: true });
  });

  it('is made without a pod, too', async () => {
    const address = { url: 'http://127.0.0.1:1', key: undefined, timeoutMs: 1_000 };
    expect(await collectBundle({ address, env: {}, config: '/no/such/file' })).toMatchObject({
      config: 'cannot be read: ENOENT',
      pod: { '/fleet': { not_read: expect.stringContaining('no pod answers') } },
      why: [],
    });
  });
});

describe('a configuration for strangers', () => {
  it('keeps its structure, numbers, switches, model names and references', () => {
    const text = `
model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_base: "https://me:pw@host/v1?code=x1", api_key: os.environ/KEY, rpm: 5 }
general_settings: { master_key: 12345678, background_health_checks: true, max_tokens: 7 }
`;
    const { shown, secrets: found } = redactConfig(text);
    expect(shown).toEqual({
      model_list: [
        {
          model_name: 'a',
          litellm_params: { model: 'openai/a', api_base: '[removed]', api_key: 'os.environ/KEY', rpm: 5 },
        },
      ],
      general_settings: { master_key: '[removed]', background_health_checks: true, max_tokens: 7 },
    });
    expect(found).toEqual(expect.arrayContaining(['12345678', 'me', 'pw', 'x1']));
  });

  it('shows nothing of a text under a key that it does not know, nor of what is no YAML', () => {
    fc.assert(
      fc.property(secret, fc.stringMatching(/^[a-z_]{3,12}$/), (value, key) => {
        fc.pre(!['model', 'mode', 'type', 'level', 'provider', 'model_name'].includes(key));
        const text = JSON.stringify({ [key]: value, list: [{ [key]: [value] }] });
        expect(JSON.stringify(redactConfig(text).shown)).not.toContain(value);
        expect(JSON.stringify(redactConfig(`a: [${value}\nb: }`).shown)).not.toContain(value);
      }),
    );
  });
});

it('cleans keys, values and addresses of any document', () => {
  const clean = createCleaner({ secrets: ['hunter22'], sayings: ['no such key: zzz'] });
  expect(
    clean({
      hunter22: ['a hunter22 b', 5, null],
      why: '1 server error, seen by one pod: whatever it said',
      text: 'said no such key: zzz at https://u:p@host:1/v1?key=abc#x.',
    }),
  ).toEqual({
    '[redacted]': ['a [redacted] b', 5, null],
    why: '1 server error, seen by one pod: [upstream message]',
    text: 'said [upstream message] at https://host:1/v1',
  });
});

/** The bundle of a pod with a secret in every place where one may be; and whether the upstream's was to be seen. */
async function bundleWith(planted: readonly string[], folder: string): Promise<[string, boolean]> {
  const [key = '', echoed = '', user = '', pass = '', header = '', master = '', inEnv = '', inLog = '', extra = ''] =
    planted;
  const upstream = await startMockUpstream();
  const pods = openRealPods();
  try {
    upstream.set('planted-model', {
      kind: 'status',
      status: 500,
      body: { error: { message: `it broke with ${echoed} and ${key}` } },
    });
    const userInfo = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}`;
    const yaml = `
model_list:
  - model_name: planted
    litellm_params: { model: openai/planted-model, api_base: "${upstream.apiBase}", api_key: "${key}", extra_headers: { X-Key: "${header}" } }
general_settings: { master_key: "${master}", some_new_setting: "${extra}" }
litellm_settings: { cache: true, cache_params: { type: redis, url: "redis://${userInfo}@127.0.0.1:6379" } }
`;
    // A pod refuses such an address; whoever asks for help may have it in the file all the same.
    const inFile = yaml.replace('http://', `http://${userInfo}@`);
    const [config, log] = [join(folder, 'config.yaml'), join(folder, 'log')];
    writeFileSync(config, inFile);
    writeFileSync(log, `INFO: token ${inEnv}\nWARNING: redis://x:${inLog}@host failed\nINFO: key ${extra}\n`);
    const pod = await pods.pod(yaml, { LITELLM_MASTER_KEY: '' });
    const address = { url: pod.url, key: master, timeoutMs: 5_000 };
    const page = await askPod<{ targets: { target: string }[] }>(address, '/fleet');
    const targets = page.kind === 'answered' ? page.body.targets : [];
    for (const { target } of targets) {
      await askPod(address, `/fleet/targets/${target}/check`, { method: 'POST' });
    }
    const seen = JSON.stringify(await askPod(address, '/fleet')).includes(echoed);
    const env = { PLANTED_TOKEN: inEnv, LITELLM_MASTER_KEY: master };
    return [JSON.stringify(await collectBundle({ address, env, config, log }), null, 2), seen];
  } finally {
    await pods.close();
    await upstream.close();
  }
}
