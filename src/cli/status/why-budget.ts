import type { Finding } from './finding.ts';
import type { NamedPage, NamedTarget } from './named-page.ts';

/** Targets named in one finding; the others are counted. */
const NAMED = 5;

/** Targets that get unbilled checks only because a budget is spent: whether they still generate is not probed. */
export function whyBudget({ targets }: NamedPage): readonly Finding[] {
  const spent = targets.filter(({ flags = [] }) => flags.includes('budget-spent'));
  const byFleet = spent.filter(({ record }) => record?.last.overBudget?.owner === 'fleet');
  const byOwn = spent.filter((target) => !byFleet.includes(target));
  return [
    ...(byFleet.length === 0 ? [] : [findingOf('the fleet', byFleet)]),
    ...byOwn.map((target) => ({ ...findingOf(target.name, [target]), target: target.target })),
  ];
}

function findingOf(owner: string, targets: readonly NamedTarget[]): Finding {
  const ends = Math.max(...targets.map(({ record }) => record?.last.overBudget?.until ?? 0));
  const names = targets
    .slice(0, NAMED)
    .map(({ name }) => name)
    .join(', ');
  const more = targets.length > NAMED ? ` and ${targets.length - NAMED} more` : '';
  return {
    code: 'budget-spent',
    level: 'problem',
    says: `The probe budget of ${owner} is spent until ${new Date(ends / 1000).toISOString()}: only unbilled checks, no generation probes, for ${names}${more}.`,
    todo: 'Raise fleet_health.budget, or increase health_check_interval: allswell status shows the usage.',
  };
}
