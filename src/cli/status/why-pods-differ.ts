import { counted } from '../../health/index.ts';
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
      const says = `${first.pod} and ${other.pod} have different probe budgets of the fleet: it spends up to the larger one.`;
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
export function compareMembers(page: FleetPage, pages: readonly FleetPage[]): readonly Finding[] {
  const { pods } = page;
  const lists = groupsBy(pods, listOf);
  const policies = groupsBy(pods, ({ policy_hash: hash }) => hash);
  const versions = groupsBy(pods, ({ version }) => version);
  const findings: Finding[] = [...missing(page)];
  if (versions.size > 1) {
    const says = `The pods have ${versions.size} different versions: ${textOf(versions)}`;
    findings.push({ code: 'other-version', level: 'note', says, todo: oneVersion });
  }
  if (lists.size > 1) {
    const says = `The pods have ${lists.size} different model lists: ${textOf(lists)}${differencesOf(pods, pages)}`;
    findings.push({ code: 'other-model-list', level: 'problem', says, todo: oneList });
  }
  // Pods with other lists have other targets, whose intervals say nothing.
  for (const sameList of lists.values()) {
    // Processes of the library have no probes, and the same verdicts.
    const paces = groupsBy(sameList, paceOf);
    paces.delete('none');
    if (paces.size < 2) continue;
    const says = `The pods probe the same models with ${paces.size} different levels, intervals or timeouts: ${textOf(paces)}`;
    findings.push({ code: 'other-interval', level: 'problem', says, todo: onePace });
  }
  if (policies.size > 1) {
    const says = `The pods have ${policies.size} different policies: ${textOf(policies)}`;
    findings.push({ code: 'other-policy', level: 'problem', says, todo: onePolicy });
  }
  return findings;
}

/** Without the store nothing is known of other pods. */
function missing({ pods, store, setup }: FleetPage): readonly Finding[] {
  const { expected_pods: expected = null } = setup;
  if (expected === null || !store.available || pods.length === 0 || pods.length >= expected) return [];
  const count = expected - pods.length;
  const says = `${count} of ${counted(expected, 'expected pod')} ${count === 1 ? 'is' : 'are'} missing: ${counted(pods.length, 'pod')} ${pods.length === 1 ? 'is' : 'are'} live.`;
  return [{ code: 'pods-missing', level: 'problem', says, todo: allPods }];
}

/** Which models the difference is, as the pod that was asked sees it. An extra target is named if another page has it. */
function differencesOf(pods: readonly Pod[], pages: readonly FleetPage[]): string {
  const names = new Map(pages.flatMap(({ targets }) => targets.map(({ target, model }) => [target, model])));
  const texts = pods.flatMap(({ pod, other_targets: other }) => {
    if (other === null || other === undefined) return [];
    const extra = other.extra.map((id) => names.get(id) ?? `target ${id}`);
    return [
      ...(other.lacks.length > 0 ? [`${pod} lacks ${listed(other.lacks)}`] : []),
      ...(extra.length > 0 ? [`${pod} also has ${listed(extra)}`] : []),
    ];
  });
  return texts.length === 0 ? '' : `. ${texts.join('; ')}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MOST_NAMED = 5;

type Pod = FleetPage['pods'][number];

/** A targets hash is `<list>.<pace>`; a pod of an older version has no pace. */
function listOf({ targets_hash: hash }: Pod): string {
  return hash.split('.')[0] ?? hash;
}

function paceOf({ targets_hash: hash }: Pod): string {
  return hash.split('.')[1] ?? 'older version';
}

/** The pods by what they say of themselves. */
function groupsBy(pods: readonly Pod[], valueOf: (pod: Pod) => string): Map<string, readonly Pod[]> {
  return Map.groupBy(pods, valueOf);
}

function textOf(groups: ReadonlyMap<string, readonly Pod[]>): string {
  return [...groups].map(([value, pods]) => `${pods.map(({ pod }) => pod).join(', ')} (${value})`).join(' | ');
}

const oneName =
  'Give all pods the same fleet_health.fleet. Without it the namespace of the cache is the fleet name, so namespaces must be equal too.';

const allPods =
  'Check that all pods run, and that those that run use this Redis and fleet name. After a lasting scale-down, lower fleet_health.expected_pods.';

const oneVersion = 'During a rolling deploy this ends by itself. Otherwise finish the deploy, or roll it back.';

const oneStore = 'Compare host, port and db of Redis in the two configurations: one fleet needs one store.';

const oneBudget = 'During a rolling deploy this ends by itself. Otherwise compare fleet_health.budget of the pods.';

const oneList =
  'During a rolling deploy this ends by itself. Otherwise compare model_list of the pods, including keys and base URLs.';

const onePolicy =
  'During a rolling deploy this ends by itself. Otherwise compare fleet_health.rise, fall and edge_interval, and DEFAULT_SHARED_HEALTH_CHECK_TTL, of the pods.';

const onePace =
  'During a rolling deploy this ends by itself. Otherwise compare health_check_interval and health_check_timeout of the pods, ' +
  'also in model_info, and fleet_health.interval and level; of a process with the library, its option probe.';
