import { describe, expect, it } from 'vitest';
import { formatNote, formatProblems } from './format-problems.ts';
import { loadConfig } from './load.ts';
import type { LoadedConfig } from './types.ts';

const model = (name: string): string => `{ model_name: ${name}, litellm_params: { model: openai/${name} } }`;

describe('include', () => {
  it('adds lists to lists, and blocks that the main file does not have', () => {
    const loaded = load({
      'etc/main.yaml': `include: [models/more.yaml, /abs/keys.yaml]\nmodel_list: [${model('a')}]\n`,
      'etc/models/more.yaml': `model_list:\n  - ${model('b')}\n  - ${model('c')}\n`,
      '/abs/keys.yaml': 'general_settings: { master_key: sk-included, health_check_interval: 7 }\n',
    });
    expect(loaded).toMatchObject({
      kind: 'loaded',
      config: {
        masterKey: 'sk-included',
        intervalMs: 7_000,
        deployments: [{ modelName: 'a' }, { modelName: 'b' }, { modelName: 'c' }],
      },
      files: ['etc/main.yaml', 'etc/models/more.yaml', '/abs/keys.yaml'],
    });
  });

  it('replaces a block as a whole, which deserves a warning', () => {
    const loaded = load({
      'etc/main.yaml':
        'include: [b.yaml]\ngeneral_settings:\n  health_check_interval: 7\n  background_health_checks: true\n',
      'etc/b.yaml': 'general_settings: { health_check_interval: 9, master_key: sk-x }\n',
    });
    expect(loaded).toMatchObject({ config: { intervalMs: 9_000, activation: { mode: 'on-demand' } } });
    expect(loaded.kind === 'loaded' && loaded.notes.map(formatNote)).toContain(
      'etc/main.yaml:2:1: general_settings is written in etc/b.yaml as well, which replaces it as a whole',
    );
  });

  it('reads what the environment stands for in all of them', () => {
    const loaded = load(
      {
        'etc/main.yaml': 'include: [b.yaml]\nenvironment_variables: { KEY: sk-here }\n',
        'etc/b.yaml': 'general_settings: { master_key: os.environ/KEY }\n',
      },
      { KEY: 'sk-there' },
    );
    expect(loaded).toMatchObject({ config: { masterKey: 'sk-here' } });
  });

  it('names the file of each problem and of each note, in the order of the files', () => {
    const loaded = load(
      {
        'etc/main.yaml': `include:\n  - b.yaml\n  - gone.yaml\n  - c.yaml\n  - d.yaml\ngeneral_settings: { health_check_interval: soon }\n`,
        'etc/b.yaml': `# models\nmodel_list:\n  - model_name:b\n    litellm_params: { model: openai/b }\n`,
        'etc/c.yaml': 'include: [b.yaml]\nlitellm_settings: { cache: maybe }\n',
        'etc/d.yaml': 'model_list: [1,\n',
      },
      { REDIS_PORT: 'x' },
    );
    expect(loaded.kind === 'refused' && formatProblems(loaded.problems).replaceAll('ALLSWELL_ERR_CONFIG_', '')).toBe(
      [
        'etc/main.yaml:3:5: UNREADABLE: include[1] names a file that cannot be read (ENOENT) (expected a YAML file)',
        'etc/main.yaml:6:44: INVALID: general_settings.health_check_interval is text (expected a number of seconds above 0, at most 2000000)',
        "etc/b.yaml:3:3: MISSING_SPACE: model_name needs a space after its colon (expected '- model_name: …')",
        'etc/c.yaml:1:1: INVALID: include is not read in a file that is included itself (expected all files under include of the main one)',
        'etc/c.yaml:2:28: INVALID: litellm_settings.cache is text (expected true or false)',
        'etc/d.yaml:2:1: SYNTAX: the indentation does not fit the lines above',
        'environment: INVALID: REDIS_PORT is text that cannot be used (expected a port from 1 to 65535)',
      ].join('\n'),
    );
  });

  it.each([
    ['b.yaml', 'include is text'],
    ['[{ a: b }]', 'include[0] is a mapping'],
    ['[3]', 'include[0] is a number'],
  ])('is a list of paths, and not %s', (value, message) => {
    const loaded = load({ 'etc/main.yaml': `include: ${value}` });
    expect(loaded).toMatchObject({ problems: [{ message, line: 1 }] });
  });
});

function load(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): LoadedConfig {
  return loadConfig({
    file: 'etc/main.yaml',
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });
}
