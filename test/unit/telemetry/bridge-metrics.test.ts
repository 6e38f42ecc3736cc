import { describe, expect, it } from 'vitest';
import { fleetDouble, NOW } from '../../golden/fleet-double.ts';
import { noBridge, noCooldowns } from '../../../src/bridge/index.ts';
import type { BridgeView } from '../../../src/ports/index.ts';
import { createMetrics } from '../../../src/telemetry/fleet-metrics.ts';

const off = noBridge('not asked for');

async function scraped(view: BridgeView): Promise<readonly string[]> {
  const metrics = createMetrics([]);
  metrics.observe(fleetDouble());
  metrics.observeBridge({ bridge: () => view, cooldowns: () => noCooldowns });
  await metrics.scrape();
  const { text } = await metrics.scrape();
  return text.split('\n').filter((line) => line.startsWith('allswell_bridge_'));
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
