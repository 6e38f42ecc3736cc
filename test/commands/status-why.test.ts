import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { codes, podYaml, seen, targetsOf } from '../support/why.ts';
import type { Yaml } from '../support/why.ts';
import { until } from '../../src/testing/index.ts';
import { askPod } from '../../src/cli/ask/index.ts';
import type { PodAddress } from '../../src/cli/ask/index.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';

// Real pods over real Redis servers, brought into each state that the page about troubleshooting names.

const each = podsAndUpstream();

describe('allswell status --why names', { timeout: 60_000 }, () => {
  it('who holds a lease, and until when', async () => {
    each.upstream.set('a', { kind: 'hang' });
    const { port } = await each.pods.redis();
    const text = yaml({ redis: `port: ${port}` }).replace('health_check_timeout: 1', 'health_check_timeout: 60');
    const pod = await each.pods.pod(text);
    const found = await seen(pod, 'lease-held');
    expect(await seen(pod, 'target-not-judged')).toMatchObject({
      level: 'note',
      says: 'a (openai/a) was not judged yet: never probed.',
    });
    expect(found.level).toBe('note');
    expect(found.says).toMatch(
      new RegExp(`^The lease of a \\(openai/a\\) is held by ${pod.server.pod} until \\d{4}-\\S+Z \\(in \\d+ s\\)\\.$`),
    );
  });

  it('targets that are down, with class, since when, who saw it and what to do', async () => {
    each.upstream.set('a', { kind: 'hang' });
    each.upstream.set('b', { kind: 'status', status: 401, body: { error: { message: 'no such key' } } });
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, models: ['a', 'b'] }));
    const seenBy = String.raw`\(seen by ${pod.server.pod}\)\.$`;
    const hung = await seen(pod, 'target-down', ({ says }) => says.startsWith('a ('));
    expect(hung.says).toMatch(
      new RegExp(
        String.raw`^a \(openai/a\) is down since \S+Z \(start of the first failed request\): 2 timeouts, .*${seenBy}`,
      ),
    );
    expect(hung.todo).toMatch(/^The upstream hangs, .* allswell explain a shows the evidence\.$/);
    const denied = await seen(pod, 'target-down', ({ says }) => says.startsWith('b ('));
    expect(denied.says).toMatch(
      new RegExp(String.raw`^b \(openai/b\) is down since \S+Z: 1 auth error .*no such key.*${seenBy}`),
    );
    expect(denied.todo).toMatch(/^Correct the key or its rights/);
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'why', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).not.toContain('no findings');
    expect(process.exitCode).toBe(1);
  });

  it('evidence that nobody renews', async () => {
    const { port } = await each.pods.redis();
    const general = 'background_health_checks: false, use_shared_health_check: true, health_check_interval: 1';
    const env = { DEFAULT_SHARED_HEALTH_CHECK_TTL: '1' };
    const pod = await each.pods.pod(yaml({ general, redis: `port: ${port}` }), env);
    await askPod(pod, '/fleet/targets/a/check', { method: 'POST' });
    const found = await seen(pod, 'stale-evidence');
    expect(found.says).toMatch(/^The evidence about a \(openai\/a\) is stale: the newest is \d+ s old\.$/);
  });

  it('what operators decided, and shows it on the screen', async () => {
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    await seen(pod, 'alone-in-fleet');
    const because = { by: 'ann', reason: 'the bill' };
    await askPod(pod, '/fleet/probing/pause', { method: 'POST', body: because });
    await askPod(pod, '/fleet/targets/a/drain', {
      method: 'POST',
      body: { ...because, until: new Date(Date.now() + 3_600_000).toISOString() },
    });
    expect((await seen(pod, 'probing-paused')).says).toMatch(
      /^Probing is paused by .*ann.* since \S+Z, no end: the bill\.$/,
    );
    expect((await seen(pod, 'target-held')).says).toMatch(
      /^a \(openai\/a\) gets no traffic: drained by .*ann.* since \S+Z, until \d{4}-\S+Z: the bill\.$/,
    );
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/^probing: .*: the bill$/m);
    expect(stdout()).toMatch(/^TARGETS 1: 1 drained$/m);
    expect(stdout()).toMatch(/^fleet .* · 2 holds$/m);
    expect(stdout()).toMatch(/^ {2}drained {2}a \(openai\/a\) .*drained by .*: the bill \(probes: \w+\)/m);
  });

  it('a Redis that may evict', async () => {
    const { port } = await each.pods.redis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    const found = await seen(await each.pods.pod(yaml({ redis: `port: ${port}` })), 'store-may-evict');
    expect(found.says).toContain('maxmemory-policy allkeys-lru');
  });

  it('a record that a newer version wrote', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    await until(async () => (await targetsOf(one))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    const [id] = (await targetsOf(one)).map(({ target }) => target);
    const redis = new Redis(port);
    await redis.hset('allswell:{default}:records', id ?? '', `${Date.now()}000 1 1 1 {"format":99}`);
    redis.disconnect();
    const newcomer = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    expect(await seen(newcomer, 'record-unreadable')).toMatchObject({
      level: 'problem',
      says: 'The record of a (openai/a) cannot be read: it is damaged, or another version wrote it.',
      todo: expect.stringContaining('Finish the deploy'),
    });
  });

  it('an upstream that rejects the probe itself, and one that made the fleet change it', async () => {
    each.upstream.set('a', { kind: 'reject', parameter: 'messages' });
    each.upstream.set('b', { kind: 'reject', parameter: 'max_tokens' });
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, models: ['a', 'b'] }));
    expect(await seen(pod, 'probe-rejected')).toMatchObject({
      level: 'problem',
      says: "The upstream rejects the probe of a (openai/a), so its state comes from older evidence: HTTP 400: Unsupported parameter: 'messages' is not supported with this model.",
      todo: expect.stringContaining('health_check_params'),
    });
    expect(await seen(pod, 'probe-adapted')).toMatchObject({
      level: 'note',
      says: 'The upstream of b (openai/b) rejects max_tokens: probes send max_completion_tokens instead.',
    });
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/a \(openai\/a\) .*probe-rejected\] the upstream rejects the probe request \(HTTP 400/);
  });

  it('an upstream over its rate limit, and one that does not answer', async () => {
    each.upstream.set('a', { kind: 'status', status: 429, body: { error: { message: 'too many' } } });
    each.upstream.set('b', { kind: 'hang' });
    const { port } = await each.pods.redis();
    const text = yaml({ redis: `port: ${port}`, models: ['a', 'b'] });
    const pod = await each.pods.pod(text.replaceAll('health_check_timeout: 1', 'health_check_timeout: 60'));
    expect(await seen(pod, 'rate-limited')).toMatchObject({
      level: 'note',
      says: expect.stringMatching(
        /^a \(openai\/a\) is degraded since \S+Z because its upstream rate-limits: rate-limited once: HTTP 429: too many \(seen by pod_\S+\)\.$/,
      ),
    });
    expect(await seen(pod, 'slow')).toMatchObject({
      level: 'note',
      says: expect.stringMatching(
        /^b \(openai\/b\) .*: a running probe has had no answer for \d+ s; pod_\S+ probes it\.$/,
      ),
    });
  });

  it('a failure that is not confirmed yet', async () => {
    const { port } = await each.pods.redis();
    const general = 'background_health_checks: false, use_shared_health_check: true';
    const pod = await each.pods.pod(yaml({ general, redis: `port: ${port}` }));
    const [id = ''] = (await targetsOf(pod)).map(({ target }) => target);
    const at = Date.now() * 1_000;
    const witnesses = ['one', 'two'].map((host) => ({ pod: `pod_${host}`, host: `${host}.test`, at, position: 1 }));
    await plant(port, id, { at, length: 1, witnesses });
    // A pod that starts now reads it; the one before reads the records again only after minutes.
    const other = await each.pods.pod(yaml({ general, redis: `port: ${port}` }));
    expect(await seen(other, 'target-suspect')).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(/^a \(openai\/a\) is suspect since \S+Z: .* \(seen by pod_one, pod_two\)\.$/),
    });
  });

  it('an outage that one host alone saw, because the other pods do not look', async () => {
    const { port } = await each.pods.redis();
    const general = 'background_health_checks: false, use_shared_health_check: true';
    const pod = await each.pods.pod(yaml({ general, redis: `port: ${port}` }));
    const [id = ''] = (await targetsOf(pod)).map(({ target }) => target);
    // What a pod leaves behind that saw the outage and is gone.
    const at = Date.now() * 1_000;
    const witness = { pod: 'pod_gone', host: 'gone.test', at, position: 2 };
    await plant(port, id, { at, length: 2, witnesses: [witness], aloneSince: at });
    // A pod that starts now reads it; the one before reads the records again only after minutes.
    const other = await each.pods.pod(yaml({ general, redis: `port: ${port}` }));
    await until(async () => (await codes(other)).includes('unconfirmed'), { withinMs: 40_000, what: 'unconfirmed' });
    expect(await seen(other, 'unconfirmed')).toMatchObject({
      level: 'problem',
      says: 'a (openai/a) is down, but only one pod host saw the failures; the other pods did not probe in time.',
      todo: expect.stringContaining('why the other pods do not probe it'),
    });
  });

  it('a pod that does not answer, beside one that does', async () => {
    const pod = await each.pods.pod(yaml({ general: 'background_health_checks: true' }));
    const gone: PodAddress = { url: 'http://127.0.0.1:1', key: undefined, timeoutMs: 1_000 };
    expect(await codes(pod, gone)).toContain('pod-unreachable');
  });

  it('nothing at all where two pods share as they should, with status 0', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    await each.pods.pod(yaml({ redis: `port: ${port}` }));
    await until(async () => (await targetsOf(one))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    await until(async () => (await codes(one)).length === 0, { withinMs: 15_000, what: 'no finding' });
    const { process, stdout } = captured();
    const end = new AbortController().signal;
    await runStatus([one], { shows: 'why', output: 'lines' }, { process, end });
    expect(stdout()).toMatch(/^fleet default · shared · for .* · asked \S+\/pod_\S+$/m);
    expect(stdout()).toMatch(/^PODS 2$/m);
    expect(stdout()).toMatch(/^TARGETS 1: 1 up$/m);
    expect(stdout()).toMatch(/^WHY: no findings$/m);
    expect(process.exitCode).toBe(0);
  });
});

interface Series {
  readonly at: number;
  readonly length: number;
  readonly witnesses: readonly { readonly pod: string; readonly host: string }[];
  readonly aloneSince?: number;
}

/** Writes a record of a target that fails, as pods would that are gone. */
async function plant(port: number, id: string, series: Series): Promise<void> {
  const { at, length, witnesses } = series;
  const failure = { class: series.aloneSince === undefined ? 'server' : 'network', message: 'connect ECONNREFUSED' };
  const { pod, host } = witnesses.at(-1) ?? { pod: 'pod_gone', host: 'gone.test' };
  const probe = { pod, host, at, answeredAt: at, source: 'probe', reason: 'scheduled' } as const;
  const last = { ...probe, level: 'inference', ok: false, latencyMs: 1, failure };
  const facts = {
    format: 2,
    run: { kind: 'failed', length, since: at },
    lastSuccess: {},
    last,
    failureRun: { ...failure, ...series, level: 'inference', since: at, after: 0, afterSince: 0 },
  };
  const redis = new Redis(port);
  await redis.hset('allswell:{default}:records', id, `${at} ${at} ${at} ${at} ${JSON.stringify(facts)}`);
  redis.disconnect();
}

function yaml(changes: Yaml = {}): string {
  return podYaml(each.upstream.apiBase, changes);
}
