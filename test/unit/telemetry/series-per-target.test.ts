import { expect, it } from 'vitest';
import { downView, fleetDouble, PROBER, upView } from '../../golden/fleet-double.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { DAY_US, HOUR_US } from '../../../src/ports/index.ts';
import { createMetrics } from '../../../src/telemetry/index.ts';

interface Counted {
  readonly ofTargets: number;
  readonly ofGroups: number;
  readonly others: number;
  readonly bytes: number;
}

function counted({ text }: { readonly text: string }): Counted {
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const ofTargets = series.filter((line) => /[{,]target="/.test(line)).length;
  const ofGroups = series.filter((line) => line.startsWith('allswell_group_')).length;
  return { ofTargets, ofGroups, others: series.length - ofTargets - ofGroups, bytes: text.length };
}

const idsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => at.toString(16).padStart(16, '0'));

/** Both pages of a pod with this many targets, each of which changed its state twice. */
async function pagesOf(targets: number, viewOf: (id: string) => TargetView): Promise<Record<'pod' | 'fleet', Counted>> {
  const ids = idsOf(targets);
  const fleet = fleetDouble(ids.map((id) => viewOf(id)));
  fleet.setStatus({ pod: PROBER });
  const { now } = fleet.status();
  const day = Math.floor(now / DAY_US);
  const use = { hour: Math.floor(now / HOUR_US), probes: 7, day, nanoUsd: 15_000 };
  const sums = { spent: 12_000, savedBySharing: 24_000, savedByAlias: 36_000, savedByCache: 3_000 };
  const days = [{ day, probes: 4, unpriced: 1, ...sums }];
  const account = { worstNanoUsd: 9_000, budget: { probesPerHour: 60, nanoUsdPerDay: 1e9 }, use, days };
  fleet.spent = { asOf: now, lostAt: null, ...account, targets: ids.map((target) => ({ target, ...account })) };
  const metrics = createMetrics({
    targets: ids.map((id) => ({ id, name: `openai/model-${id}` })),
    deployments: ids.map((id) => ({ modelName: 'chat', targetId: id })),
  });
  metrics.observe(fleet);
  for (const id of ids) {
    for (const to of ['up', 'down', 'up'] as const) {
      fleet.tell({ kind: 'verdict-changed', target: id, from: 'unknown', to, view: upView(id, { state: to }) });
    }
  }
  // The standard metrics of Node have more series after the first collection of garbage.
  const withoutNode = ({ text }: { text: string }): { text: string } => {
    return {
      text: text
        .split('\n')
        .filter((line) => !/^(?:nodejs|process)_/.test(line))
        .join('\n'),
    };
  };
  return {
    pod: counted(withoutNode(await metrics.scrape())),
    fleet: counted(await metrics.scrapeFleet()),
  };
}

it('a pod has at most two series per target, and no more of others with more targets', async () => {
  const few = await pagesOf(10, (id) => upView(id));
  const many = await pagesOf(1_000, (id) => upView(id));
  expect(many.pod.ofTargets).toBeGreaterThanOrEqual(1_000);
  expect(many.pod.ofTargets).toBeLessThanOrEqual(2 * 1_000);
  expect(many.pod.others).toBe(few.pod.others);
  expect(many.pod.ofGroups).toBe(0);
  expect(many.pod.bytes).toBeLessThan(250_000);
});

it('the fleet has as many series per target however many there are, and no more of others', async () => {
  const few = await pagesOf(10, (id) => upView(id));
  const many = await pagesOf(1_000, (id) => upView(id));
  expect(many.fleet.ofTargets / 1_000).toBe(few.fleet.ofTargets / 10);
  // State, its start, stale, age, limits and use of the budget, and today's money.
  expect(many.fleet.ofTargets / 1_000).toBe(4 + 4 + 5);
  expect(many.fleet.others).toBe(few.fleet.others);
  expect(many.fleet.ofGroups).toBe(2);
  const allDown = await pagesOf(10, (id) => downView(id, { class: 'server', message: 'HTTP 500' }));
  expect(allDown.fleet.ofTargets - few.fleet.ofTargets, 'one more for its failures').toBe(10);
});
