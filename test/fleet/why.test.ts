import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';
import {
  allJudged,
  allMet,
  fleetFor,
  liveLeasesIn,
  modelNames,
  openOwnPath,
  SECRETS,
  startsOf,
} from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

// What `status --why` says of pods that end or lose their way: states that only processes of their own get into.

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly says: string;
  readonly todo: string;
}

describe('allswell status --why', () => {
  let cli: CliStage;
  beforeAll(() => {
    cli = openCliStage();
  });
  afterAll(async () => await cli.close());

  const why = async ({ url }: TestPod): Promise<{ status: number | null; findings: readonly Finding[] }> => {
    const args = ['status', '--why', '--json', '--url', url];
    const { status, stdout } = await cli.run(args, { LITELLM_MASTER_KEY: SECRETS.masterKey });
    return { status, findings: (JSON.parse(stdout) as { findings: readonly Finding[] }).findings };
  };
  const named = async (pod: TestPod, code: string): Promise<Finding> =>
    await until(async () => (await why(pod)).findings.find((one) => one.code === code), {
      withinMs: 30_000,
      what: code,
      everyMs: 200,
    });

  it('names the lease that a killed pod left behind, and until when it is waited for', async (test) => {
    // A lease that outlives its pod's membership.
    const fleet = await fleetFor(test, { pods: 0, models: ['m'], interval: 120, fleetHealth: { lease: 50 } });
    fleet.upstream.set('m', { kind: 'hang' });
    await Promise.all([fleet.addPod(), fleet.addPod()]);
    await allMet(fleet, 2);
    await until(() => startsOf(fleet.upstream, 'm').length > 0, { withinMs: 20_000, what: 'a probe that hangs' });
    const [lease] = await liveLeasesIn(fleet.store);
    const holder = fleet.podOf(lease?.pod ?? '');
    await holder.end();
    const survivor = fleet.pods.find((pod) => pod !== holder);
    const found = await named(survivor ?? holder, 'lease-of-gone-pod');
    expect(found).toMatchObject({
      level: 'note',
      todo: expect.stringContaining('another pod probes it after the lease expires'),
    });
    expect(found.says).toMatch(
      new RegExp(
        `^The lease of m \\(openai/m\\) is held by (?:\\S+/)?${holder.id}, which is no longer alive, until \\S+Z \\(in \\d+ s\\)\\.$`,
      ),
    );
  });

  it('names the pod that lost its way, at that pod and at the others, and what it alone fails to reach', async (test) => {
    // So many that, whatever the draw, the lost pod comes first for one of them.
    const models = modelNames(36).map((model, i) => ({ model, port: i % 3 }));
    const fleet = await fleetFor(test, { pods: 2, models, extraPorts: 2 });
    const way = await openOwnPath(fleet.upstream);
    const lost = await fleet.addPod(way.shape);
    await allMet(fleet, 3);
    await allJudged(fleet);
    await way.refuse();
    const alone = await named(lost, 'only-this-pod-fails');
    expect(alone.says).toMatch(
      new RegExp(
        `^Only [^ /]+/${lost.id} fails to reach m\\d+ \\(openai/m\\d+\\) \\(network: .*\\).*; other pods succeed there\\.$`,
      ),
    );
    for (const pod of [lost, fleet.pod(0)]) {
      expect(await named(pod, 'pod-impaired')).toMatchObject({
        level: 'problem',
        says: expect.stringMatching(
          new RegExp(
            `^([^ /]+/)?${lost.id} is impaired: it fails at half or more of its upstream hosts where other pods succeed`,
          ),
        ),
        todo: expect.stringContaining('Check that pod, not the upstream'),
      });
    }
    expect((await why(fleet.pod(0))).status).toBe(1);
  });
});
