import { describe, expect, it } from 'vitest';
import { formatNote, formatProblems } from '../problems/format-problems.ts';
import { loadConfig } from '../load.ts';
import type { LoadedConfig } from '../types.ts';

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
      'etc/main.yaml:2:1: general_settings is also in etc/b.yaml, which replaces it as a whole',
    );
  });

  it('goes on in files that are included, which are found beside the file that names them', () => {
    const loaded = load({
      'etc/main.yaml': `include: [teams/a.yaml, last.yaml]\nmodel_list: [${model('main')}]\n`,
      'etc/teams/a.yaml': `include: [deep/b.yaml]\nmodel_list: [${model('a')}]\n`,
      'etc/teams/deep/b.yaml': `model_list: [${model('b')}]\ngeneral_settings: { health_check_interval: 9 }\n`,
      'etc/last.yaml': `model_list: [${model('last')}]\n`,
    });
    expect(loaded).toMatchObject({
      config: {
        intervalMs: 9_000,
        // First those that the main file names.
        deployments: [{ modelName: 'main' }, { modelName: 'a' }, { modelName: 'last' }, { modelName: 'b' }],
      },
      files: ['etc/main.yaml', 'etc/teams/a.yaml', 'etc/last.yaml', 'etc/teams/deep/b.yaml'],
    });
  });

  it('counts each file once, the main one too, however often and by whatever path it is named', () => {
    const loaded = load({
      'etc/main.yaml': `include: [b.yaml, ./b.yaml, c.yaml]\nmodel_list: [${model('main')}]\n`,
      'etc/b.yaml': `include: [main.yaml, c.yaml]\nmodel_list: [${model('b')}]\n`,
      'etc/c.yaml': `include: [../etc/b.yaml]\nmodel_list: [${model('c')}]\n`,
    });
    expect(loaded).toMatchObject({
      config: { deployments: [{ modelName: 'main' }, { modelName: 'b' }, { modelName: 'c' }] },
      files: ['etc/main.yaml', 'etc/b.yaml', 'etc/c.yaml'],
    });
  });

  it('finds a file beside the main one, too, and says so', () => {
    const files = {
      'etc/main.yaml': 'include: [teams/a.yaml]\n',
      'etc/teams/a.yaml': 'include: [b.yaml]\n',
      'etc/b.yaml': `model_list: [${model('beside-main')}]\n`,
    };
    const noted = (loaded: LoadedConfig): string[] =>
      loaded.notes.map(formatNote).filter((note) => /b\.yaml/.test(note));
    const moved = load(files);
    expect(moved).toMatchObject({ config: { deployments: [{ modelName: 'beside-main' }] } });
    expect(noted(moved)).toEqual([
      'etc/teams/a.yaml:1:11: include[0] is not in the folder of the file that includes it: etc/b.yaml is read',
    ]);
    const both = load({ ...files, 'etc/teams/b.yaml': `model_list: [${model('beside')}]\n` });
    expect(both).toMatchObject({ config: { deployments: [{ modelName: 'beside' }] } });
    expect(noted(both)).toEqual([
      'etc/teams/a.yaml:1:11: include[0] is found twice: etc/teams/b.yaml is read, etc/b.yaml is not',
    ]);
  });

  it('reads what the environment stands for in all of them', () => {
    const loaded = load(
      {
        'etc/main.yaml': 'include: [b.yaml, c.yaml]\n',
        'etc/b.yaml': 'general_settings: { enable_drain_endpoint: true, drain_endpoint_token: os.environ/TOKEN }\n',
        'etc/c.yaml': 'environment_variables: { LITELLM_MASTER_KEY: sk-here }\n',
      },
      { TOKEN: 'of-the-process' },
    );
    expect(loaded).toMatchObject({ config: { masterKey: 'sk-here', drainToken: 'of-the-process' } });
  });

  it('names the file of each problem and of each note, in the order of the files', () => {
    const loaded = load(
      {
        'etc/main.yaml': `include:\n  - b.yaml\n  - gone.yaml\n  - c.yaml\n  - d.yaml\ngeneral_settings: { health_check_interval: soon }\n`,
        'etc/b.yaml': `# models\nmodel_list:\n  - model_name:b\n    litellm_params: { model: openai/b }\n`,
        'etc/c.yaml': 'include: b.yaml\nlitellm_settings: { cache: maybe }\n',
        'etc/d.yaml': 'model_list: [1,\n',
      },
      { REDIS_PORT: 'x' },
    );
    expect(loaded.kind === 'refused' && formatProblems(loaded.problems).replaceAll('ALLSWELL_ERR_CONFIG_', '')).toBe(
      [
        'etc/main.yaml:3:5: UNREADABLE: include[1] names a file that cannot be read (ENOENT) (expected a YAML file)',
        'etc/main.yaml:6:44: INVALID: general_settings.health_check_interval is text (expected a number of seconds above 0, at most 2000000)',
        "etc/b.yaml:3:3: MISSING_SPACE: model_name needs a space after its colon (expected '- model_name: …')",
        'etc/c.yaml:1:10: INVALID: include is text (expected a list of files)',
        'etc/c.yaml:2:28: INVALID: litellm_settings.cache is text (expected true or false)',
        'etc/d.yaml:2:1: SYNTAX: the indentation does not fit the lines above',
        'environment: INVALID: REDIS_PORT has an invalid value (expected a port from 1 to 65535)',
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
