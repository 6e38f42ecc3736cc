import { expect, it } from 'vitest';
import { fleetDouble, PROBER, upView } from '../../golden/fleet-double.ts';
import type { FleetDouble } from '../../golden/fleet-double.ts';
import type { State } from '../../../src/health/index.ts';
import { createMetrics } from '../../../src/telemetry/index.ts';

const targets = ['a', 'b'].map((id) => ({ id, name: `openai/${id}` }));

function change(fleet: FleetDouble, target: string, to: State, how: { localOnly?: boolean } = {}): void {
  const view = upView(target, { state: to, ...how });
  fleet.tell({ kind: 'verdict-changed', target, from: 'unknown', to, view });
}

function stage() {
  const fleet = fleetDouble();
  // The evidence of the double's views is by this pod.
  fleet.setStatus({ pod: PROBER });
  const metrics = createMetrics({ targets });
  metrics.observe(fleet);
  const shown = async (): Promise<readonly string[]> =>
    (await metrics.scrape()).text.split('\n').filter((line) => line.startsWith('allswell_target_transitions_total'));
  return { fleet, metrics, shown };
}

it('changes of state are counted by target and new state; the first state after a start is none', async () => {
  const { fleet, shown } = stage();
  change(fleet, 'a', 'up');
  expect(await shown()).toEqual([]);
  for (const to of ['suspect', 'down', 'up', 'down'] as const) change(fleet, 'a', to);
  expect((await shown()).at(-1)).toBe('allswell_target_transitions_total{target="a",model="openai/a",to="down"} 2');
});

it('a change by evidence of another pod is not counted: that pod counts it', async () => {
  const { fleet, shown } = stage();
  change(fleet, 'a', 'up');
  const other = fleetDouble();
  const metrics = createMetrics({ targets });
  metrics.observe(other);
  for (const one of [fleet, other]) for (const to of ['up', 'down'] as const) change(one, 'a', to);
  expect((await metrics.scrape()).text).not.toContain('allswell_target_transitions_total{');
  expect(await shown()).toEqual(['allswell_target_transitions_total{target="a",model="openai/a",to="down"} 1']);
});

it('what only this pod fails to reach is no change of the fleet, neither when it begins nor when it ends', async () => {
  const { fleet, shown } = stage();
  change(fleet, 'a', 'up');
  change(fleet, 'a', 'suspect', { localOnly: true });
  change(fleet, 'a', 'up');
  expect(await shown()).toEqual([]);
});

it('there are no more series than targets, and those that changed longest ago go', async () => {
  const { fleet, shown } = stage();
  for (const to of ['up', 'degraded', 'down', 'up', 'degraded', 'down'] as const) change(fleet, 'a', to);
  change(fleet, 'b', 'up');
  change(fleet, 'b', 'down');
  expect(await shown()).toEqual([
    'allswell_target_transitions_total{target="a",model="openai/a",to="down"} 1',
    'allswell_target_transitions_total{target="b",model="openai/b",to="down"} 1',
  ]);
});

it('targets that a reload removed have no series', async () => {
  const { fleet, metrics, shown } = stage();
  for (const to of ['up', 'down'] as const) change(fleet, 'a', to);
  expect(await shown()).toHaveLength(1);
  metrics.know({ targets: targets.slice(1) });
  expect(await shown()).toEqual([]);
});
