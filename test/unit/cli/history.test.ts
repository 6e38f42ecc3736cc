import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../../support/cli.ts';
import type { CliStage } from '../../support/cli.ts';
import { startMockUpstream, until } from '../../../src/testing/index.ts';
import type { MockUpstream } from '../../../src/testing/index.ts';

let [stage, upstream]: [CliStage, MockUpstream] = [] as never;
beforeEach(async () => {
  stage = openCliStage();
  upstream = await startMockUpstream();
});
afterEach(async () => {
  await stage.close();
  await upstream.close();
});

describe('allswell history', { timeout: 60_000 }, () => {
  it('shows what probes of a target found, newest first, in lines and as JSON', async () => {
    upstream.set('b', { kind: 'status', status: 401, body: { error: { message: 'no \u001B[31m key' } } });
    const entry = (model: string): string =>
      `- { model_name: g, litellm_params: { model: openai/${model}, api_base: '${upstream.apiBase}', api_key: k } }`;
    const url = await stage.pod(`
general_settings: { master_key: ${MASTER_KEY}, background_health_checks: true, health_check_interval: 1 }
model_list:
  ${entry('a')}
  ${entry('b')}
`);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    const shown = await until(
      async () => {
        const { stdout } = await stage.run(['history', 'g'], env);
        return /good/.test(stdout) && /failed {2}/.test(stdout) ? stdout : undefined;
      },
      { withinMs: 20_000, what: 'a result of each target', everyMs: 200 },
    );
    expect(shown).toMatch(
      /^g \(openai\/a\): 1 result, 0 failed\n {2}\S+Z {2}\d+ s ago {2}good {2}\d+ ms {2}inference {2}scheduled {2}\S+\/pod_\S+$/m,
    );
    expect(shown).toMatch(/^g \(openai\/b\): 1 result, 1 failed\n {2}\S+Z .* failed {2}.* auth: .*no {1,2}\[31m key$/m);
    expect(shown).not.toContain('\u001B');
    const json = JSON.parse(
      (await stage.run(['history', 'openai/b', '--json', '--failed', '--limit', '1'], env)).stdout,
    ) as unknown;
    expect(json).toMatchObject({
      targets: [{ model: 'openai/b', groups: ['g'], results: [{ ok: false, class: 'auth', reason: 'scheduled' }] }],
    });
    const uptime = await stage.run(['history', '--group', 'g', '--since', '24h'], env);
    expect(uptime.stdout).toMatch(
      /^g, last 24h: 100 % up since the record begins at \S+Z(, in the \d\S* % of that time that is known)?, 0 incidents\n {2}\d{4}-\d\d-\d\d {2}/,
    );
    expect(uptime.stdout).toMatch(/^ {2}openai\/b +0 % up +down \d+ s +known 0(\.\d+)? %$/m);
    expect(JSON.parse((await stage.run(['history', '--group', 'g', '--json'], env)).stdout)).toMatchObject({
      group: 'g',
      uptime: 1,
      targets: [{ incidents: [] }, { incidents: [{ end: 'ongoing', classes: ['auth'] }] }],
    });
    const table = (await stage.run(['history', 'openai/b', '--csv'], env)).stdout.split('\r\n');
    expect(table[0]).toBe('target,model,groups,upstream_host,region,at,ok,class,error,latency_ms,level,reason,pod');
    expect(table[1]).toMatch(
      /^[^,]+,"openai\/b","g","127\.0\.0\.1:\d+",,[^,]+Z,false,auth,"auth: no {1,2}\[31m key",[\d.]+,inference,/,
    );
    const days = (await stage.run(['history', '--group', 'g', '--csv'], env)).stdout.split('\r\n');
    expect(days.slice(0, 2)).toEqual([
      'row,name,from,until,up_s,down_s,unknown_s,uptime,known',
      expect.stringMatching(/^window,"g",/) as string,
    ]);
    expect((await stage.run(['history', 'openai/b', '--csv', '--json'], env)).status).toBe(2);
    const later = new Date(Date.now() - 60_000).toISOString();
    const earlier = new Date(Date.now() - 120_000).toISOString();
    const part = async (...words: readonly string[]): Promise<string> =>
      (await stage.run(['history', ...words], env)).stdout;
    expect(await part('openai/a', '--since', '1h')).toContain('g (openai/a): 1 result, 0 failed\n');
    expect(await part('openai/a', '--from', later)).toContain('g (openai/a): 1 result, 0 failed\n');
    expect(await part('openai/a', '--from', earlier, '--to', later)).toContain('0 results, 0 failed');
    const uptimeThen = await part('--group', 'g', '--from', earlier, '--to', later);
    expect(uptimeThen.split('\n')[0]).toBe(`g, from ${earlier} to ${later}: nothing is known, 0 incidents`);
    const only = await stage.run(['history', 'openai/a', '--failed'], env);
    expect(only.stdout).toBe('g (openai/a): 0 results, 0 failed (the history has none)\n');
  });

  it('tells an unknown target from a pod that does not answer', async () => {
    const url = await stage.pod(`general_settings: { master_key: ${MASTER_KEY} }\nmodel_list: []\n`);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    const unknown = await stage.run(['history', 'x'], env);
    expect([unknown.status, unknown.stderr]).toEqual([2, 'Unknown target: x; allswell status lists the targets\n']);
    expect((await stage.run(['history', 'x', '--url', 'http://127.0.0.1:1'], env)).status).toBe(6);
    expect((await stage.run(['history', 'x', '--limit', '0'], env)).status).toBe(2);
    const group = await stage.run(['history', '--group', 'x'], env);
    expect([group.status, group.stderr]).toEqual([2, 'Unknown model group: x; allswell status lists the groups\n']);
    expect((await stage.run(['history', '--group', 'x', '--url', 'http://127.0.0.1:1'], env)).status).toBe(6);
    expect((await stage.run(['history', '--group', 'x', '--since', '91d'], env)).status).toBe(2);
    expect((await stage.run(['history', 'x', '--since', '1h', '--from', '02:00'], env)).status).toBe(2);
    for (const words of [['--group', 'x'], ['x']]) {
      const { status, stderr } = await stage.run(['history', ...words, '--from', 'noon'], env);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^--from: Input should be a time such as /)]);
    }
    expect((await stage.run(['history'], env)).status).toBe(2);
    expect((await stage.run(['history', 'x', '--group', 'x'], env)).status).toBe(2);
  });
});
