import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig, RequestedProfile } from '../types.ts';

function load(
  params: string,
  { info = '{}', profile = 'bridge' }: { info?: string; profile?: RequestedProfile } = {},
): LoadedConfig {
  const text = `general_settings: { background_health_checks: true, use_shared_health_check: true, master_key: sk-9a1f6c3e8b2d47f0a5c1 }
x: &x { api_key: k, rpm: 1 }
y: &y { rpm: 2, tpm: 3 }
model_list:
  - model_name: m
    litellm_params: { model: openai/a, ${params} }
    model_info: ${info}
`;
  return loadConfig({ file: 'f', text, profile, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
}

const told = (loaded: LoadedConfig): readonly string[] => [
  ...(loaded.kind === 'refused'
    ? loaded.problems.map(({ line, message, expected }) => `${line}: ${message} (${expected})`)
    : []),
  ...loaded.notes.filter(({ level }) => level === 'warn').map(({ line, message }) => `${line}: ${message}`),
];
const out = '{ disable_background_health_check: true }';

describe('what LiteLLM may read differently', () => {
  it.each(['!!set { a, b }', '!!binary aGk=', '!!omap [{ a: 1 }]'])(
    'is not probed by a bridge where it is tagged: %s',
    (value) => {
      const params = `api_key: k, extra_body: { deep: [${value}] }`;
      expect(told(load(params))).toEqual([
        '6: model_list[0].litellm_params.extra_body.deep[0] has a YAML tag, so the id that LiteLLM computes may differ' +
          ': not probed and not published, only its traffic is watched. Expected: no tag; or model_info.id;' +
          ' or model_info.disable_background_health_check: true, which disables its probes',
      ]);
      expect(told(load(params, { info: '{ id: mine }' }))).toEqual([]);
      expect(told(load(params, { info: out }))).toEqual([]);
      expect(told(load(params, { profile: 'serve' }))).toEqual([]);
    },
  );

  it('is no tag of what is plain data anyway', () => {
    expect(told(load('api_key: !!str k, rpm: !!int "1", extra_body: !!map { a: !!seq [!!null ""] }'))).toEqual([]);
  });

  it('is warned of where mappings are merged from a list, whose order depends on the PyYAML', () => {
    const warning = [
      expect.stringMatching(/^6: model_list\[0\]\.litellm_params is merged from a list by <<, which PyYAML/),
    ];
    expect(told(load('<<: [*x, *y]'))).toEqual(warning);
    expect(told(load('<<: [*x, *y]', { info: '{ id: mine }' }))).toEqual(warning);
    expect(told(load('<<: [*x]'))).toEqual([]);
    expect(told(load('<<: *x'))).toEqual([]);
    expect(told(load('<<: [*x, *y]', { info: out }))).toEqual([]);
    expect(told(load('<<: [*x, *y]', { profile: 'serve' }))).toEqual([]);
  });
});
