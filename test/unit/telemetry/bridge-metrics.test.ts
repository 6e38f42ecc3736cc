import { describe, expect, it } from 'vitest';
import { fleetDouble, NOW } from '../../golden/fleet-double.ts';
import { noBridge, noCooldowns } from '../../../src/bridge/index.ts';
import type { BridgeView, CooldownView } from '../../../src/ports/index.ts';
import { createMetrics } from '../../../src/telemetry/pod-metrics.ts';

const off = noBridge('not asked for');

async function scraped(view: BridgeView, cooldowns: CooldownView = noCooldowns, prefix = 'allswell_bridge_') {
  const metrics = createMetrics({ targets: [] });
  metrics.observe(fleetDouble());
  metrics.observeBridge({ bridge: () => view, cooldowns: () => cooldowns });
  await metrics.scrape();
  const { text } = await metrics.scrape();
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

describe('the metrics of a bridge', () => {
  it('are what it counted, however often they are asked for', async () => {
    const view: BridgeView = {
      ...off,
      state: 'publishing',
      publishedAt: NOW - 2_500_000,
      publications: 7,
      displaced: { litellm: 2, unknown: 0, vanished: 1 },
      litellmPods: ['pod_1', 'pod_2'],
      probesAvoided: 12.5,
      usdAvoided: 0.25,
    };
    expect(await scraped(view)).toEqual([
      'allswell_bridge_publications_total 7',
      'allswell_bridge_publication_age_seconds 2.5',
      'allswell_bridge_displaced_total{by="litellm"} 2',
      'allswell_bridge_displaced_total{by="unknown"} 0',
      'allswell_bridge_displaced_total{by="vanished"} 1',
      'allswell_bridge_litellm_pods 2',
      'allswell_bridge_probes_avoided_total 12.5',
      'allswell_bridge_usd_avoided_total 0.25',
    ]);
  });

  it('show no age where nothing was published: 0 would be a publication of this moment', async () => {
    expect((await scraped(off)).filter((line) => line.includes('age_seconds'))).toEqual([]);
  });

  it('show no age of what a pod published before it stood by, or lost its Redis: another may publish', async () => {
    for (const state of ['standby', 'unreachable', 'withheld'] as const) {
      const lines = await scraped({ ...off, state, publishedAt: NOW - 900_000_000 });
      expect(lines.filter((line) => line.includes('age_seconds'))).toEqual([]);
    }
  });
});

describe('the metrics of cooldowns', () => {
  const publishing: BridgeView = { ...off, state: 'publishing' };
  const planned = { modelId: 'a', group: 'chat', why: 'down', since: 1 };
  const view: CooldownView = {
    ...noCooldowns,
    mode: 'on',
    configured: 'on',
    leads: true,
    cooled: [
      { ...planned, reason: 'down', status: 500, by: 'allswell' },
      { ...planned, modelId: 'b', reason: 'down', status: 500, by: 'litellm' },
      { ...planned, modelId: 'c', reason: 'drained', status: 503, by: null },
    ],
    leftRoutable: [{ ...planned, modelId: 'd', reason: 'rate-limited', pool: 'chat' }],
    counts: {
      written: { down: 3, 'rate-limited': 0, drained: 1 },
      refused: { down: 0, 'rate-limited': 2, drained: 0 },
      noticed: 4,
      writes: 90,
      failures: { timeout: 5 },
    },
  };

  it('show the mode, what is held, written and refused by reason, and what LiteLLM began', async () => {
    const lines = [
      ...(await scraped(publishing, view, 'allswell_cooldown')),
      ...(await scraped(publishing, view, 'allswell_litellm_cooldowns')),
    ];
    expect(lines.filter((line) => !line.endsWith(' 0'))).toEqual([
      'allswell_cooldown_mode{mode="on"} 1',
      'allswell_cooldowns{state="held",reason="down"} 2',
      'allswell_cooldowns{state="last",reason="rate-limited"} 1',
      'allswell_cooldowns{state="observed",reason="drained"} 1',
      'allswell_cooldowns_written_total{reason="down"} 3',
      'allswell_cooldowns_written_total{reason="drained"} 1',
      'allswell_cooldowns_refused_total{reason="rate-limited"} 2',
      'allswell_cooldown_errors_total{code="timeout"} 5',
      'allswell_litellm_cooldowns_total 4',
    ]);
  });

  it('show nothing held where another pod has the lease, or Redis does not answer: a 0 would be a statement', async () => {
    const loss = { code: 'timeout', message: 'no answer' } as const;
    for (const unknown of [
      { ...view, leads: false },
      { ...view, loss },
    ]) {
      const lines = await scraped(publishing, unknown, 'allswell_cooldowns{');
      expect(lines).toEqual([]);
    }
  });
});
