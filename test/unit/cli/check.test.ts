import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { FleetBody } from '../../../src/api/index.ts';
import { MASTER_KEY } from '../../support/cli.ts';
import { until } from '../../../src/testing/index.ts';
import { stageAndUpstream } from '../../support/stage-and-upstream.ts';

// Real processes, and real pods behind --url.

const each = stageAndUpstream();

describe('allswell check --config', { timeout: 60_000 }, () => {
  it('probes each target once, and ends with 0 if all are healthy', async () => {
    const { status, stdout, stderr } = await each.stage.run(['check', '--config', configFile('a', 'b')]);
    expect(stdout).toMatch(/^ok {6}a \(openai\/a\): up, answered in \d+ ms$/m);
    expect(stdout).toMatch(/^2 of 2 healthy$/m);
    expect([status, stderr]).toEqual([0, '']);
    expect([each.upstream.probes('a'), each.upstream.probes('b')]).toEqual([1, 1]);
  });

  it('ends with 1 if one is unhealthy, and says why', async () => {
    each.upstream.set('b', { kind: 'status', status: 401, body: { error: { message: 'no such key' } } });
    const { status, stdout } = await each.stage.run(['check', '--config', configFile('a', 'b')]);
    expect(stdout).toMatch(/^FAILED {2}b \(openai\/b\): down, 1 auth error \(HTTP 401\), .*no such key/m);
    expect(stdout).toMatch(/^1 of 2 healthy, 1 unhealthy$/m);
    expect(status).toBe(1);
  });

  it('shows beside the state that an upstream is over its rate limit', async () => {
    each.upstream.set('a', { kind: 'status', status: 429 });
    const file = configFile('a');
    const { status, stdout } = await each.stage.run(['check', '--config', file]);
    expect(stdout).toMatch(/^ok {6}a \(openai\/a\): degraded, rate-limited, answered in \d+ ms$/m);
    expect(status).toBe(0);
    const { targets } = JSON.parse((await each.stage.run(['check', '--json', '--config', file])).stdout) as {
      targets: { flags: string[] }[];
    };
    expect(targets[0]?.flags).toEqual(['rate-limited']);
  });

  it('ends with 5 where the upstream rejects the probe itself, which proves neither health nor a failure', async () => {
    each.upstream.set('a', { kind: 'reject', parameter: 'messages' });
    const { status, stdout } = await each.stage.run(['check', '--config', configFile('a')]);
    expect(stdout).toMatch(/^UNKNOWN a \(openai\/a\): the upstream rejects the probe request \(HTTP 400: /m);
    expect(status).toBe(5);
  });

  it('ends with 5 if one was not judged within the time', async () => {
    each.upstream.set('b', { kind: 'hang' });
    const { status, stdout } = await each.stage.run(['check', '--timeout', '1.5', '--config', configFile('a', 'b')]);
    expect(stdout).toMatch(/^UNKNOWN b \(openai\/b\): not judged within 1\.5 s$/m);
    expect(status).toBe(5);
  });

  it('checks only the models that were asked for, and refuses names that nothing has', async () => {
    const file = configFile('a', 'b');
    expect((await each.stage.run(['check', '--config', file, '--model', 'b'])).stdout).toMatch(/^1 of 1 healthy$/m);
    expect(each.upstream.probes('a')).toBe(0);
    const { status, stderr } = await each.stage.run(['check', '--config', file, '--model', 'c']);
    expect([status, stderr]).toEqual([2, 'Unknown model: c. Known models: a, b\n']);
  });

  it('tells the problems of a file that cannot be used, with status 2', async () => {
    const { status, stderr } = await each.stage.run([
      'check',
      '--config',
      each.stage.file('bad.yaml', 'model_list: 1\n'),
    ]);
    expect(stderr).toMatch(/bad\.yaml:1:\d+: ALLSWELL_ERR_CONFIG_INVALID/);
    expect(status).toBe(2);
  });

  it('writes JSON and a JUnit report', async () => {
    each.upstream.set('b', { kind: 'status', status: 404 });
    const junit = join(each.stage.folder, 'report.xml');
    const { stdout } = await each.stage.run(['check', '--json', '--junit', junit, '--config', configFile('a', 'b')]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      checked: 2,
      healthy: 1,
      unhealthy: 1,
      not_judged: 0,
      targets: [
        { model: 'openai/a', groups: ['a'], outcome: 'healthy', state: 'up' },
        { model: 'openai/b', groups: ['b'], outcome: 'unhealthy', state: 'down' },
      ],
    });
    expect(readFileSync(junit, 'utf8')).toMatch(
      /<testcase classname="openai\/b" name="b" time="[\d.]+"><failure type="down" message="1 not-found error \(HTTP 404\), /,
    );
  });
});

describe('allswell check --url', { timeout: 60_000 }, () => {
  it('asks a running pod, whose fleet keeps what was found', async () => {
    each.upstream.set('b', { kind: 'status', status: 500 });
    const url = await each.stage.pod(configOf('a', 'b'));
    const { status, stdout } = await each.stage.run(['check', '--url', url]);
    expect(stdout).toMatch(/^ok {6}a \(openai\/a\): up/m);
    expect(stdout).toMatch(/^FAILED {2}b \(openai\/b\): down, 2 server errors \(HTTP 500\)/m);
    expect(status).toBe(1);
    const page = await fetch(`${url}/fleet`, { headers: { authorization: `Bearer ${MASTER_KEY}` } });
    const { targets } = (await page.json()) as FleetBody;
    expect(targets.map(({ state }) => state)).toEqual(['up', 'down']);
  });

  it('takes a target that was up for healthy, with a warning, while the upstream rejects the probe itself', async () => {
    const url = await each.stage.pod(configOf('a', 'b'));
    expect((await each.stage.run(['check', '--url', url])).status).toBe(0);
    each.upstream.set('a', { kind: 'reject', parameter: 'messages' });
    const check = async (...args: string[]): Promise<{ status: number | null; stdout: string }> =>
      await each.stage.run(['check', '--url', url, ...args]);
    // Results younger than ten seconds are reused.
    const { status, stdout } = await until(
      async () => {
        const checked = await check();
        return checked.stdout.includes('WARNING') ? checked : undefined;
      },
      { withinMs: 30_000, what: 'a warning', everyMs: 500 },
    );
    expect(stdout).toMatch(/^WARNING a \(openai\/a\): up, probe-rejected, .*rejects the probe request \(HTTP 400: /m);
    expect(stdout).toMatch(/^2 of 2 healthy, 1 with a warning$/m);
    expect(status).toBe(0);
    const page = await fetch(`${url}/health`, { headers: { authorization: `Bearer ${MASTER_KEY}` } });
    expect(await page.json()).toMatchObject({ healthy_count: 2, unhealthy_count: 0 });
    expect(JSON.parse((await check('--json')).stdout)).toMatchObject({
      ok: true,
      warnings: 1,
      targets: [{ outcome: 'healthy', warning: expect.stringContaining('rejects the probe') }, { warning: null }],
    });
  });

  it('passes over what is drained, whatever its probes say, unless nothing else was asked for', async () => {
    each.upstream.set('b', { kind: 'status', status: 500 });
    const url = await each.stage.pod(configOf('a', 'b'));
    await each.stage.run(['drain', 'b', '--url', url, '--reason', 'vendor maintenance', '--by', 'ops']);
    const { status, stdout } = await each.stage.run(['check', '--url', url]);
    expect(stdout).toMatch(
      /^DRAINED b \(openai\/b\): drained by ops \(master key\) since \S+Z, no end: vendor maintenance; probes: \w+, \d server error/m,
    );
    expect(stdout).toMatch(/^1 of 2 healthy, 1 drained$/m);
    expect(status).toBe(0);
    const alone = await each.stage.run(['check', '--json', '--model', 'b', '--url', url]);
    expect(JSON.parse(alone.stdout)).toMatchObject({
      ok: false,
      healthy: 0,
      drained: 1,
      targets: [
        {
          outcome: 'drained',
          hold: { kind: 'drain', by: 'ops (master key)', reason: 'vendor maintenance', until: null },
        },
      ],
    });
    expect(alone.status).toBe(1);
  });

  it('takes what is held up for healthy, and says what its probes say', async () => {
    each.upstream.set('a', { kind: 'status', status: 500 });
    const url = await each.stage.pod(configOf('a'));
    await each.stage.run(['hold-up', 'a', '--url', url, '--reason', 'the probe is wrong', '--by', 'ops']);
    const { status, stdout } = await each.stage.run(['check', '--url', url]);
    expect(stdout).toMatch(
      /^ok {6}a \(openai\/a\): held up by ops \(master key\) since \S+Z, no end: the probe is wrong; probes: \w+, \d server error/m,
    );
    expect(status).toBe(0);
  });

  it('says beside its answers that probing is paused', async () => {
    const url = await each.stage.pod(configOf('a'));
    await each.stage.run(['probing', 'pause', '--url', url, '--reason', 'the bill', '--by', 'ops']);
    const { status, stdout, stderr } = await each.stage.run(['check', '--url', url]);
    expect(stderr).toMatch(
      /^warning: probing is paused by ops \(master key\) since \S+Z, no end: the bill; these probes run anyway$/m,
    );
    expect(stdout).toMatch(/^ok {6}a \(openai\/a\): up, answered in \d+ ms/m);
    expect(status).toBe(0);
  });

  it('takes the key from a file, and says how to give one where it is missing or wrong', async () => {
    const url = await each.stage.pod(configOf('a'));
    const [good, bad] = [each.stage.file('key', `${MASTER_KEY}\n`), each.stage.file('wrong', 'sk-wrong-key')];
    expect((await each.stage.run(['check', '--url', url, '--key-file', good], {})).status).toBe(0);
    const missing = await each.stage.run(['check', '--url', url], {});
    expect(missing.stderr).toContain('requires a key: give one with --key-file, ALLSWELL_MASTER_KEY');
    const wrong = await each.stage.run(['check', '--url', url, '--key-file', bad], {});
    expect(wrong.stderr).toContain('refuses the key');
    expect(wrong.stderr).not.toContain('sk-wrong-key');
    expect([missing.status, wrong.status]).toEqual([6, 6]);
  });

  it('ends with 6 where no pod answers', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const { status, stderr } = await each.stage.run(['check', '--url', `http://127.0.0.1:${port}`]);
    expect([status, stderr]).toEqual([6, `no pod answers at http://127.0.0.1:${port}: ECONNREFUSED\n`]);
  });

  it('refuses a URL with a password in it, without showing it', async () => {
    const { status, stderr } = await each.stage.run(['check', '--url', 'http://me:hunter22@127.0.0.1:4000']);
    expect(status).toBe(2);
    expect(stderr).not.toContain('hunter22');
  });

  it('refuses --config and --url together, but lets --config go before ALLSWELL_URL', async () => {
    const args = ['check', '--config', configFile('a')];
    expect((await each.stage.run([...args, '--url', 'http://127.0.0.1:1'])).status).toBe(2);
    expect((await each.stage.run(args, { ALLSWELL_URL: 'http://127.0.0.1:1' })).status).toBe(0);
  });
});

function configFile(...models: readonly string[]): string {
  return each.stage.file('proxy_config.yaml', configOf(...models));
}

function configOf(...models: readonly string[]): string {
  const entries = models.map(
    (model) => `  - model_name: ${model}
    litellm_params: { model: openai/${model}, api_base: "${each.upstream.apiBase}", api_key: sk-upstream }
    model_info: { health_check_timeout: 5 }`,
  );
  return `model_list:\n${entries.join('\n')}\ngeneral_settings: { master_key: ${MASTER_KEY} }\n`;
}
