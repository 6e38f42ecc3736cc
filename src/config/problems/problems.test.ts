import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNote, formatProblems, formatRefusal } from './format-problems.ts';
import { loadConfig } from '../load.ts';
import type { LoadedConfig } from '../types.ts';

function load(text: string, env: Record<string, string> = {}): LoadedConfig {
  return loadConfig({ text, file: 'proxy_config.yaml', env, readFile: () => '' });
}

function lines(text: string): readonly string[] {
  const loaded = load(text);
  return loaded.kind === 'refused' ? formatProblems(loaded.problems).split('\n') : [];
}

function locations(text: string): readonly unknown[] {
  const loaded = load(text);
  if (loaded.kind === 'loaded') return [];
  return loaded.problems.map(({ code, line, column, path }) => [
    code.replace('ALLSWELL_ERR_CONFIG_', ''),
    line,
    column,
    path,
  ]);
}

const keyed = { general_settings: { master_key: 'sk-9a1f6c3e8b2d47f0a5c1' } };

describe('problems', () => {
  it('are all told at once, in the order of the file', () => {
    const yaml = `model_list:
  - model_name: a
    litellm_params:
      api_key: sk-x
  - litellm_params: { model: openai/gpt-4, api_base: nowhere }
    model_name: b
    model_info: { health_check_timeout: -1 }
  - model_name: c
    litellm_params: { model: mystery, api_base: http://h/v1 }
    model_info: { health_check_timeout: never }
general_settings:
  health_check_interval: soon
  allowed_ips: [10.0.0.1]
  coordination_redis: { password: x }
`;
    expect(locations(yaml)).toEqual([
      ['INVALID', 3, 5, 'model_list[0].litellm_params.model'],
      ['INVALID', 7, 41, 'model_list[1].model_info.health_check_timeout'],
      ['INVALID', 10, 41, 'model_list[2].model_info.health_check_timeout'],
      ['INVALID', 12, 26, 'general_settings.health_check_interval'],
      ['PROTECTIVE_KEY', 13, 3, 'general_settings.allowed_ips'],
      ['INVALID', 14, 23, 'general_settings.coordination_redis'],
    ]);
  });

  it('are printed with file, line, column, code, message and what would be right', () => {
    expect(lines('general_settings:\n  health_check_interval: true\n')).toEqual([
      'proxy_config.yaml:2:26: ALLSWELL_ERR_CONFIG_INVALID: general_settings.health_check_interval is true or false ' +
        '(expected a number of seconds above 0, at most 2000000)',
    ]);
  });

  it.each([
    [
      { model: 'mystery', api_base: 'http://h/v1' },
      'does not name its provider',
      'provider/model, such as openai/gpt-4o-mini',
    ],
    [{ model: 'gemini-2.5-flash' }, 'does not name its provider', 'provider/model, such as gemini/…'],
    [{ model: 'nobody/llama' }, 'api_base is missing', 'the base URL of the upstream, such as http://vllm:8000/v1'],
    [{ model: 'sagemaker/llama' }, 'api_base is missing', 'the base URL of the upstream, to which a probe'],
  ])('are warnings where LiteLLM starts without the deployment: %j', (params, is, expected) => {
    const loaded = load(JSON.stringify({ ...keyed, model_list: [{ model_name: 'a', litellm_params: params }] }));
    expect(loaded).toMatchObject({ kind: 'loaded', config: { deployments: [], unprobed: [{ modelName: 'a' }] } });
    const warnings = loaded.notes.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining(is)]);
    expect(warnings[0]).toContain(`not probed, and gets no requests. Expected: ${expected}`);
  });

  it.each(['http://user:pw@h/v1', 'http://h/v1?key=1', 'ftp://h', 'h:80/v1', 'http://'])(
    'refuse the base URL %s',
    (base) => {
      expect(
        locations(`model_list: [{ model_name: a, litellm_params: { model: openai/m, api_base: "${base}" } }]`),
      ).toEqual([['INVALID', 1, 76, 'model_list[0].litellm_params.api_base']]);
    },
  );

  it('include a file that cannot be read and a wrong variable beside it', () => {
    const missing = Object.assign(new Error('no such file: /secret/place'), { code: 'ENOENT' });
    const readFile = (): string => {
      throw missing;
    };
    const loaded = loadConfig({ file: 'gone.yaml', env: { REDIS_DB: 'x' }, readFile });
    expect(loaded.kind === 'refused' && formatProblems(loaded.problems)).toBe(
      'gone.yaml: ALLSWELL_ERR_CONFIG_UNREADABLE: the file cannot be read (ENOENT) (expected a YAML file)\n' +
        'environment: ALLSWELL_ERR_CONFIG_INVALID: REDIS_DB has an invalid value (expected a whole number, 0 or more)',
    );
  });

  it('include a file with nothing in it: it is just being written, or the wrong one', () => {
    const loaded = loadConfig({ file: 'empty.yaml', env: {}, readFile: () => ' \n' });
    expect(loaded.kind === 'refused' && formatProblems(loaded.problems)).toBe(
      'empty.yaml: ALLSWELL_ERR_CONFIG_UNREADABLE: the file is empty (expected a YAML file)',
    );
  });

  it.each([
    ['- a\n- b', 'the file is a list'],
    ['just words', 'the file is text'],
    ['model_list: { model_name: a }', 'model_list is a mapping'],
    ['model_list: [words]', 'model_list[0] is text'],
    ['general_settings: [a]', 'general_settings is a list'],
    ['model_list: [{ model_name: a, litellm_params: words }]', 'model_list[0].litellm_params is text'],
    [
      'model_list: [{ model_name: a, litellm_params: { model: openai/m, extra_headers: [x] } }]',
      'extra_headers is a list',
    ],
  ])('tell what was found instead of a block: %s', (yaml, message) => {
    expect(lines(yaml)).toEqual([expect.stringContaining(message)]);
  });
});

describe('broken YAML', () => {
  it.each([
    ['a: [1, 2\nb: 3', 2],
    ['a: "x', 1],
    ['a:\n\t- b', 2],
    ['a: 1\na: 2', 2],
    ['a: *nowhere', 1],
    ['a: 1\n---\nb: 2', 2],
    ['? [a, b]\n: c', 1],
  ])('is refused with its line: %j', (yaml, line) => {
    expect(load(yaml)).toMatchObject({ kind: 'refused', problems: [{ code: 'ALLSWELL_ERR_CONFIG_SYNTAX', line }] });
  });

  it('that unfolds into itself or into millions of nodes is refused, and soon', () => {
    const bomb = [
      'a: &l0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 8 }, (_, at) => `a${at}: &l${at + 1} [${Array(10).fill(`*l${at}`).join(', ')}]`),
    ];
    expect(load(bomb.join('\n'))).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'ALLSWELL_ERR_CONFIG_SYNTAX' }],
    });
    expect(load('a: &x [*x]')).toMatchObject({ kind: 'refused', problems: [{ code: 'ALLSWELL_ERR_CONFIG_SYNTAX' }] });
  });

  it('of any kind never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-[]{}&*<#"\'|>!?% \n\t,') }), (yaml) =>
        ['loaded', 'refused'].includes(load(yaml).kind),
      ),
    );
  });
});

describe('spaces lost in copying', () => {
  it('after colons are each named, and the rest of the file is checked as it was meant', () => {
    const yaml = `general_settings:
  # Enable background health checks (required)
  background_health_checks:true

  # Health check interval (seconds)
  health_check_interval:300# 5 minutes
  health_check_concurrency: many
`;
    expect(lines(yaml)).toEqual([
      "proxy_config.yaml:3:3: ALLSWELL_ERR_CONFIG_MISSING_SPACE: background_health_checks needs a space after its colon (expected 'background_health_checks: …')",
      "proxy_config.yaml:6:3: ALLSWELL_ERR_CONFIG_MISSING_SPACE: health_check_interval needs a space after its colon and before its # (expected 'health_check_interval: …')",
      'proxy_config.yaml:7:29: ALLSWELL_ERR_CONFIG_INVALID: general_settings.health_check_concurrency is text (expected a whole number, 0 or more)',
    ]);
  });

  it('are found where the file is YAML all the same', () => {
    expect(locations('general_settings:\n  use_shared_health_check:true\n')).toEqual([
      ['MISSING_SPACE', 2, 3, 'use_shared_health_check'],
    ]);
    expect(locations('model_list:\n  - model_name:gpt-4\n').slice(0, 1)).toEqual([
      ['MISSING_SPACE', 2, 3, 'model_name'],
    ]);
  });

  it('after dashes are found', () => {
    const yaml = 'model_list:\n  -model_name: a\n   litellm_params:\n     model: openai/gpt-4\n';
    expect(locations(yaml)).toEqual([['MISSING_SPACE', 2, 3, 'model_name'], expect.arrayContaining(['SYNTAX'])]);
    expect(locations('model_list:\n-model_name:a\n').slice(0, 1)).toEqual([['MISSING_SPACE', 2, 1, 'model_name']]);
  });

  it('keep problems behind them in their columns', () => {
    expect(locations('general_settings: {}\nlitellm_settings:\n  cache:maybe\n')).toEqual([
      ['MISSING_SPACE', 3, 3, 'cache'],
      ['INVALID', 3, 9, 'litellm_settings.cache'],
    ]);
  });

  it('and lost indentation give both messages', () => {
    expect(locations('general_settings:\nbackground_health_checks:true\n')).toEqual([
      ['MISSING_SPACE', 2, 1, 'background_health_checks'],
      ['INVALID', 2, 1, 'background_health_checks'],
    ]);
  });

  it.each([
    'general_settings:\n  alerting: [host:6379, port:1]\n',
    'general_settings:\n  alert_to_webhook_url: |\n    host:6379\n    password:x\n',
    'general_settings:\n  completion_model: "\n    model:a"\n',
    'model_list:\n  - model_name: m\n    litellm_params:\n      model: hosted_vllm/a:b\n      api_base: http://h:1/v1\n',
    '# port:6379\n',
  ])('are not seen in texts where colons are nobody’s mistake: %j', (yaml) => {
    expect(load(yaml).kind).toBe('loaded');
  });
});

describe('secrets', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/=_#:@-]{12,24}$/).map((text) => `S3CR3T${text}`);

  it('are in no problem and in no note, wherever they are written and whatever is wrong', () => {
    const shapes: readonly ((hidden: string) => string)[] = [
      (hidden) => `general_settings: { master_key: [${JSON.stringify(hidden)}] }`,
      (hidden) => `general_settings:\n  master_key:${hidden}\n  background_health_checks: true\n`,
      (hidden) => `general_settings: { health_check_interval: ${JSON.stringify(hidden)} }`,
      (hidden) =>
        `litellm_settings: { cache: true, cache_params: { password: { x: ${JSON.stringify(hidden)} }, port: ${JSON.stringify(hidden)} } }`,
      (hidden) => `general_settings: { coordination_redis: { url: ${JSON.stringify(`http://u:${hidden}@h`)} } }`,
      (hidden) =>
        `litellm_settings: { cache: true, cache_params: { host: h, namespace: ${JSON.stringify(`${hidden}:`)} } }`,
      (hidden) =>
        `model_list: [{ model_name: a, litellm_params: { model: openai/m, api_key: [${JSON.stringify(hidden)}] } }]`,
      (hidden) =>
        `model_list: [{ model_name: a, litellm_params: { model: openai/m, api_base: ${JSON.stringify(`http://u:${hidden}@h`)} } }]`,
      (hidden) =>
        `model_list: [{ model_name: a, litellm_params: { model: openai/m, api_key: ${JSON.stringify(`os.environ/${hidden}-`)} } }]`,
      (hidden) =>
        `fleet_health: { fleet: ${JSON.stringify(`${hidden}:`)}, identity_secret: [${JSON.stringify(hidden)}] }`,
      (hidden) => `a: "${hidden}\nb: *${hidden}\nc: !${hidden} [`,
      (hidden) => `password: @${hidden}`,
      (hidden) => `api_key: "\\q${hidden}"`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...shapes), secret, (shape, hidden) => {
        const loaded = load(shape(hidden));
        const shown =
          loaded.kind === 'refused'
            ? formatRefusal(loaded) + JSON.stringify(loaded)
            : loaded.notes.map(formatNote).join('\n');
        expect(shown).not.toContain('S3CR3T');
      }),
      { numRuns: 400 },
    );
  });

  it('of the environment are in no problem', () => {
    const names = [
      'REDIS_PORT',
      'REDIS_URL',
      'REDIS_DB',
      'REDIS_CLUSTER_NODES',
      'REDIS_SENTINEL_NODES',
      'HEALTH_CHECK_TIMEOUT_SECONDS',
      'USE_SHARED_HEALTH_CHECK',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), secret, (name, hidden) => {
        const loaded = load('', { [name]: hidden });
        expect(loaded.kind === 'refused' && formatProblems(loaded.problems)).toMatch(
          new RegExp(`^environment: ALLSWELL_ERR_CONFIG_INVALID: ${name} has an invalid value`),
        );
        expect(JSON.stringify(loaded)).not.toContain('S3CR3T');
      }),
    );
  });
});
