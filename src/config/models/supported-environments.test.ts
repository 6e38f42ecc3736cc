import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig, RequestedProfile } from '../types.ts';

const text = (more = ''): string => `general_settings: { background_health_checks: true, use_shared_health_check: true }
model_list:
  - model_name: anywhere
    litellm_params: { model: openai/a, api_key: k }
  - model_name: live
    litellm_params: { model: openai/b, api_key: k }
    model_info: { supported_environments: [staging, production]${more} }
`;

function load(profile: RequestedProfile, environment?: string, yaml = text()): LoadedConfig {
  const env = { REDIS_HOST: 'redis', LITELLM_MASTER_KEY: 'sk-m', LITELLM_ENVIRONMENT: environment };
  return loadConfig({ file: 'f', text: yaml, profile, env, readFile: () => '' });
}

const names = (loaded: LoadedConfig): readonly string[] =>
  loaded.kind === 'loaded' ? loaded.config.deployments.map(({ modelName }) => modelName) : [];
const notes = (loaded: LoadedConfig): readonly string[] =>
  loaded.notes.map(({ level, line, column, message }) => `${level} ${line}:${column} ${message}`);
const path = 'model_list[1].model_info.supported_environments';

describe('a deployment with supported_environments', () => {
  it.each(['serve', 'bridge'] satisfies RequestedProfile[])('is only where these are, for %s', (profile) => {
    expect(names(load(profile, 'production'))).toEqual(['anywhere', 'live']);
    const elsewhere = load(profile, 'development');
    expect(names(elsewhere)).toEqual(['anywhere']);
    expect(notes(elsewhere)).toContain(
      `info 7:43 ${path} leaves the deployment out: LITELLM_ENVIRONMENT is development`,
    );
  });

  it('goes by the variable that the file sets, as in LiteLLM', () => {
    const yaml = `${text()}environment_variables: { LITELLM_ENVIRONMENT: staging }\n`;
    expect(names(load('bridge', 'development', yaml))).toEqual(['anywhere', 'live']);
  });

  it.each([
    [undefined, 'not set'],
    ['prod', 'invalid'],
  ])('is left out by a pod that serves, and not probed by a bridge, where the variable is %s', (environment, which) => {
    const is = `${path} needs the variable LITELLM_ENVIRONMENT, which is ${which}`;
    const serving = load('serve', environment);
    expect(names(serving)).toEqual(['anywhere']);
    expect(notes(serving)).toContain(`warn 7:43 ${is}: as in LiteLLM, the deployment is left out`);
    const bridge = load('bridge', environment);
    expect(names(bridge)).toEqual(['anywhere']);
    expect(bridge).toMatchObject({ config: { unprobed: [{ modelName: 'live', model: 'openai/b', why: is }] } });
    expect(notes(bridge)).toContain(
      `warn 7:43 ${is}: not probed and not published, only its traffic is watched. ` +
        "Expected: the value in LiteLLM's pods: development, staging or production",
    );
    expect(names(load('bridge', environment, text(', disable_background_health_check: true')))).toEqual(['anywhere']);
  });

  it('names environments that there are', () => {
    expect(load('check', 'staging', text().replace('staging,', 'prod,'))).toMatchObject({
      problems: [{ line: 7, path: `${path}[0]`, expected: 'development, staging or production' }],
    });
  });
});
