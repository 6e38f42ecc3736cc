import { expect, it } from 'vitest';
import type { LimitReading } from '../ports/index.ts';
import { createMetrics } from './pod-metrics.ts';

it('shows limits, shares and refusals as they are at each scrape', async () => {
  const metrics = createMetrics({ targets: [] });
  const shown = async (): Promise<readonly string[]> => {
    const texts = [await metrics.scrapeFleet(), await metrics.scrape()].map(({ text }) => text);
    return texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('allswell_deployment_limit')));
  };
  expect(await shown()).toEqual([]);
  let limits: readonly LimitReading[] = [
    { deployment: 'a', kind: 'rpm', limit: 60, share: 18 },
    { deployment: 'a', kind: 'parallel', limit: 4, share: 1 },
  ];
  metrics.observeLimits({ limits: () => limits, refusals: () => new Map([['a', 3]]) });
  expect(await shown()).toEqual([
    'allswell_deployment_limit{deployment="a",kind="rpm"} 60',
    'allswell_deployment_limit{deployment="a",kind="parallel"} 4',
    'allswell_deployment_limit_share{deployment="a",kind="rpm"} 18',
    'allswell_deployment_limit_share{deployment="a",kind="parallel"} 1',
    'allswell_deployment_limit_refusals_total{deployment="a"} 3',
  ]);
  limits = [];
  expect(await shown()).toEqual(['allswell_deployment_limit_refusals_total{deployment="a"} 3']);
});
