import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FleetBody } from '../../src/api/index.ts';
import type { Finding } from '../../src/cli/status/finding.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import type { RealPod } from '../support/real-pods.ts';
import { codes, podYaml, seen, targetsOf } from '../support/why.ts';
import type { Yaml } from '../support/why.ts';

// Bridges to LiteLLM in each state; no LiteLLM is needed to tell them apart.

const BRIDGE = 'fleet_health: { litellm_bridge: true }';

const STRANGER = `  - model_name: stranger
    litellm_params: { model: sagemaker/x }
    model_info: { id: an-id }
`;

const each = podsAndUpstream();

describe('allswell status --why names', { timeout: 60_000 }, () => {
  it('a bridge that publishes, one that stands by, and one that no LiteLLM pod was seen by', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const one = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    await untilPublished(redis);
    const other = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    expect(await seen(one, 'bridge-publishing')).toMatchObject({
      level: 'note',
      says: expect.stringMatching(
        /^pod_\S+ publishes 1 healthy and 0 unhealthy endpoints for LiteLLM under health_check_results$/,
      ),
    });
    const standby = await seen(other, 'bridge-standby', ({ says }) => says.includes('publishes'));
    expect(standby.says).toBe(`${other.server.pod} is a standby bridge: ${one.server.pod} publishes`);
    expect((await seen(one, 'bridge-unnoticed')).todo).toMatch(
      /Run allswell bridge verify --config .* --litellm .*that use_shared_health_check is true in their file/,
    );
    await redis.set('health_check_lock', '"pod_1795345639889"');
    expect((await seen(one, 'bridge-used')).says).toMatch(
      /^LiteLLM pods use the results of pod_\S+, last \d+ s ago\.$/,
    );
    expect(await codes(one)).not.toContain('bridge-unnoticed');
  });

  it('a bridge whose results another client reads, by the time of the read alone', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    await untilPublished(redis);
    // A read within the same second as one of the bridge's own is not seen.
    const used = async (): Promise<boolean> => {
      await redis.get('health_check_results');
      return (await codes(pod)).includes('bridge-used');
    };
    await until(used, { withinMs: 30_000, what: 'the bridge to see a read', everyMs: 1_300 });
  });

  it("a bridge that found LiteLLM's own results in the place of its publication", async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    await untilPublished(redis);
    // A refresh may overwrite it before the next look: then it is planted again.
    const displaced = async (): Promise<boolean> => {
      await redis.set('health_check_results', '"{\\"timestamp\\": 1, \\"checked_by\\": \\"pod_1795345639889\\"}"');
      return (await codes(pod)).includes('bridge-displaced');
    };
    await until(displaced, { withinMs: 20_000, what: 'the bridge to see it', everyMs: 500 });
    const found = await seen(pod, 'bridge-displaced');
    expect(found).toMatchObject({ level: 'problem', todo: expect.stringContaining('DEFAULT_SHARED_HEALTH_CHECK_TTL') });
  });

  it("deployments in LiteLLM's own results that it does not publish", async () => {
    const { port, url } = await each.pods.redis();
    const rows = [{ model: 'openai/a' }, { model: 'openai/other', model_id: 'an-id' }];
    const results = { healthy_endpoints: rows, unhealthy_endpoints: [] };
    const text = JSON.stringify({ ...results, checked_by: 'pod_1795345639889' }).replaceAll('":', '": ');
    await admin(url).set('health_check_results', JSON.stringify(text));
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    expect(await seen(pod, 'bridge-other-models')).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(/^pod_\S+ lacks deployments .* at 20\S+Z; .* By id 1: openai\/other \(an-id\)$/),
      todo: expect.stringContaining('another key is another id'),
    });
  });

  it('deployments that it cannot probe, of which it publishes nothing and LiteLLM knows', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    const rows = [{ model: 'openai/a' }, { model: 'sagemaker/x', model_id: 'an-id' }];
    const text = JSON.stringify({ healthy_endpoints: rows, unhealthy_endpoints: [], checked_by: 'pod_1795345639889' });
    await redis.set('health_check_results', JSON.stringify(text.replaceAll('":', '": ')));
    const text2 = yaml({ redis: `port: ${port}` }).replace('general_settings:', `${STRANGER}general_settings:`);
    const pod = await each.pods.pod(text2, {}, 'bridge');
    expect(await seen(pod, 'bridge-unprobed')).toMatchObject({
      level: 'note',
      says: '1 deployments of LiteLLM are not probed and not published: stranger (sagemaker/x)',
    });
    await until(async () => (await redis.get('health_check_results'))?.includes(pod.server.pod), {
      withinMs: 20_000,
      what: 'a publication',
    });
    expect(await redis.get('health_check_results')).not.toContain('sagemaker');
    // It knows the deployment: it is no difference between LiteLLM's list and its own.
    expect(await codes(pod)).not.toContain('bridge-other-models');
    const unprobed = {
      model_name: 'stranger',
      model_id: 'an-id',
      model: 'sagemaker/x',
      watched: 'traffic',
      why: expect.stringContaining('allswell does not support'),
      traffic: null,
    };
    expect(await asked(pod, '/fleet')).toMatchObject({ targets: [{}], unprobed: [unprobed] });
    expect(await asked(pod, '/health')).toMatchObject({ healthy_count: 1, unprobed_endpoints: [unprobed] });
    expect(await asked(pod, '/health?model=stranger')).toMatchObject({
      healthy_count: 0,
      unprobed_endpoints: [unprobed],
    });
    expect(await asked(pod, '/health?model=a')).not.toHaveProperty('unprobed_endpoints');
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(
      /NOT PROBED 1\n {2}stranger +sagemaker\/x +watched: traffic +nothing reported +model_list\[1\]/,
    );

    const cooldown = {
      exception_received: 'boom',
      status_code: '503',
      timestamp: Date.now() / 1_000,
      cooldown_time: 600,
    };
    await redis.set('deployment:an-id:cooldown', JSON.stringify(cooldown), 'EX', 600);
    const reported = async (): Promise<boolean> => {
      const {
        unprobed: [row],
      } = (await asked(pod, '/fleet')) as FleetBody;
      return row?.traffic?.last_failure?.status === 503;
    };
    await until(reported, { withinMs: 10_000, what: "LiteLLM's cooldown to be shown" });
    const later = captured();
    const line = { process: later.process, end: new AbortController().signal };
    await runStatus([pod], { shows: 'status', output: 'lines' }, line);
    expect(later.stdout()).toMatch(/stranger +sagemaker\/x +watched: traffic +LiteLLM cooldown until in \d+ min/);
  });

  it('LiteLLM pods that know nothing of the namespace', async () => {
    const { port, url } = await each.pods.redis();
    const redis = admin(url);
    await redis.set('health_check_results', '"{\\"timestamp\\": 1, \\"checked_by\\": \\"pod_1795345639889\\"}"');
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}, namespace: team`, more: BRIDGE }));
    const found = await seen(pod, 'bridge-other-namespace');
    expect(found.says).toBe(
      `${pod.server.pod} publishes for LiteLLM under team:health_check_results, but LiteLLM pods write their own results under health_check_results`,
    );
    expect(await redis.get('health_check_results')).toContain('pod_1795345639889');
  });

  it('a bridge that has nothing it could vouch for, and the model that is to blame', async () => {
    const { port } = await each.pods.redis();
    each.upstream.set('slow', { kind: 'hang' });
    const models = ['a', 'slow'];
    const pod = await each.pods.pod(
      yaml({ redis: `port: ${port}`, models, more: BRIDGE }).replaceAll(
        'health_check_timeout: 1 ',
        'health_check_timeout: 30 ',
      ),
    );
    const judgedA = ({ says }: Finding): boolean => says.includes('/slow') && !says.includes('/a');
    const found = await seen(pod, 'bridge-withheld', judgedA);
    expect(found).toMatchObject({
      level: 'problem',
      says: `${pod.server.pod} does not publish results for LiteLLM: 1 of 2 deployments is not judged yet: openai/slow`,
    });
  });

  it('a bridge without a Redis, and one whose Redis has gone', async () => {
    const alone = await each.pods.pod(yaml({ more: BRIDGE }));
    expect((await seen(alone, 'bridge-without-redis')).says).toContain('does not share health through Redis');
    const redis = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${redis.port}`, more: BRIDGE }));
    await seen(pod, 'bridge-publishing');
    await redis.kill();
    await seen(pod, 'bridge-without-redis', ({ says }) => says.includes('Redis'));
  });

  it('a bridge that cannot read a record of a newer version, and leaves the lease to others', async () => {
    const { port, url } = await each.pods.redis();
    const first = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    const [target = ''] = (await targetsOf(first)).map((one) => one.target);
    await admin(url).hset('allswell:{default}:records', target, `${Date.now()}999 1 1 1 {"format":99}`);
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    const why = 'a newer version wrote the record of 1 target, which this pod cannot read';
    const found = await seen(pod, 'bridge-withheld', ({ says }) => says.endsWith(why));
    expect(found.level).toBe('problem');
    expect(await codes(pod)).toContain('record-unreadable');
    await until(async () => (await admin(url).exists('allswell:bridge:{health_check_results}')) === 0, {
      withinMs: 5_000,
      what: 'the lease to be free',
    });
  });

  it('a bridge whose Redis user lacks its rights', async () => {
    const { port, url } = await each.pods.redis();
    await admin(url).call('ACL', 'SETUSER', 'default', 'resetkeys', '~allswell:{default}:*');
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}`, more: BRIDGE }));
    const found = await seen(pod, 'bridge-lacks-rights');
    expect(found.says).toContain('Redis refuses the command: NOPERM');
    expect(found.says).toContain('allswell:bridge:{health_check_results} (Redis at ');
    expect(found.says).toContain('ACL SETUSER <user> ~health_check_results ~health_check_lock ');
    expect(found.todo).toContain('run the command above');
    expect(await codes(pod)).not.toContain('bridge-without-redis');
  });
});

function yaml(changes: Yaml): string {
  return podYaml(each.upstream.apiBase, changes);
}

async function asked({ url, key }: RealPod, path: string): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return await answer.json();
}

function admin(url: string): Redis {
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function untilPublished(redis: Redis): Promise<void> {
  await until(() => redis.get('health_check_results'), { withinMs: 20_000, what: 'a publication' });
}
