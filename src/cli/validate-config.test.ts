import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaDocument } from '../config/index.ts';

const good = `model_list:
  - { model_name: a, litellm_params: { model: openai/m, api_key: sk-hidden } }
  - { model_name: b, litellm_params: { model: openai/m, api_key: sk-hidden } }
general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, alert_types: [slack] }
`;
const bad = `general_settings:
  health_check_interval: sk-soon
  allowed_ips: [10.0.0.1]
  alert_types: [slack]
  mster_key: sk-slip
`;

describe('allswell config validate', { timeout: 30_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'allswell-validate-'));
    writeFileSync(join(folder, 'good.yaml'), good);
    writeFileSync(join(folder, 'bad.yaml'), bad);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('tells what it found of a good file, with status 0', () => {
    const file = join(folder, 'good.yaml');
    const { status, stdout, stderr } = run('config', 'validate', file);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `note: ${file}:4:58: general_settings.alert_types is ignored: not used by allswell`,
      `${file}: OK (2 deployments, 1 target, health checks on-demand)`,
      `  files: ${file}`,
      '  model groups: a, b',
      '  fleet: default; interval 300 s; no Redis',
      '  works as in LiteLLM:',
      '    model_list[]: model_name',
      '    model_list[].litellm_params: api_key, model',
      '    general_settings: master_key',
      '  has no effect:',
      '    general_settings: alert_types',
      '  better than in LiteLLM:',
      '    requests avoid deployments that are down, in every pod',
      '    a changed file is applied without a restart',
    ]);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('tells all problems of a bad one on standard error, with status 2', () => {
    const file = join(folder, 'bad.yaml');
    const { status, stdout, stderr } = run('config', 'validate', file);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(`^${file}:2:26: ALLSWELL_ERR_CONFIG_INVALID: `),
      expect.stringMatching(`^${file}:3:3: ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY: `),
      expect.stringMatching(`^${file}:5:3: warning: .*: did you mean master_key\\?$`),
    ]);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('does both as one JSON document', () => {
    const file = join(folder, 'good.yaml');
    const found = run('config', 'validate', '--json', file);
    expect(found.status).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({
      ok: true,
      file,
      files: [file],
      problems: [],
      notes: [{ level: 'info', path: 'general_settings.alert_types' }],
      fleet: 'default',
      deployments: 2,
      targets: 1,
    });
    const refused = run('config', 'validate', join(folder, 'bad.yaml'), '--json');
    expect(refused.status).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      ok: false,
      problems: [
        { code: 'ALLSWELL_ERR_CONFIG_INVALID', line: 2, column: 26, path: 'general_settings.health_check_interval' },
        { code: 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY', line: 3 },
      ],
    });
    expect(found.stdout + refused.stdout).not.toMatch(/sk-/);
  });

  it('takes the file with --config, too', () => {
    const file = join(folder, 'good.yaml');
    expect(run('config', 'validate', '--config', file)).toMatchObject({
      status: 0,
      stdout: run('config', 'validate', file).stdout,
    });
  });

  it('reads the environment, as a pod would', () => {
    const { status, stderr } = run('config', 'validate', join(folder, 'good.yaml'), { REDIS_PORT: 'x' });
    expect(stderr).toContain('environment: ALLSWELL_ERR_CONFIG_INVALID: REDIS_PORT');
    expect(status).toBe(2);
  });

  it('refuses what it cannot read, and a command line without a file', () => {
    expect(run('config', 'validate', join(folder, 'gone.yaml')).stderr).toContain('ALLSWELL_ERR_CONFIG_UNREADABLE');
    expect(run('config', 'validate')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: "error: missing required argument 'file'\n",
    });
    expect(run('config', 'validate', 'a', '-c', 'b')).toMatchObject({ status: 2, stdout: '' });
    expect(run('config', 'no-such').status).toBe(2);
  });
});

it('allswell config schema prints the JSON Schema', { timeout: 30_000 }, async () => {
  const { status, stdout } = run('config', 'schema');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual(await schemaDocument());
});

function run(...words: readonly (string | Record<string, string>)[]): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  const args = words.filter((word) => typeof word === 'string');
  const env = Object.assign({ PATH: process.env['PATH'] }, ...words.filter((word) => typeof word === 'object'));
  return spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env });
}
