import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../../support/cli.ts';
import type { CliStage } from '../../support/cli.ts';

let stage: CliStage;
beforeEach(() => (stage = openCliStage()));
afterEach(async () => await stage.close());

const entry = (name: string, model: string, port: number): string =>
  `- { model_name: ${name}, litellm_params: { model: openai/${model}, api_base: 'http://127.0.0.1:${port}/v1', api_key: sk-u } }`;
const config = `general_settings: { master_key: ${MASTER_KEY} }
model_list:
  ${entry('fast', 'gpt-4o-mini', 1)}
  ${entry('both', 'a', 1)}
  ${entry('both', 'b', 2)}
`;

describe('allswell drain, undrain, hold-up and probing', { timeout: 60_000 }, () => {
  it('decide at a running pod, and say in a line what counts now', async () => {
    const env = { ALLSWELL_URL: await stage.pod(config, { POD_NAME: 'web-1' }), ALLSWELL_MASTER_KEY: MASTER_KEY };
    const drained = await stage.run(['drain', 'fast', '--reason', 'maintenance', '--until', '2h', '--by', 'ann'], env);
    expect([drained.status, drained.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^openai\/gpt-4o-mini at 127\.0\.0\.1:1 gets no traffic until \d{4}-\S+Z, in this pod only: it does not share health \(by ann \(master key\): maintenance\)\n$/,
      ),
    ]);
    const up = await stage.run(['hold-up', 'openai/gpt-4o-mini', '--reason', 'x', '--json'], env);
    expect(JSON.parse(up.stdout)).toMatchObject({ changed: true, hold: { kind: 'hold-up', reason: 'x', until: null } });
    expect((await stage.run(['undrain', 'fast'], env)).stdout).toMatch(
      /^openai\/gpt-4o-mini at 127\.0\.0\.1:1 is no longer held, /,
    );
    expect((await stage.run(['undrain', 'fast'], env)).stdout).toContain('; no change');
    const shown = await stage.run(['status'], env);
    expect(shown.stdout).toMatch(/^PODS 1\n {2}web-1 {2}pod_\S+ /m);
    const placed = await stage.run(['drain', 'both@127.0.0.1:2', '--reason', 'x'], env);
    expect(placed.stdout).toMatch(/^openai\/b at 127\.0\.0\.1:2 gets no traffic, /);
    const explained = await stage.run(['explain', 'both@127.0.0.1:2'], env);
    expect(explained.stdout).toMatch(/^openai\/b is drained .*\n.*\n.*x\n {2}upstream 127\.0\.0\.1:2\n/);
    const checked = await stage.run(['check', '--model', 'both@127.0.0.1:2', '--json'], env);
    expect(JSON.parse(checked.stdout)).toMatchObject({ checked: 1, drained: 1 });
    expect((await stage.run(['probing', 'pause', '--reason', 'cost'], env)).stdout).toMatch(/^Probing is paused, /);
    expect((await stage.run(['probing', 'resume'], env)).stdout).toMatch(/^Probing is active, /);
    const observed = await stage.run(['bridge', 'cooldowns', 'observe', '--for', '30m', '--timeout', '9'], env);
    expect(observed.stdout).toMatch(/^LiteLLM cooldowns are only observed until \d{4}-\S+Z, .*no reason given\)\n$/);
    const on = await stage.run(['bridge', 'cooldowns', 'on', '--reason', 'upgrade done'], env);
    expect(on.stdout).toMatch(/^LiteLLM cooldowns follow the configuration of each pod, .*upgrade done\)\n$/);
  });

  it('warn of a hold or pause without an end, and of no other', async () => {
    const env = { ALLSWELL_URL: await stage.pod(config), ALLSWELL_MASTER_KEY: MASTER_KEY };
    const warning = async (...words: readonly string[]): Promise<string> => (await stage.run([...words], env)).stderr;
    const endless = 'Warning: it has no end; to give it one, repeat the command with --until 2h, for example\n';
    expect(await warning('drain', 'fast', '--reason', 'x')).toBe(endless);
    expect(await warning('hold-up', 'fast', '--reason', 'x', '--json')).toBe(endless);
    expect(await warning('drain', 'fast', '--reason', 'x', '--until', '2h')).toBe('');
    expect(await warning('undrain', 'fast')).toBe('');
    expect(await warning('probing', 'pause', '--reason', 'x')).toBe(endless);
    expect(await warning('probing', 'resume')).toBe('');
    expect(await warning('bridge', 'cooldowns', 'off')).toBe(endless.replace('--until', '--for'));
  });

  it('tell what is wrong, each with its status', async () => {
    const url = await stage.pod(config);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    const outcome = async (words: readonly string[], more = {}): Promise<unknown> => {
      const { status, stderr } = await stage.run([...words], { ...env, ...more });
      return [status, stderr];
    };
    expect(await outcome(['drain', 'fast'])).toEqual([2, expect.stringContaining("'--reason <text>' not specified")]);
    const drain = ['drain', '--reason', 'x'];
    expect(await outcome([...drain, 'nobody'])).toEqual([2, 'No target has this id or name\n']);
    expect(await outcome([...drain, 'both'])).toEqual([
      2,
      'Several targets have this name: both@127.0.0.1:1, both@127.0.0.1:2\n',
    ]);
    expect(await outcome([...drain, 'fast', '--until', 'soon'])).toEqual([
      2,
      expect.stringMatching(/^until: Input should/),
    ]);
    expect(await outcome([...drain, 'fast'], { ALLSWELL_MASTER_KEY: 'sk-wrong' })).toEqual([
      6,
      expect.stringContaining('refuses the key'),
    ]);
    expect(await outcome([...drain, 'fast', '--url', 'http://127.0.0.1:1'])).toEqual([
      6,
      expect.stringMatching(/^no pod answers at http:\/\/127\.0\.0\.1:1: /),
    ]);
  });
});
