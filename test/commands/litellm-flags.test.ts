import { describe, expect, it } from 'vitest';
import { MASTER_KEY } from '../support/cli.ts';
import { stageAndUpstream } from '../support/stage-and-upstream.ts';

const each = stageAndUpstream();

describe("LiteLLM's flags", { timeout: 60_000 }, () => {
  it('--health asks the running pod with the key of its file, prints its answer, and ends with 0 only if all is well', async () => {
    const config = configOf('a', 'b');
    const file = each.stage.file('proxy_config.yaml', config);
    const { hostname, port } = new URL(await each.stage.pod(config));
    const args = ['--health', '--config', file, '--host', hostname, '--port', port];
    const good = await each.stage.run(args, {});
    expect(good.stdout).toMatch(/^\nLiteLLM: Health Testing models in config\n\{\n {4}"healthy_endpoints": \[\n/);
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(good.stdout).not.toContain(MASTER_KEY);
    const withoutKey = await each.stage.run(['--health', '--host', hostname, '--port', port], {});
    expect([withoutKey.status, withoutKey.stderr]).toEqual([6, expect.stringContaining('requires a key')]);
  });

  it('--health ends with 1 if a model is not healthy', async () => {
    each.upstream.set('b', { kind: 'status', status: 401 });
    const { port } = new URL(await each.stage.pod(configOf('a', 'b')));
    const { status, stdout } = await each.stage.run(['--health', '--port', port]);
    expect(stdout).toContain('"unhealthy_count": 1');
    expect(status).toBe(1);
  });

  it('--num_workers and NUM_WORKERS take a number of processes, and refuse what is none', async () => {
    const refused = await each.stage.run(['--num_workers', '0']);
    expect(refused.stderr).toContain('It must be a whole number from 1 to 256.');
    const variable = await each.stage.run(['serve'], { NUM_WORKERS: 'all' });
    expect([refused.status, variable.status]).toEqual([2, 2]);
    const config = each.stage.file('bad.yaml', 'model_list: 1\n');
    const some = await each.stage.run(['--num_workers', '4', '--config', config]);
    expect(some.stderr).toContain('bad.yaml:1:');
  });

  it.each([
    [['--num-workers', '1'], '--num_workers'],
    [['--detailed-debug'], '--detailed_debug'],
    [['serve', '--confg', 'x.yaml'], '--config'],
    [['status', '--wach'], '--watch'],
    [['stauts'], 'status'],
  ])('%j is unknown, and the nearest known word is named', async (args, known) => {
    const { status, stderr } = await each.stage.run(args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(`Did you mean ${known}\\?`)]);
  });

  it('--version tells the version, wherever it stands', async () => {
    for (const args of [['--version'], ['--port', '4000', '--version']]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await each.stage.run(args)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      });
    }
  });
});

function configOf(...models: readonly string[]): string {
  const entries = models.map(
    (model) => `  - model_name: ${model}
    litellm_params: { model: openai/${model}, api_base: "${each.upstream.apiBase}", api_key: sk-upstream }`,
  );
  return `model_list:\n${entries.join('\n')}\ngeneral_settings: { master_key: ${MASTER_KEY} }\n`;
}
