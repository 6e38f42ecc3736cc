import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { captured } from '../support/captured.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { podYaml, seen, SHARED } from '../support/why.ts';
import type { Yaml } from '../support/why.ts';
import { until } from '../../src/testing/index.ts';
import { askPod } from '../../src/cli/ask/index.ts';
import type { FleetPage, PodAddress } from '../../src/cli/ask/index.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';

// Real pods over real Redis servers: money, and what befell the store.

const each = podsAndUpstream();

describe('allswell status --why names', { timeout: 60_000 }, () => {
  it('a budget that is spent, in the rows, too', async () => {
    const { port } = await each.pods.redis();
    const more = 'fleet_health: { budget: { probes_per_hour: 1 } }';
    const text = yaml({ general: `${SHARED}, health_check_interval: 1`, redis: `port: ${port}`, more });
    const pod = await each.pods.pod(text);
    const found = await seen(pod, 'budget-spent');
    expect(found).toMatchObject({ level: 'problem', todo: expect.stringContaining('fleet_health.budget') });
    expect(found.says).toMatch(
      /^The probe budget of the fleet is spent until \S+:00:00\.000Z: only unbilled checks, no generation probes, for a \(openai\/a\)\.$/,
    );
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/budget: 1 of 1 probe this hour \(spent\)/);
    expect(stdout()).toMatch(/^ {2}up {2}a \(openai\/a\) .* \[budget-spent\] .*/m);
  });

  it('that Redis lost its data, in the money, too', async () => {
    const redis = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${redis.port}` }));
    await until(async () => (await targetsOf(pod))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    const client = new Redis(redis.port);
    await client.flushall();
    client.disconnect();
    expect(await seen(pod, 'store-lost-data')).toMatchObject({
      level: 'problem',
      says: expect.stringMatching(
        /^Redis lost its data or its latest writes \d+ s ago \(seen by pod_\S+\): this pod restored 1 record, .* disappears 10 min after /,
      ),
    });
    const { process, stdout } = captured();
    await runStatus([pod], { shows: 'status', output: 'lines' }, { process, end: new AbortController().signal });
    expect(stdout()).toMatch(/^COST of .*, counted since the store lost its data at \d{4}-\S+Z$/m);
  });

  it('data that no pod wrote, and messages of something that is no pod', async () => {
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml({ redis: `port: ${port}` }));
    await until(async () => (await targetsOf(pod))[0]?.state === 'up', { withinMs: 15_000, what: 'a verdict' });
    const client = new Redis(port);
    const fields = Array.from({ length: 20_000 }, (_, i) => [`planted${i}`, '1 x 0 1 1']).flat();
    await client.hset('allswell:{default}:leases', ...fields);
    await client.publish('allswell:{default}:push', 'junk');
    client.disconnect();
    expect((await seen(pod, 'forged-messages')).says).toContain('ignored a message that does not parse: junk');
    expect((await seen(pod, 'foreign-data')).says).toMatch(
      /: \d+ of \d+ sampled names belong to targets in no pod's model list\. This finding/,
    );
  });
});

async function targetsOf(address: PodAddress): Promise<FleetPage['targets']> {
  const answer = await askPod<FleetPage>(address, '/fleet');
  return answer.kind === 'answered' ? answer.body.targets : [];
}

function yaml(changes: Yaml = {}): string {
  return podYaml(each.upstream.apiBase, changes);
}
