import { describe, expect, it } from 'vitest';
import { downView, fleetDouble, NOW, upView, viewOf } from '../../golden/fleet-double.ts';
import type { FleetDouble } from '../../golden/fleet-double.ts';
import type { Facts } from '../../../src/health/index.ts';
import { createMetrics } from '../../../src/telemetry/index.ts';
import type { MeasuredConfig, PodMetrics } from '../../../src/telemetry/index.ts';

const target = { id: 'aa11', name: 'openai/gpt-4o-mini' };
const LABELS = 'target="aa11",model="openai/gpt-4o-mini"';
const hold = { by: 'ops', reason: 'maintenance', version: 1, until: null } as const;

function observed(fleet: FleetDouble, config: MeasuredConfig = { targets: [target] }): PodMetrics {
  const metrics = createMetrics(config);
  metrics.observe(fleet);
  return metrics;
}

async function shown(metrics: PodMetrics, prefix: string): Promise<readonly string[]> {
  const { text } = await metrics.scrapeFleet();
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

const STATE = 'allswell_target_state{';

describe('the metrics of the fleet', () => {
  it('show the state of each target as one number, the age of its evidence, and since when', async () => {
    const metrics = observed(fleetDouble([upView(target.id)]));
    expect(await shown(metrics, STATE)).toEqual([`allswell_target_state{${LABELS}} 1`]);
    expect(await shown(metrics, 'allswell_target_evidence_age')).toEqual([
      `allswell_target_evidence_age_seconds{${LABELS}} 2.5`,
    ]);
    const since = (NOW - 22_500_000) / 1_000_000;
    expect(await shown(metrics, 'allswell_target_state_start')).toEqual([
      `allswell_target_state_start_timestamp_seconds{${LABELS}} ${since}`,
    ]);
    expect(await shown(metrics, 'allswell_fleet_targets')).toEqual([
      'allswell_fleet_targets{state="unknown"} 0',
      'allswell_fleet_targets{state="up"} 1',
      'allswell_fleet_targets{state="degraded"} 0',
      'allswell_fleet_targets{state="suspect"} 0',
      'allswell_fleet_targets{state="down"} 0',
    ]);
  });

  it('show what all pods see, not what only the answering pod sees', async () => {
    const { since, ...rest } = upView(target.id);
    const fleet = fleetDouble([{ ...rest, since: NOW, state: 'suspect', localOnly: true }]);
    const metrics = observed(fleet);
    expect(await shown(metrics, STATE)).toEqual([`allswell_target_state{${LABELS}} 1`]);
    expect(await shown(metrics, 'allswell_target_state_start')).toEqual([
      `allswell_target_state_start_timestamp_seconds{${LABELS}} ${Number(since) / 1_000_000}`,
    ]);
  });

  it('are not stuck at down when a target recovers by time alone, without an event', async () => {
    const fleet = fleetDouble([downView(target.id, { class: 'server', message: 'HTTP 500', status: 500 })]);
    const metrics = observed(fleet);
    expect(await shown(metrics, STATE)).toEqual([`allswell_target_state{${LABELS}} 4`]);
    expect(await shown(metrics, 'allswell_target_consecutive')).toEqual([
      `allswell_target_consecutive_failures{${LABELS},class="server"} 2`,
    ]);
    fleet.set(upView(target.id));
    expect(await shown(metrics, STATE)).toEqual([`allswell_target_state{${LABELS}} 1`]);
    expect(await shown(metrics, 'allswell_target_consecutive')).toEqual([]);
  });

  it('have no age, no start and no failures for a target that is not judged any more', async () => {
    const fleet = fleetDouble([downView(target.id, { class: 'timeout', message: 'no answer' })]);
    const metrics = observed(fleet);
    await metrics.scrapeFleet();
    fleet.set(viewOf(target.id));
    expect(await shown(metrics, 'allswell_target_')).toEqual([
      `allswell_target_state{${LABELS}} 0`,
      `allswell_target_stale{${LABELS}} 0`,
    ]);
  });

  it('show stale evidence of a target with a schedule only', async () => {
    const fleet = fleetDouble([upView(target.id, { stale: true })]);
    const metrics = observed(fleet);
    expect(await shown(metrics, 'allswell_target_stale')).toEqual([`allswell_target_stale{${LABELS}} 1`]);
    fleet.next = { ...fleet.next, at: null };
    expect(await shown(metrics, 'allswell_target_stale')).toEqual([`allswell_target_stale{${LABELS}} 0`]);
  });

  it('show a hold, and that probing is paused, and no longer than that', async () => {
    const fleet = fleetDouble([upView(target.id)]);
    const metrics = observed(fleet);
    expect(await shown(metrics, 'allswell_target_hold')).toEqual([]);
    expect(await shown(metrics, 'allswell_probing_paused')).toEqual(['allswell_probing_paused 0']);
    fleet.set(upView(target.id, { hold: { ...hold, kind: 'drain', version: NOW }, effective: 'down' }));
    fleet.setStatus({ pause: { ...hold, kind: 'pause' } });
    const holds = [
      `allswell_target_hold{${LABELS},kind="drain"} 1`,
      `allswell_target_hold_start_timestamp_seconds{${LABELS},kind="drain"} 1795348661`,
    ];
    expect(await shown(metrics, 'allswell_target_hold')).toEqual(holds);
    expect(await shown(metrics, 'allswell_probing_paused')).toEqual(['allswell_probing_paused 1']);
    fleet.set(upView(target.id));
    expect(await shown(metrics, 'allswell_target_hold')).toEqual([]);
  });

  it.each(['unconfirmed', 'rate-limited', 'slow', 'probe-rejected', 'budget-spent'] as const)(
    'show the flag %s of a target, and no longer than it has it',
    async (flag) => {
      const fleet = fleetDouble([upView(target.id, { flags: [flag] })]);
      const metrics = observed(fleet);
      expect(await shown(metrics, 'allswell_target_flag')).toEqual([
        `allswell_target_flag{${LABELS},flag="${flag}"} 1`,
      ]);
      fleet.set(upView(target.id));
      expect(await shown(metrics, 'allswell_target_flag')).toEqual([]);
    },
  );

  it('show adapted probes, and the latency of probes by their depth', async () => {
    const view = upView(target.id);
    const adapted = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: 'h' };
    const facts: Facts = { ...view.facts!, adapted, usualMs: { inference: 412, models: 30 } };
    const fleet = fleetDouble([{ ...view, facts }]);
    const metrics = observed(fleet);
    expect(await shown(metrics, 'allswell_target_probe_')).toEqual([
      `allswell_target_probe_adapted{${LABELS}} 1`,
      `allswell_target_probe_latency_seconds{${LABELS},level="inference"} 0.412`,
      `allswell_target_probe_latency_seconds{${LABELS},level="models"} 0.03`,
    ]);
    fleet.set(view);
    expect(await shown(metrics, 'allswell_target_probe_')).toEqual([]);
  });

  it('show whether the answering pod shares health, the pods that live, and those that should', async () => {
    const fleet = fleetDouble();
    const metrics = observed(fleet);
    const whole = async (): Promise<readonly string[]> =>
      (await shown(metrics, 'allswell_fleet_')).filter((line) => !line.includes('targets'));
    expect(await whole()).toEqual(['allswell_fleet_shared 1', 'allswell_fleet_pods 1']);
    fleet.setStatus({ mode: 'fallback' });
    metrics.know({ targets: [], expectedPods: 3 });
    expect(await whole()).toEqual(['allswell_fleet_shared 0', 'allswell_fleet_expected_pods 3']);
    metrics.know({ targets: [], expectedPods: null });
    expect(await whole()).toEqual(['allswell_fleet_shared 0']);
    fleet.setStatus({ mode: 'shared' });
    expect(await whole()).toEqual(['allswell_fleet_shared 1', 'allswell_fleet_pods 1']);
  });

  it('show all of a pod without a store, which is its own fleet', async () => {
    const fleet = fleetDouble([upView(target.id)]);
    fleet.setStatus({ mode: 'independent' });
    const metrics = observed(fleet);
    expect(await shown(metrics, 'allswell_fleet_shared')).toEqual(['allswell_fleet_shared 0']);
    expect(await shown(metrics, 'allswell_fleet_pods')).toEqual(['allswell_fleet_pods 1']);
    expect(await shown(metrics, STATE)).toEqual([`allswell_target_state{${LABELS}} 1`]);
  });

  it('of a pod that lost Redis have what the configuration and operators say, and no opinion of that pod', async () => {
    const down = downView(target.id, { class: 'server', message: 'HTTP 500' });
    const fleet = fleetDouble([{ ...down, hold: { ...hold, kind: 'drain' } }]);
    fleet.setStatus({ mode: 'fallback', pause: { ...hold, kind: 'pause' } });
    const config = {
      targets: [target],
      deployments: [{ modelName: 'chat', targetId: target.id }],
      objectives: [{ group: 'chat', availability: 99.9 }],
      expectedPods: 2,
    };
    const metrics = observed(fleet, config);
    const budget = { group: 'chat', leftRatio: 0.5, uptime: 0.9995, known: 1, burnRates: { '1h': 2, '6h': null } };
    const page = async (): Promise<readonly string[]> =>
      (await metrics.scrapeFleet([budget])).text.split('\n').filter((line) => line.startsWith('allswell'));
    expect(await page()).toEqual([
      'allswell_fleet_shared 0',
      'allswell_fleet_expected_pods 2',
      'allswell_probing_paused 1',
      `allswell_target_hold{${LABELS},kind="drain"} 1`,
      `allswell_target_hold_start_timestamp_seconds{${LABELS},kind="drain"} 0`,
      'allswell_group_deployments{group="chat"} 1',
      'allswell_slo_objective_ratio{group="chat"} 0.999',
    ]);
    fleet.setStatus({ pause: null });
    expect(await shown(metrics, 'allswell_probing_paused'), 'it may be paused all the same').toEqual([]);
    fleet.setStatus({ mode: 'shared' });
    expect(await page()).toEqual(
      expect.arrayContaining([
        'allswell_probing_paused 0',
        `allswell_target_state{${LABELS}} 4`,
        'allswell_slo_error_budget_left_ratio{group="chat"} 0.5',
        'allswell_slo_availability_ratio{group="chat"} 0.9995',
        'allswell_slo_burn_rate{group="chat",window="1h"} 2',
      ]),
    );
    expect(await shown(metrics, 'allswell_slo_burn')).toEqual([]);
    expect(await metrics.scrape()).toMatchObject({
      text: expect.stringContaining('allswell_pod_group_routable_deployments{group="chat"} 0\n') as string,
    });
  });
});

describe('the metrics of a model group', () => {
  const failure = { class: 'server', message: 'HTTP 500' } as const;
  const deployments = [
    { modelName: 'chat', targetId: 'up' },
    { modelName: 'chat', targetId: 'up' },
    { modelName: 'chat', targetId: 'down' },
    { modelName: 'other', targetId: 'down' },
  ];
  const config = { targets: [], deployments, unprobed: [{ modelName: 'own' }] };

  it('count its deployments, and those that take requests', async () => {
    const fleet = fleetDouble([upView('up'), downView('down', failure)]);
    const metrics = observed(fleet, config);
    expect(await shown(metrics, 'allswell_group_')).toEqual([
      'allswell_group_deployments{group="chat"} 3',
      'allswell_group_deployments{group="other"} 1',
      'allswell_group_deployments{group="own"} 1',
      'allswell_group_routable_deployments{group="chat"} 2',
      'allswell_group_routable_deployments{group="other"} 0',
      'allswell_group_routable_deployments{group="own"} 1',
    ]);
    metrics.know({ targets: [], deployments: [] });
    expect(await shown(metrics, 'allswell_group_')).toEqual([]);
  });

  it.each([
    ['a drained deployment', upView('up', { hold: { ...hold, kind: 'drain' } }), 0],
    ['a deployment that is held up', downView('up', failure, { hold: { ...hold, kind: 'hold-up' } }), 2],
    ['a suspect deployment', upView('up', { state: 'suspect' }), 2],
    ['a deployment without evidence', viewOf('up'), 2],
  ] as const)('count %s as load balancers are told', async (_, view, expected) => {
    const metrics = observed(fleetDouble([view, downView('down', failure)]), config);
    expect(await shown(metrics, 'allswell_group_routable_deployments{group="chat"')).toEqual([
      `allswell_group_routable_deployments{group="chat"} ${expected}`,
    ]);
  });
});
