import { describe, expect, it } from 'vitest';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { codes, findings, podYaml, seen, SHARED, targetsOf } from '../support/why.ts';
import type { Yaml } from '../support/why.ts';
import { joinFleet, openai } from '../../src/library/index.ts';
import type { MemberInfo } from '../../src/ports/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { realClock, until } from '../../src/testing/index.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';

// Real pods over real Redis servers that share nothing, or not all: each is brought into one state, and asked why.

const each = podsAndUpstream();

describe('allswell status --why names as the reason why pods do not share', { timeout: 60_000 }, () => {
  it('a pod that nobody asked to share', async () => {
    const pod = await each.pods.pod(yaml({ general: 'background_health_checks: true' }));
    await until(async () => (await targetsOf(pod))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    expect(await findings(pod)).toEqual([
      {
        code: 'sharing-not-enabled',
        level: 'problem',
        says: `${pod.server.pod} does not share health: sharing is not enabled.`,
        todo: expect.stringContaining('use_shared_health_check: true'),
      },
    ]);
  });

  it('a pod that is to share and has no Redis', async () => {
    const [found] = await findings(await each.pods.pod(yaml({ general: SHARED })));
    expect(found).toMatchObject({
      code: 'redis-not-configured',
      says: expect.stringMatching(/^pod_\S+ cannot share health: sharing is enabled, but no Redis is configured\.$/),
      todo: expect.stringContaining('REDIS_HOST'),
    });
  });

  it('background checks that are off', async () => {
    const { port } = await each.pods.redis();
    const general = 'background_health_checks: false, use_shared_health_check: true';
    expect(await codes(await each.pods.pod(yaml({ general, redis: `port: ${port}` })))).toContain(
      'background-checks-off',
    );
  });

  it('a Redis that has gone, one that refuses the password, and what to do about either', async () => {
    const redis = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${redis.port}` }));
    await seen(pod, 'alone-in-fleet');
    await redis.kill();
    // Its first command after the end may meet a broken connection instead.
    const refused = await seen(pod, 'redis-unavailable', ({ says }) => says.includes('ECONNREFUSED'));
    expect(refused.says).toMatch(/^pod_\S+ works without Redis: /);
    expect(refused.todo).toContain('Nothing listens on this address');
    const locked = await each.pods.redis({ password: 'right-password' });
    const stranger = await each.pods.pod(yaml({ redis: `port: ${locked.port}, password: wrong-password` }));
    const found = await seen(stranger, 'redis-unavailable', ({ says }) => says.includes('WRONGPASS'));
    expect(found.todo).toContain('REDIS_PASSWORD');
    expect(JSON.stringify(found)).not.toMatch(/right-password|wrong-password/);
  });

  it('what is wrong with Redis by what happened, and not by what its host is called', async () => {
    const pod = await each.pods.pod(yaml({ redis: 'port: 6379', host: 'auth-tls-cache.invalid' }));
    const found = await seen(pod, 'redis-unavailable', ({ says }) => /ENOTFOUND|EAI_AGAIN/.test(says));
    expect(found.says).toContain('(Redis at auth-tls-cache.invalid:6379; ');
    expect(found.todo).toBe(
      'Until Redis answers, the pods keep their verdicts and probe in turns. The pod cannot resolve the host name of Redis: check REDIS_HOST and DNS.',
    );
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/^PODS unknown: the store has not answered yet$/m);
  });

  it('pods with other fleet names, given or from the namespace of the cache', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const named = await each.pods.pod(yaml({ redis: `port: ${port}`, more: 'fleet_health: { fleet: blue }' }));
    const spaced = await each.pods.pod(yaml({ redis: `port: ${port}, namespace: green` }));
    for (const [other, fleet] of [
      [named, 'blue'],
      [spaced, 'green'],
    ] as const) {
      const found = (await findings(one, other)).find(({ code }) => code === 'other-fleet-name');
      expect(found?.says).toBe(
        `${one.server.pod} is in the fleet default, ${other.server.pod} in the fleet ${fleet}: they do not share health.`,
      );
      expect(found?.todo).toContain('namespace');
    }
  });

  it('pods of one name on two Redis servers, each alone', async () => {
    const [a, b] = [await each.pods.redis(), await each.pods.redis()];
    const addresses = [
      await each.pods.pod(yaml({ redis: `port: ${a.port}` })),
      await each.pods.pod(yaml({ redis: `port: ${b.port}` })),
    ];
    const found = await until(
      async () => {
        const all = (await findings(...addresses)).map(({ code }) => code);
        return all.includes('other-store') ? all : undefined;
      },
      { withinMs: 15_000, what: 'two stores' },
    );
    expect(found.filter((code) => code === 'alone-in-fleet')).toHaveLength(2);
  });

  it('pods of one fleet with another model list and another policy', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const more = 'fleet_health: { fall: 5, budget: { probes_per_hour: 9 } }';
    const other = await each.pods.pod(yaml({ redis: `port: ${port}`, models: ['a', 'b'], more }));
    const named = await seen(one, 'other-model-list', ({ says }) => says.includes('also has'));
    expect(named.says).toMatch(/^The pods have 2 different model lists: pod_\S+ \(\w+\) \| pod_/);
    expect(named.says).toMatch(/\. pod_\S+ also has target \w+$/);
    const lacking = await seen(other, 'other-model-list', ({ says }) => says.includes('lacks'));
    expect(lacking.says).toMatch(/\. pod_\S+ lacks openai\/\w+$/);
    const both = (await findings(one, other)).filter(({ code }) => code === 'other-model-list');
    expect(both[0]?.says).toMatch(/ also has openai\/\w+$/);
    expect((await seen(one, 'other-policy')).says).toMatch(/^The pods have 2 different policies: /);
    expect(await codes(one)).not.toContain('other-budget');
    expect(await codes(one, other)).toContain('other-budget');
    expect(await codes(one)).not.toContain('alone-in-fleet');
    expect(await codes(one)).not.toContain('other-interval');
  });

  it('fewer pods than are expected, until another one starts, and one of another version', async () => {
    const { port } = await each.pods.redis();
    const text = yaml({ redis: `port: ${port}`, more: 'fleet_health: { expected_pods: 2 }' });
    const one = await each.pods.pod(text);
    expect((await seen(one, 'pods-missing')).says).toBe('1 of 2 expected pods is missing: 1 pod is live.');
    const { process, stdout } = captured();
    await runStatus([one], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/^PODS 1 of 2 expected$/m);
    // Pods of this process all have its version.
    const leave = await joinAs(port, { version: '0.0.1' });
    expect((await seen(one, 'other-version')).says).toMatch(
      /^The pods have 2 different versions: pod_\S+ \(\S+\) \| pod_/,
    );
    expect(await codes(one)).not.toContain('pods-missing');
    await leave();
  });

  it('a pod whose copy of the health has been 10 s behind for a minute', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const leave = await joinAs(port, { lag: { seconds: 10, since: Date.now() - 61_000 } });
    expect(await seen(one, 'pod-lags')).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(/^pod_other is behind Redis, ≥ 10 s for \d+ s: /),
      todo: expect.stringContaining('CPU limit'),
    });
    await leave();
  });

  it('no process with the library that has the upstreams of the pods', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const upstream = openai({ baseUrl: each.upstream.apiBase, apiKey: 'sk-upstream' });
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    await using fleet = await joinFleet({ redis: `redis://127.0.0.1:${port}`, logger, targets: { a: [upstream] } });
    const both = async (): Promise<boolean> =>
      fleet.members.length === 2 && !(await codes(one)).includes('alone-in-fleet');
    await until(both, { withinMs: 15_000, what: 'both to meet', everyMs: 50 });
    expect(await codes(one)).not.toContain('other-model-list');
    expect(await codes(one)).not.toContain('other-interval');
  });

  it('pods of one fleet that probe the same models at another interval', async () => {
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const other = await each.pods.pod(
      yaml({ redis: `port: ${port}`, general: `${SHARED}, health_check_interval: 77` }),
    );
    const { says, todo } = await seen(one, 'other-interval');
    expect(says).toMatch(
      /^The pods probe the same models with 2 different levels, intervals or timeouts: pod_\S+ \(\w+\) \| pod_\S+ \(\w+\)$/,
    );
    expect(says).toContain(other.server.pod);
    expect(todo).toContain('health_check_interval and health_check_timeout');
    expect(await codes(one)).not.toContain('other-model-list');
  });
});

function yaml(changes: Yaml = {}): string {
  return podYaml(each.upstream.apiBase, changes);
}

/** Another pod's heartbeat in the store at this port; returns what closes its connection. */
async function joinAs(port: number, changes: Partial<MemberInfo>): Promise<() => Promise<void>> {
  const info: MemberInfo = {
    pod: 'pod_other',
    version: '0.1.0',
    policyHash: 'p',
    targetsHash: 't',
    startedAt: Date.now(),
    impaired: false,
    host: 'other',
    domain: 'other',
    blind: [],
    unreached: [],
    ...changes,
  };
  const store = openRedisStore({
    fleet: 'default',
    connection: { kind: 'single', host: '127.0.0.1', port },
    clock: realClock(),
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    commandTimeoutMs: 2_000,
  });
  await until(
    async () => (await store.heartbeat({ info, ttlMs: 30_000, notAfter: Number.MAX_SAFE_INTEGER })).kind === 'ok',
    { withinMs: 10_000, what: 'a heartbeat of another pod' },
  );
  return () => store.close();
}
