import type { FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Why pods that were asked one by one do not find each other. */
export function compareFleets(pages: readonly FleetPage[]): readonly Finding[] {
  const [first, ...others] = pages;
  if (first === undefined) return [];
  return others.flatMap((other): Finding[] => {
    if (other.fleet !== first.fleet) {
      const says = `${first.pod} is in the fleet ${first.fleet}, ${other.pod} in the fleet ${other.fleet}: they do not share health.`;
      return [{ code: 'other-fleet-name', level: 'problem', says, todo: oneName }];
    }
    const [one, another] = [limitsOf(first), limitsOf(other)];
    if (one !== undefined && another !== undefined && one !== another) {
      const says = `${first.pod} and ${other.pod} have different fleet budgets: the fleet spends up to the larger one.`;
      return [{ code: 'other-budget', level: 'problem', says, todo: oneBudget }];
    }
    const bothKnow = first.store.available && other.store.available;
    if (!bothKnow || first.store.epoch === other.store.epoch) return [];
    const says = `${first.pod} and ${other.pod} are in fleets of the same name in different stores.`;
    return [{ code: 'other-store', level: 'problem', says, todo: oneStore }];
  });
}

/** The limits of the fleet's budget as one text; undefined for a pod that tells nothing of money. */
function limitsOf({ money }: FleetPage): string | undefined {
  return money === undefined ? undefined : `${money.budget.probes_per_hour} ${money.budget.usd_per_day}`;
}

/** Findings about pods of one fleet with different settings. */
export function compareMembers({ pods }: FleetPage): readonly Finding[] {
  const lists = groupsOf(pods, 'targets_hash');
  const policies = groupsOf(pods, 'policy_hash');
  const findings: Finding[] = [];
  if (lists.length > 1) {
    const says = `The pods have ${lists.length} different model lists: ${lists.join(' | ')}`;
    findings.push({ code: 'other-model-list', level: 'problem', says, todo: oneList });
  }
  if (policies.length > 1) {
    const says = `The pods have ${policies.length} different policies: ${policies.join(' | ')}`;
    findings.push({ code: 'other-policy', level: 'problem', says, todo: onePolicy });
  }
  return findings;
}

/** The pods by what they say of themselves, each group as a text. */
function groupsOf(pods: FleetPage['pods'], print: 'targets_hash' | 'policy_hash'): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const pod of pods) groups.set(pod[print], [...(groups.get(pod[print]) ?? []), pod.pod]);
  return [...groups].map(([value, names]) => `${names.join(', ')} (${value})`);
}

const oneName =
  'Give all pods the same fleet_health.fleet. Without it the namespace of the cache is the fleet name, so namespaces must be equal too.';

const oneStore = 'Compare host, port and db of Redis in the two configurations: one fleet needs one store.';

const oneBudget = 'During a rolling deploy this ends by itself. Otherwise compare fleet_health.budget of the pods.';

const oneList =
  'During a rolling deploy this ends by itself. Otherwise compare model_list of the pods, including keys and base URLs.';

const onePolicy =
  'During a rolling deploy this ends by itself. Otherwise compare fleet_health.rise, fall and edge interval of the pods.';
