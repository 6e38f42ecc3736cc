import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, ConfigNote, Env } from '../types.ts';

function load(text: string, env: Env = {}): { config: AllswellConfig; notes: readonly ConfigNote[] } {
  const loaded = loadConfig({ file: 'proxy_config.yaml', text, env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

const model = (params = ''): string =>
  `model_list: [{ model_name: m, litellm_params: { model: openai/m${params} } }]\n`;
const referring = model(', api_key: os.environ/OPENAI_API_KEY');

describe('environment_variables of the file', () => {
  it('come too late for what the file takes from the environment, as in LiteLLM', () => {
    const block = 'environment_variables: { OPENAI_API_KEY: sk-file }\n';
    const both = load(block + referring, { OPENAI_API_KEY: 'sk-process' });
    expect(both.config.targets).toMatchObject([{ apiKey: 'sk-process' }]);
    // The text is null then, and so the call resolves the key again, and then finds it.
    const alone = load(block + referring);
    expect(alone.config.targets).toMatchObject([{ apiKey: 'sk-file' }]);
    expect(alone.config.deployments[0]?.modelId).not.toBe(both.config.deployments[0]?.modelId);
    expect(alone.notes.map(({ line, message }) => `${line}: ${message}`)).toContain(
      '2: model_list[0].litellm_params.api_key is not set: there is no environment variable OPENAI_API_KEY;' +
        ' as in LiteLLM, environment_variables is applied only later',
    );
  });

  it("go before the process's own for what is read from the environment later", () => {
    const block = `environment_variables:
  { REDIS_HOST: from-file, LITELLM_MASTER_KEY: sk-file, OPENAI_API_KEY: os.environ/MINE, GRACEFUL_SHUTDOWN_TIMEOUT: 3 }
`;
    const env = { REDIS_HOST: 'other', LITELLM_MASTER_KEY: 'other', OPENAI_API_KEY: 'other', MINE: 'sk-mine' };
    expect(load(block + model(), env).config).toMatchObject({
      redis: { host: 'from-file' },
      masterKey: 'sk-file',
      shutdownMs: 3_000,
      targets: [{ apiKey: 'sk-mine' }],
    });
  });

  it.each([
    ['DEFAULT_SHARED_HEALTH_CHECK_TTL', { cacheTtlMs: 300_000 }],
    ['DEFAULT_HEALTH_CHECK_INTERVAL', { intervalMs: 300_000 }],
    ['HEALTH_CHECK_TIMEOUT_SECONDS', { targets: [{ timeoutMs: 60_000 }] }],
  ])('have no effect on %s, which LiteLLM reads before them, and say so', (name, config) => {
    const loaded = load(`${model()}environment_variables:\n  ${name}: 7\n`);
    expect(loaded.config).toMatchObject(config);
    expect(loaded.notes).toContainEqual({
      level: 'warn',
      file: 'proxy_config.yaml',
      line: 3,
      column: 3,
      path: `environment_variables.${name}`,
      message: `environment_variables.${name} has no effect: as in LiteLLM, this variable is read before the file. Set it in the environment of the process`,
    });
  });

  it('leave nothing of a variable that they give no value', () => {
    const block = 'environment_variables: { OPENAI_API_KEY: os.environ/GONE }\n';
    const { config } = load(block + model(), { OPENAI_API_KEY: 'sk-process' });
    expect(config.targets[0]).not.toHaveProperty('apiKey');
  });
});
