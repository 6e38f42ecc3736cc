import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captured } from '../../../support/captured.ts';
import { startMockUpstream, until } from '../../../../src/testing/index.ts';
import type { MockUpstream } from '../../../../src/testing/index.ts';
import { runDryRun } from '../../../../src/cli/bridge/run-dry-run.ts';

// A real upstream; a Redis is named and never asked, for nothing listens there.

let upstream: MockUpstream;
let folder: string;

beforeEach(async () => {
  upstream = await startMockUpstream();
  folder = mkdtempSync(join(tmpdir(), 'allswell-dry-run-'));
});

afterEach(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true });
});

const nobodyEnds = new AbortController().signal;
const redis: NodeJS.ProcessEnv = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' };

async function dryRun({ timeout = 20, more = '', env = redis, end = nobodyEnds } = {}) {
  const config = join(folder, 'proxy_config.yaml');
  writeFileSync(
    config,
    `
model_list:
  - model_name: good
    litellm_params: { model: openai/good, api_base: "${upstream.apiBase}", api_key: sk-upstream }
    model_info: { id: id-of-good, health_check_timeout: 1 }
  - model_name: other
    litellm_params: { model: openai/other, api_base: "${upstream.apiBase}", api_key: sk-upstream }
    model_info: { health_check_timeout: 4 }
  - model_name: left-out
    litellm_params: { model: openai/left-out, api_base: "${upstream.apiBase}", api_key: sk-upstream }
    model_info: { disable_background_health_check: true }
general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 2, database_url: postgres://db }
${more}
`,
  );
  const { process, stdout, stderr } = captured(env);
  await runDryRun({ config, timeout }, { process, end });
  return { status: process.exitCode, stdout: stdout(), stderr: stderr() };
}

describe('allswell bridge --dry-run', { timeout: 40_000 }, () => {
  it('prints what would be published, after one probe of each model that LiteLLM would probe', async () => {
    const { status, stdout, stderr } = await dryRun();
    expect(JSON.parse(stdout)).toMatchObject({
      healthy_endpoints: [
        { model_id: 'id-of-good' },
        { model: 'openai/other', model_id: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      unhealthy_endpoints: [],
      healthy_count: 2,
      timestamp: expect.any(Number),
    });
    expect(status).toBe(0);
    expect(['good', 'other', 'left-out'].map((model) => upstream.probes(model))).toEqual([1, 1, 0]);
    // What protects LiteLLM is no reason not to stand beside it.
    expect(stderr).toContain(
      'general_settings.database_url is a security setting. The bridge ignores it: LiteLLM enforces it',
    );
    expect(stdout + stderr).not.toContain('sk-upstream');
  });

  it('waits for the confirmation of a failure, and ends with 1', async () => {
    upstream.set('other', { kind: 'status', status: 500 });
    const { status, stdout } = await dryRun();
    expect(JSON.parse(stdout)).toMatchObject({
      healthy_count: 1,
      unhealthy_endpoints: [{ model: 'openai/other', exception_status: 500, state: 'down' }],
    });
    expect(status).toBe(1);
  });

  it('prints beside it which LiteLLM cooldowns would be set, and which not because the deployment is the last one', async () => {
    upstream.set('other', { kind: 'status', status: 500 });
    const last = await dryRun();
    expect(last.stderr).toMatch(
      /^LiteLLM cooldown would not be set for other \([0-9a-f]{64}\): it is the last routable deployment of other, so LiteLLM would still send it requests; openai\/other is down: /m,
    );
    expect(last.stderr).not.toContain('would be set');
    const more = 'router_settings: { fallbacks: [{ other: [good] }] }';
    expect((await dryRun({ more })).stderr).toMatch(
      /^LiteLLM cooldown would be set: other \([0-9a-f]{64}\): openai\/other is down: /m,
    );
    const observe = `${more}\nfleet_health: { litellm_bridge: { cooldowns: observe } }`;
    expect((await dryRun({ more: observe })).stderr).toMatch(/^LiteLLM cooldown would only be observed: other /m);
    const off = `${more}\nfleet_health: { litellm_bridge: { cooldowns: off } }`;
    expect((await dryRun({ more: off })).stderr).toMatch(/^No LiteLLM cooldown would be set: .* is off$/m);
  });

  it('probes nothing again that is settled, however long it waits for others, and relies on it till the end', async () => {
    // What was seen first is older than that once a model that hangs was looked at twice.
    const more = 'fleet_health: { interval: 1 }';
    const ttl = { DEFAULT_SHARED_HEALTH_CHECK_TTL: '1' };
    upstream.set('other', { kind: 'hang' });
    const { status, stdout, stderr } = await dryRun({ more, env: { ...redis, ...ttl } });
    expect(stderr).toMatch(/^Waiting for verdicts: openai\/other$/m);
    expect(JSON.parse(stdout)).toMatchObject({ healthy_count: 1, unhealthy_count: 1 });
    expect(status).toBe(1);
    expect(upstream.probes('good')).toBe(1);
    // A third one may begin before the verdict of the second is seen.
    expect(upstream.probes('other')).toBeGreaterThanOrEqual(2);
  });

  it('confirms as often as a bridge would before it believes a failure', async () => {
    upstream.set('other', { kind: 'status', status: 500 });
    const { stdout } = await dryRun({ more: 'fleet_health: { interval: 1, fall: 5 }' });
    expect(JSON.parse(stdout)).toMatchObject({ healthy_count: 1, unhealthy_count: 1 });
    expect(upstream.probes('good')).toBe(1);
    expect(upstream.probes('other')).toBeGreaterThanOrEqual(5);
  });

  it('prints nothing where nothing is healthy from here, as a bridge would publish nothing, but says what failed', async () => {
    for (const model of ['good', 'other']) upstream.set(model, { kind: 'status', status: 401 });
    const { status, stdout, stderr } = await dryRun();
    expect(stdout).toBe('');
    expect(stderr).toContain("Nothing would be published: too few healthy hosts (0 of 1): probably this pod's network");
    expect(stderr).toMatch(/^openai\/good: 1 auth error .*mock upstream says 401$/m);
    expect(stderr).toMatch(/^openai\/other: 1 auth error /m);
    expect(status).toBe(1);
  });

  it('prints nothing where something was not judged in time, says what, and ends with 5', async () => {
    upstream.set('other', { kind: 'hang' });
    const { status, stdout, stderr } = await dryRun({ timeout: 3 });
    expect(stdout).toBe('');
    expect(stderr).toContain('Nothing would be published: 1 of 2 deployments is not judged yet: openai/other');
    expect(status).toBe(5);
  });

  it('stops at once when it is ended, and tells nothing of what it found', async () => {
    upstream.set('other', { kind: 'hang' });
    const end = new AbortController();
    const running = dryRun({ timeout: 600, end: end.signal });
    await until(() => upstream.probes('other') > 0, { withinMs: 10_000, what: 'the probe that hangs' });
    end.abort();
    const { status, stdout, stderr } = await running;
    expect([status, stdout]).toEqual([undefined, '']);
    expect(stderr).not.toContain('published');
  });

  it('says of a file without a Redis that nothing will be published, and refuses one that cannot be read', async () => {
    const { status, stdout, stderr } = await dryRun({ env: {} });
    expect(stderr).toContain('no Redis is configured: this bridge publishes nothing.');
    expect(JSON.parse(stdout)).toMatchObject({ healthy_count: 2 });
    expect(status).toBe(0);
    const { process, stderr: said } = captured({});
    await runDryRun({ config: join(folder, 'none.yaml'), timeout: 1 }, { process, end: nobodyEnds });
    expect(process.exitCode).toBe(2);
    expect(said()).toContain('none.yaml');
  });
});
