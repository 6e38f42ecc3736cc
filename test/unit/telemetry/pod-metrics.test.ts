import { describe, expect, it } from 'vitest';
import { fleetDouble, upView } from '../../golden/fleet-double.ts';
import { createMetrics } from '../../../src/telemetry/pod-metrics.ts';
import type { PodMetrics } from '../../../src/telemetry/pod-metrics.ts';
import { meteredProber } from '../../../src/telemetry/metered-prober.ts';
import { fleetMetricList } from '../../../src/telemetry/fleet-metric-list.ts';
import { podMetricList } from '../../../src/telemetry/metric-list.ts';

const target = { id: 'aa11', name: 'openai/gpt-4o-mini' };
const config = { targets: [target] };

describe('fleet metrics', () => {
  it('export what the coordinator counts', async () => {
    const metrics = createMetrics(config);
    metrics.identify({ pod: 'pod_1_a', podName: 'web-1', version: '1.2.3' });
    metrics.probed({ reason: 'scheduled', class: 'ok', level: 'inference', durationMs: 420 });
    metrics.probed({ reason: 'confirmation', class: 'network', level: 'models', durationMs: 5 });
    metrics.storeCommand('claim', 1.5);
    metrics.storeError('claim', 'timeout');
    metrics.propagated(2);
    metrics.staleCommit();
    metrics.resynced('hole');
    metrics.leaseLost();
    metrics.spent(0.25);
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
        'allswell_probe_cost_usd_total 0.25',
      ]),
    );
  });

  it('show the state of each target in this pod as one number, and how many only this pod fails to reach', async () => {
    const metrics = createMetrics(config);
    const fleet = fleetDouble([upView(target.id)]);
    metrics.observe(fleet);
    const labels = 'target="aa11",model="openai/gpt-4o-mini"';
    const shown = async (): Promise<readonly string[]> =>
      (await scrapeLines(metrics)).filter((line) => line.startsWith('allswell_pod_') && !line.includes('impaired'));
    expect(await shown()).toEqual([`allswell_pod_target_state{${labels}} 1`, 'allswell_pod_local_only_targets 0']);
    fleet.set(upView(target.id, { state: 'suspect', localOnly: true }));
    expect(await shown()).toEqual([`allswell_pod_target_state{${labels}} 3`, 'allswell_pod_local_only_targets 1']);
  });

  it('include the process: memory, processor and event loop lag', async () => {
    const text = (await createMetrics({ targets: [] }).scrape()).text;
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(`\n${name} `);
    }
    expect(text).not.toMatch(/^# TYPE \w+_total gauge$/m);
  });

  it('are all in the list that the reference page is made from', async () => {
    const metrics = createMetrics({ targets: [] });
    // A pod of one process has no metrics of workers.
    metrics.observeWorkers({
      workers: () => ({ listening: 0, restarts: 0, attempts: [], droppedReports: 0, processes: [] }),
    });
    const namesIn = ({ text }: { text: string }): readonly (string | undefined)[] =>
      [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
    const ofPod = namesIn(await metrics.scrape()).filter((name) => name?.startsWith('allswell_'));
    expect(new Set(ofPod)).toEqual(new Set(Object.values(podMetricList).map(({ name }) => name)));
    const ofFleet = namesIn(await metrics.scrapeFleet());
    expect(new Set(ofFleet)).toEqual(new Set(Object.values(fleetMetricList).map(({ name }) => name)));
    expect(new Set([...ofPod, ...ofFleet]).size, 'no name is on both pages').toBe(ofPod.length + ofFleet.length);
  });
});

describe('metered prober', () => {
  it('counts the price of a probe where it was made, and nothing where no price is known', async () => {
    const spent: number[] = [];
    const results = [{ costUsd: 0.002 }, {}];
    const prober = meteredProber(
      { probe: async () => ({ outcome: { kind: 'ok' }, level: 'inference', latencyMs: 1, ...results.shift() }) },
      (usd) => void spent.push(usd),
    );
    await prober.probe('aa11', 'inference', new AbortController().signal);
    await prober.probe('aa11', 'inference', new AbortController().signal);
    expect(spent).toEqual([0.002]);
  });
});

async function scrapeLines(metrics: PodMetrics): Promise<string[]> {
  return (await metrics.scrape()).text.split('\n');
}
