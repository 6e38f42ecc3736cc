import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createRequestMetrics } from './request-metrics.ts';

it('counts requests as Prometheus reads them, and the same at every scrape', async () => {
  const registry = new Registry();
  let usdPerToken: number | undefined = 0.5;
  const { counts: metrics, running } = createRequestMetrics(registry, {
    usdOf: (id, { input, output }) =>
      id === 'd1' && usdPerToken !== undefined ? (input + output) * usdPerToken : undefined,
    runningElsewhere: () => [
      { deployment: 'd1', group: 'gpt', count: 2 },
      { deployment: 'd1', group: 'gpt', count: 3 },
    ],
  });
  metrics.group('gpt').ended({ outcome: 'answered', status: 200 }, 30);
  metrics.group('gpt').ended({ outcome: 'answered', status: 200 }, 70_000);
  metrics.group('gpt').ended({ outcome: 'broken-off', status: 503 }, 1);
  metrics.group('gpt').unplaced('over-limit');
  metrics.group('gpt').retryRefused();
  metrics.deployment('d1', 'gpt').began();
  metrics.deployment('d2', 'gpt').began();
  metrics.deployment('d2', 'gpt').ended();
  metrics.group('gpt').firstByte(12);
  metrics.group('gpt').failedOver();
  metrics.group('gpt').panicked();
  metrics.deployment('d1', 'gpt').attempted('success');
  metrics.deployment('d1', 'gpt').attempted('timeout');
  metrics.deployment('d1', 'gpt').tokens(7, 3);
  metrics.deployment('d2', 'gpt').tokens(7, 3);
  metrics.refused('too-large');
  metrics.refused('too-large');
  for (let scrape = 0; scrape < 2; scrape += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    const text = await registry.metrics();
    for (const line of [
      '# TYPE allswell_request_duration_seconds histogram',
      'allswell_requests_total{group="gpt",status="200",outcome="answered"} 2',
      'allswell_requests_total{group="gpt",status="503",outcome="broken-off"} 1',
      'allswell_requests_unplaced_total{group="gpt",reason="over-limit"} 1',
      'allswell_request_retries_refused_total{group="gpt"} 1',
      'allswell_deployment_in_flight{deployment="d1",group="gpt"} 6',
      'allswell_deployment_in_flight{deployment="d2",group="gpt"} 0',
      'allswell_request_duration_seconds_bucket{le="0.025",group="gpt"} 1',
      'allswell_request_duration_seconds_bucket{le="0.05",group="gpt"} 2',
      'allswell_request_duration_seconds_bucket{le="60",group="gpt"} 2',
      'allswell_request_duration_seconds_bucket{le="120",group="gpt"} 3',
      'allswell_request_duration_seconds_bucket{le="+Inf",group="gpt"} 3',
      'allswell_request_duration_seconds_count{group="gpt"} 3',
      'allswell_request_first_byte_seconds_sum{group="gpt"} 0.012',
      'allswell_requests_refused_total{reason="too-large"} 2',
      'allswell_request_failovers_total{group="gpt"} 1',
      'allswell_routing_panics_total{group="gpt"} 1',
      'allswell_request_attempts_total{deployment="d1",group="gpt",result="timeout"} 1',
      'allswell_request_tokens_total{deployment="d1",group="gpt",kind="output"} 3',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('allswell_request_spend_usd_total{deployment="d1",group="gpt"} 5\n');
    expect(text).not.toContain('allswell_request_spend_usd_total{deployment="d2"');
  }
  expect(running()).toEqual([{ deployment: 'd1', group: 'gpt', count: 6 }]);
  // What was counted keeps its price; what has none is priced once there is one.
  usdPerToken = undefined;
  metrics.deployment('d1', 'gpt').tokens(1, 1);
  expect(await registry.metrics()).toContain('allswell_request_spend_usd_total{deployment="d1",group="gpt"} 5\n');
  usdPerToken = 0.25;
  expect(await registry.metrics()).toContain('allswell_request_spend_usd_total{deployment="d1",group="gpt"} 5.5\n');
});
