import { describe, expect, it } from 'vitest';
import { formatNote, formatProblems } from '../problems/format-problems.ts';
import { loadConfig } from '../load.ts';
import type { Env, LoadedConfig } from '../types.ts';

const load = (text: string, env: Env = {}): LoadedConfig => loadConfig({ text, env, readFile: () => '' });

const list = `credential_list:
  - credential_name: house
    credential_values: { api_key: os.environ/HOUSE_KEY, api_base: "https://llm.house/v1", temperature: 1 }
    credential_info: { description: ours }
  - { credential_name: other, credential_values: { api_key: sk-other } }
  - { credential_name: house, credential_values: { api_key: sk-late } }
`;
const model = (params: string): string =>
  `model_list: [{ model_name: a, litellm_params: { model: openai/m, ${params} } }]\n`;

function targetOf(params: string): unknown {
  const loaded = load(list + model(params), { HOUSE_KEY: 'sk-house', OPENAI_API_KEY: 'sk-variable' });
  return loaded.kind === 'loaded' ? loaded.config.targets[0] : formatProblems(loaded.problems);
}

describe('a credential', () => {
  it('gives a deployment what it does not say itself, before any variable of the provider', () => {
    expect(targetOf('litellm_credential_name: house')).toMatchObject({
      apiKey: 'sk-house',
      apiBase: 'https://llm.house/v1',
    });
    expect(targetOf('litellm_credential_name: house, api_key: sk-own')).toMatchObject({
      apiKey: 'sk-own',
      apiBase: 'https://llm.house/v1',
    });
    expect(targetOf('litellm_credential_name: other')).toMatchObject({
      apiKey: 'sk-other',
      apiBase: 'https://api.openai.com/v1',
    });
  });

  it('leaves the id of a deployment as it is, and is not shown', () => {
    const ids = [list, ''].map((credentials) => {
      const loaded = load(credentials + model('litellm_credential_name: house'), { HOUSE_KEY: 'sk-house' });
      return (
        loaded.kind === 'loaded' && [loaded.config.deployments[0]?.modelId, loaded.config.deployments[0]?.displayParams]
      );
    });
    expect(ids[0]).toEqual(ids[1]);
  });

  it('that is not there is warned about: the upstream would be blamed for refusing', () => {
    const loaded = load(list + model('litellm_credential_name: huose'));
    expect(loaded.notes.map(formatNote)).toContainEqual(
      expect.stringMatching(
        /^configuration:7:\d+: \S+litellm_credential_name is not in credential_list: the deployment is called without it$/,
      ),
    );
  });

  it.each([
    ['house', 'credential_list is text'],
    ['[house]', 'credential_list[0] is incomplete'],
    ['[{ credential_name: house }]', 'credential_list[0] is incomplete'],
    [
      '[{ credential_name: house, credential_values: { api_key: [sk-S3CR3T] } }]',
      'credential_list[0].credential_values.api_key is a list',
    ],
  ])('is a name and values, and not %s', (value, message) => {
    const loaded = load(`credential_list: ${value}`);
    expect(loaded).toMatchObject({ problems: [{ message, line: 1 }] });
    expect(JSON.stringify(loaded)).not.toContain('S3CR3T');
  });
});
