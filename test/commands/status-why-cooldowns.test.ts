import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askPod } from '../../src/cli/ask/index.ts';
import type { FleetPage } from '../../src/cli/ask/index.ts';
import { findWhy } from '../../src/cli/status/find-why.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import type { RealPod } from '../support/real-pods.ts';
import { codes, seen } from '../support/why.ts';

// Real pods that write LiteLLM's cooldown keys; no LiteLLM is needed to see what they do.

const each = podsAndUpstream();

/** Two deployments of one group, `broken` and `fine`, and the group `alone` of another one that fails. */
function yaml(port: number, cooldowns: string, more = ''): string {
  const entry = (name: string, model: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/${model}, api_base: "${each.upstream.apiBase}", api_key: sk-u }, model_info: { id: ${model}, health_check_timeout: 1 } }`;
  return `model_list:
${entry('chat', 'broken')}
${entry('chat', 'fine')}
${entry('alone', 'lonely')}
general_settings: { background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: 127.0.0.1, port: ${port} } }
fleet_health: { litellm_bridge: { enabled: true, cooldowns: ${cooldowns} } }
${more}
`;
}

function breakUpstreams(): void {
  for (const model of ['broken', 'lonely']) each.upstream.set(model, { kind: 'status', status: 500 });
}

async function pageOf(pod: RealPod): Promise<FleetPage> {
  const answer = await askPod<FleetPage>(pod, '/fleet');
  if (answer.kind !== 'answered') throw new Error(answer.why);
  return answer.body;
}

async function switched(pod: RealPod, mode: string): Promise<void> {
  const answer = await askPod(pod, `/fleet/cooldowns/${mode}`, { method: 'POST', body: { reason: 'upgrade' } });
  expect(answer.kind).toBe('answered');
}

describe('allswell status --why names', { timeout: 60_000 }, () => {
  it('a failing deployment that stays routable because it is the last one, and shows what is cooled', async () => {
    const { port, url } = await each.pods.redis();
    breakUpstreams();
    const pod = await each.pods.pod(yaml(port, 'on'));
    const found = await seen(pod, 'cooldowns-last-one');
    expect(found).toMatchObject({ level: 'problem', todo: expect.stringContaining('fallbacks') });
    expect(found.says).toMatch(
      /^alone \(lonely\) stays in LiteLLM's routing although .*: it is the last routable deployment of alone\.$/,
    );
    const redis = admin(url);
    await until(() => redis.get('deployment:broken:cooldown'), { withinMs: 10_000, what: 'the cooldown' });
    expect(await redis.exists('deployment:lonely:cooldown')).toBe(0);
    const held = async (): Promise<boolean> => (await pageOf(pod)).bridge?.cooldowns?.held.length === 1;
    await until(held, { withinMs: 10_000, what: 'the cooldown in /fleet' });
    const { bridge } = await pageOf(pod);
    expect(bridge?.cooldowns).toMatchObject({
      mode: 'on',
      pod: pod.server.pod,
      problem: null,
      held: [{ model_name: 'chat', model_id: 'broken', reason: 'down', status: 500, by: 'allswell' }],
      last_routable: [{ model_name: 'alone', model_id: 'lonely', pool: 'alone' }],
      // A cooldown that begins again counts again, and on a busy machine it may: after a moment without the lease, or while this
      // lone pod knows no upstream that works, so that its own network may be the reason.
      counts: { written: { down: expect.any(Number) }, refused: { down: expect.any(Number) } },
    });
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/LITELLM COOLDOWNS 1 \(mode on\)\n {2}cooled +chat +down .*\n {2}last one +alone +down /);
  });

  it('cooldowns that an operator restricted: they end in every pod, and are written again after it', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    breakUpstreams();
    const pod = await each.pods.pod(yaml(port, 'on'));
    const standby = await each.pods.pod(yaml(port, 'on'));
    await until(() => redis.get('deployment:broken:cooldown'), { withinMs: 20_000, what: 'the cooldown' });
    await switched(standby, 'observe');
    const gone = async (): Promise<boolean> => (await redis.exists('deployment:broken:cooldown')) === 0;
    // Less than the three seconds of its life: it was ended.
    await until(gone, { withinMs: 1_500, what: 'the end of the cooldown' });
    for (const one of [pod, standby]) {
      expect((await seen(one, 'cooldowns-restricted')).says).toMatch(
        /^LiteLLM cooldowns are set to observe by .* since .*, no end: upgrade\.$/,
      );
    }
    // Without probes and without LiteLLM's cooldowns nothing shows an outage.
    await switched(pod, 'off');
    await askPod(pod, '/fleet/probing/pause', { method: 'POST', body: { by: 'ann', reason: 'the bill' } });
    expect(await seen(pod, 'nothing-finds-outages')).toMatchObject({ level: 'problem' });
    await askPod(pod, '/fleet/probing/resume', { method: 'POST', body: { by: 'ann', reason: 'paid' } });
    await switched(pod, 'on');
    await until(() => redis.get('deployment:broken:cooldown'), { withinMs: 5_000, what: 'the cooldown again' });
    expect(await codes(pod)).not.toContain('cooldowns-restricted');
  });

  it('a working deployment that LiteLLM itself keeps out of its routing for long', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const pod = await each.pods.pod(yaml(port, 'on'));
    const up = async (): Promise<boolean> => (await pageOf(pod)).targets.every(({ state }) => state === 'up');
    await until(up, { withinMs: 20_000, what: 'all targets up' });
    await redis.set('deployment:fine:cooldown', litellmCooldown(600), 'EX', 600);
    const found = await seen(pod, 'litellm-cooldown');
    expect(found).toMatchObject({ level: 'note', todo: expect.stringContaining('Retry-After') });
    expect(found.says).toMatch(
      /^LiteLLM itself sends no requests to chat \(fine\) after HTTP 429, since 20\S+Z until 20\S+Z \(in \d+ min\), although its target is up\.$/,
    );
    // Of a few seconds after single failures there are many.
    await redis.set('deployment:broken:cooldown', litellmCooldown(20), 'EX', 20);
    const both = async (): Promise<boolean> => (await pageOf(pod)).bridge?.cooldowns?.litellm.length === 2;
    await until(both, { withinMs: 10_000, what: 'both cooldowns' });
    expect((await codes(pod)).filter((code) => code === 'litellm-cooldown')).toHaveLength(1);
  });

  it('cooldowns that are only observed although a target is down', async () => {
    const { port, url } = await each.pods.redis();
    breakUpstreams();
    const pod = await each.pods.pod(yaml(port, 'observe'));
    const found = await seen(pod, 'cooldowns-observed', ({ says }) => says.includes('It would cool chat.'));
    expect(found).toMatchObject({ level: 'note', todo: expect.stringContaining('cooldowns: on') });
    expect(await admin(url).exists('deployment:broken:cooldown')).toBe(0);
  });

  it('a Redis of the Router that does not answer, and one that refuses the commands', async () => {
    const { port } = await each.pods.redis();
    const router = await each.pods.redis();
    breakUpstreams();
    const redis = admin(router.url);
    const pod = await each.pods.pod(
      yaml(port, 'on', `router_settings: { redis_host: 127.0.0.1, redis_port: ${router.port} }`),
    );
    await until(() => redis.get('deployment:broken:cooldown'), { withinMs: 20_000, what: 'the cooldown' });
    await redis.call('ACL', 'SETUSER', 'default', 'resetkeys', '~other:*');
    const refused = await seen(pod, 'cooldowns-refused');
    expect(refused.says).toMatch(/^the Redis of LiteLLM's Router refuses LiteLLM cooldowns of pod_\S+: .*NOPERM/);
    await router.kill();
    const unreachable = await seen(pod, 'cooldowns-unreachable');
    expect(unreachable.says).toMatch(
      /^pod_\S+ cannot reach the Redis of LiteLLM's Router to write LiteLLM cooldowns: /,
    );
    expect(await codes(pod)).not.toContain('bridge-without-redis');
  });

  it('a bridge whose results no client has read for a quarter of an hour, and not one whose results are read', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const pod = await each.pods.pod(yaml(port, 'on'));
    await seen(pod, 'bridge-publishing');
    const visible = async (): Promise<boolean> => (await pageOf(pod)).bridge?.reads_visible === true;
    await until(visible, { withinMs: 10_000, what: 'the bridge to know that it sees reads' });
    const later = async (): Promise<readonly string[]> => {
      const page = await pageOf(pod);
      const now = new Date(Date.parse(page.now) + 16 * 60_000).toISOString();
      return findWhy([{ kind: 'answered', url: pod.url, page: { ...page, now } }]).map(({ code }) => code);
    };
    expect(await later()).toContain('bridge-unread');
    expect(await later()).not.toContain('bridge-used');
    const used = async (): Promise<boolean> => {
      await redis.get('health_check_results');
      return (await later()).includes('bridge-used');
    };
    await until(used, { withinMs: 30_000, what: 'a read to be seen', everyMs: 1_300 });
    expect(await later()).not.toContain('bridge-unread');
  });
});

/** Text of LiteLLM's key for a cooldown that begins now. */
function litellmCooldown(seconds: number): string {
  const [now, what] = [Date.now() / 1_000, 'litellm.RateLimitError'];
  return JSON.stringify({ exception_received: what, status_code: '429', timestamp: now, cooldown_time: seconds });
}

function admin(url: string): Redis {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}
