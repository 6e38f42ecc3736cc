import { describe, expect, it } from 'vitest';
import { MASTER_KEY } from '../support/cli.ts';
import { stageAndUpstream } from '../support/stage-and-upstream.ts';

// A process of its own: whether one lives long enough cannot be seen inside a test, which keeps its process alive.
// A Redis is named and never asked, for nothing listens there.

const each = stageAndUpstream();

describe('allswell bridge --dry-run', { timeout: 60_000 }, () => {
  it('says what it waits for and what was not judged, and ends with 5, where a model hangs past the time', async () => {
    each.upstream.set('b', { kind: 'hang' });
    const { status, stdout, stderr } = await each.stage.run(dryRun(4), env);
    expect(stderr.split('\n')).toEqual([
      // On a busy machine the other one may still be asked.
      expect.stringMatching(/^Waiting for verdicts: (openai\/a, )?openai\/b$/),
      'No final verdict within 4 s: openai/b',
      'Nothing would be published: 1 of 2 deployments is not judged yet: openai/b',
      '',
    ]);
    expect([status, stdout]).toEqual([5, '']);
  });
});

const env = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', LITELLM_MASTER_KEY: MASTER_KEY };

/** The command over models `a` and `b`. */
function dryRun(timeoutS: number): readonly string[] {
  const config = each.stage.file(
    'proxy_config.yaml',
    `model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_base: "${each.upstream.apiBase}", api_key: sk-upstream }
  - model_name: b
    litellm_params: { model: openai/b, api_base: "${each.upstream.apiBase}", api_key: sk-upstream }
general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 1 }
`,
  );
  return ['bridge', '--dry-run', '--config', config, '--timeout', String(timeoutS)];
}
