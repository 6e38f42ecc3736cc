import { describe, expect, it } from 'vitest';
import { downView, fleetDouble, upView, viewOf } from '../../golden/fleet-double.ts';
import { createMetrics } from '../../../src/telemetry/fleet-metrics.ts';
import type { PodMetrics } from '../../../src/telemetry/fleet-metrics.ts';
import { meteredProber } from '../../../src/telemetry/metered-prober.ts';
import { metricList } from '../../../src/telemetry/metric-list.ts';

const target = { id: 'aa11', name: 'openai/gpt-4o-mini' };

describe('fleet metrics', () => {
  it('export what the coordinator counts', async () => {
    const metrics = createMetrics([target]);
    metrics.identify({ pod: 'pod_1_a', podName: 'web-1', version: '1.2.3' });
    metrics.probed({ reason: 'scheduled', class: 'ok', level: 'inference', durationMs: 420 });
    metrics.probed({ reason: 'confirmation', class: 'network', level: 'models', durationMs: 5 });
    metrics.storeCommand('claim', 1.5);
    metrics.storeError('claim', 'timeout');
    metrics.propagated(2);
    metrics.staleCommit();
    metrics.resynced('hole');
    metrics.leaseLost();
    metrics.spent(target.id, 0.25);
    metrics.observed('traffic', 'server');
    metrics.events({ accepted: 2, unknown: 1, ignored: 3 });
    metrics.observed('external', 'timeout');
    metrics.received({ accepted: 4, unknown: 5, ignored: 6 });
    metrics.reported('suspect');
    const lines = await scrapeLines(metrics);
    expect(lines).toEqual(
      expect.arrayContaining([
        `allswell_build_info{pod="pod_1_a",pod_name="web-1",version="1.2.3",node="${process.version}"} 1`,
        'allswell_probe_total{reason="scheduled",class="ok",level="inference"} 1',
        'allswell_probe_total{reason="confirmation",class="network",level="models"} 1',
        'allswell_probe_duration_seconds_sum{level="inference"} 0.42',
        'allswell_store_command_seconds_count{command="claim"} 1',
        'allswell_store_errors_total{command="claim",code="timeout"} 1',
        'allswell_propagation_seconds_bucket{le="0.0025"} 1',
        'allswell_stale_commits_total 1',
        'allswell_resync_total{why="hole"} 1',
        'allswell_lease_lost_total 1',
        'allswell_observations_total{source="traffic",class="server"} 1',
        'allswell_litellm_events_total{result="accepted"} 2',
        'allswell_litellm_events_total{result="unknown"} 1',
        'allswell_litellm_events_total{result="ignored"} 3',
        'allswell_observations_total{source="external",class="timeout"} 1',
        'allswell_reported_observations_total{result="accepted"} 4',
        'allswell_reported_observations_total{result="unknown"} 5',
        'allswell_reported_observations_total{result="ignored"} 6',
        'allswell_traffic_reports_total{verdict="suspect"} 1',
        'allswell_probe_cost_usd_total{target="aa11",model="openai/gpt-4o-mini"} 0.25',
      ]),
    );
  });

  it('show who is held how, and that nobody probes', async () => {
    const metrics = createMetrics([target]);
    const fleet = fleetDouble([upView(target.id)]);
    metrics.observe(fleet);
    const labels = 'target="aa11",model="openai/gpt-4o-mini"';
    const shown = (drain: number, paused: number): string[] => [
      `allswell_target_hold{${labels},kind="drain"} ${drain}`,
      `allswell_target_hold{${labels},kind="hold-up"} 0`,
      `allswell_probing_paused ${paused}`,
    ];
    expect(await scrapeLines(metrics)).toEqual(expect.arrayContaining(shown(0, 0)));
    const hold = { kind: 'drain', by: 'ops', reason: 'maintenance', version: 1, until: null } as const;
    fleet.set(upView(target.id, { hold, effective: 'down' }));
    fleet.setStatus({ pause: { ...hold, kind: 'pause' } });
    expect(await scrapeLines(metrics)).toEqual(expect.arrayContaining(shown(1, 1)));
  });

  it.each(['unconfirmed', 'rate-limited', 'slow', 'probe-rejected', 'budget-spent'] as const)(
    'show the flag %s of a target, and no longer than it has it',
    async (flag) => {
      const metrics = createMetrics([target]);
      const fleet = fleetDouble([upView(target.id, { flags: [flag] })]);
      metrics.observe(fleet);
      const flagged = async (): Promise<string[]> =>
        (await scrapeLines(metrics)).filter((line) => line.startsWith('allswell_target_flag{'));
      const labels = `target="aa11",model="openai/gpt-4o-mini",flag="${flag}"`;
      expect(await flagged()).toHaveLength(5);
      expect((await flagged()).filter((line) => line.endsWith(' 1'))).toEqual([`allswell_target_flag{${labels}} 1`]);
      fleet.set(upView(target.id));
      expect(await flagged()).toContain(`allswell_target_flag{${labels}} 0`);
    },
  );

  it('show that only this pod fails to reach a target, and no longer than that', async () => {
    const metrics = createMetrics([target]);
    const fleet = fleetDouble([upView(target.id, { state: 'suspect', localOnly: true })]);
    metrics.observe(fleet);
    const labels = 'target="aa11",model="openai/gpt-4o-mini"';
    expect(await scrapeLines(metrics)).toContain(`allswell_target_local_only{${labels}} 1`);
    fleet.set(upView(target.id));
    expect(await scrapeLines(metrics)).toContain(`allswell_target_local_only{${labels}} 0`);
  });

  it('show that probes of a target are adapted to what the upstream accepts', async () => {
    const metrics = createMetrics([target]);
    const view = upView(target.id);
    const fleet = fleetDouble([view]);
    metrics.observe(fleet);
    const labels = 'target="aa11",model="openai/gpt-4o-mini"';
    expect(await scrapeLines(metrics)).toContain(`allswell_target_probe_adapted{${labels}} 0`);
    const adapted = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: 'h' };
    if (view.facts !== null) fleet.set(upView(target.id, { facts: { ...view.facts, adapted } }));
    expect(await scrapeLines(metrics)).toContain(`allswell_target_probe_adapted{${labels}} 1`);
  });

  it('show every target in exactly one state, and the age of its evidence', async () => {
    const metrics = createMetrics([target]);
    const fleet = fleetDouble([upView(target.id)]);
    metrics.observe(fleet);
    const lines = await scrapeLines(metrics);
    const states = lines.filter((line) => line.startsWith('allswell_target_state{'));
    expect(states).toHaveLength(5);
    expect(states.filter((line) => line.endsWith(' 1'))).toEqual([
      'allswell_target_state{target="aa11",model="openai/gpt-4o-mini",state="up"} 1',
    ]);
    expect(lines).toContain('allswell_evidence_age_seconds{target="aa11",model="openai/gpt-4o-mini"} 2.5');
    expect(lines).toContain('allswell_store_mode{mode="shared"} 1');
  });

  it('are not stuck at down when a target recovers by time alone, without an event', async () => {
    const metrics = createMetrics([target]);
    const fleet = fleetDouble([downView(target.id, { class: 'server', message: 'HTTP 500', status: 500 })]);
    metrics.observe(fleet);
    await metrics.scrape();
    fleet.set(upView(target.id));
    const lines = await scrapeLines(metrics);
    expect(lines).toContain('allswell_target_state{target="aa11",model="openai/gpt-4o-mini",state="down"} 0');
    expect(lines).toContain('allswell_target_state{target="aa11",model="openai/gpt-4o-mini",state="up"} 1');
  });

  it('have no age for a target that is not judged any more', async () => {
    const metrics = createMetrics([target]);
    const fleet = fleetDouble([upView(target.id)]);
    metrics.observe(fleet);
    await metrics.scrape();
    fleet.set(viewOf(target.id));
    const lines = await scrapeLines(metrics);
    expect(lines.filter((line) => line.startsWith('allswell_evidence_age_seconds{'))).toEqual([]);
  });

  it('include the process: memory, processor and event loop lag', async () => {
    const text = (await createMetrics([]).scrape()).text;
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(`\n${name} `);
    }
  });

  it('are all in the list that the reference page is made from', async () => {
    const metrics = createMetrics([]);
    // A pod of one process has no metrics of workers.
    metrics.observeWorkers({ workers: () => ({ listening: 0, restarts: 0, droppedReports: 0, processes: [] }) });
    const { text } = await metrics.scrape();
    const exported = [...text.matchAll(/^# TYPE (allswell_\S+)/gm)].map((match) => match[1]);
    expect(new Set(exported)).toEqual(new Set(Object.values(metricList).map(({ name }) => name)));
  });
});

describe('metered prober', () => {
  it('counts the price of a probe where it was made, and nothing where no price is known', async () => {
    const spent: [string, number][] = [];
    const results = [{ costUsd: 0.002 }, {}];
    const prober = meteredProber(
      { probe: async () => ({ outcome: { kind: 'ok' }, level: 'inference', latencyMs: 1, ...results.shift() }) },
      (id, usd) => spent.push([id, usd]),
    );
    await prober.probe('aa11', 'inference', new AbortController().signal);
    await prober.probe('aa11', 'inference', new AbortController().signal);
    expect(spent).toEqual([['aa11', 0.002]]);
  });
});

async function scrapeLines(metrics: PodMetrics): Promise<string[]> {
  return (await metrics.scrape()).text.split('\n');
}
