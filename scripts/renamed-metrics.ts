/** A metric that had another name, other labels or another page. */
export interface RenamedMetric {
  readonly before: string;
  /** Names of now, each of which is in the list of metrics. */
  readonly now: readonly string[];
  readonly note: string;
}

const FLEET = 'moved to `/metrics/fleet`';
const SPLIT = `${FLEET}; the fleet's sum (before: \`target=""\`) has a name of its own`;

/** All changes since metrics of the fleet have a page of their own. */
export const RENAMED_METRICS: readonly RenamedMetric[] = [
  {
    before: 'allswell_target_state{state}',
    now: ['allswell_target_state', 'allswell_pod_target_state'],
    note: `${FLEET}: one number per target in place of five series; the state in one pod is \`allswell_pod_target_state\``,
  },
  { before: 'allswell_target_stale', now: ['allswell_target_stale'], note: FLEET },
  { before: 'allswell_target_hold{kind}', now: ['allswell_target_hold'], note: `${FLEET}; absent in place of 0` },
  { before: 'allswell_target_flag{flag}', now: ['allswell_target_flag'], note: `${FLEET}; absent in place of 0` },
  {
    before: 'allswell_target_probe_adapted',
    now: ['allswell_target_probe_adapted'],
    note: `${FLEET}; absent in place of 0`,
  },
  {
    before: 'allswell_target_over_budget',
    now: ['allswell_target_flag'],
    note: `${FLEET}: \`flag="budget-spent"\`, which ends with the hour or day of the budget`,
  },
  {
    before: 'allswell_target_local_only',
    now: ['allswell_pod_local_only_targets'],
    note: 'number of targets; which ones: where `allswell_pod_target_state` differs from `allswell_target_state`',
  },
  { before: 'allswell_evidence_age_seconds', now: ['allswell_target_evidence_age_seconds'], note: FLEET },
  { before: 'allswell_probing_paused', now: ['allswell_probing_paused'], note: FLEET },
  {
    before: 'allswell_fleet_pods',
    now: ['allswell_known_pods', 'allswell_fleet_pods'],
    note: 'the pods that one pod knows are `allswell_known_pods`; the other is at `/metrics/fleet`',
  },
  {
    before: 'allswell_probe_cost_usd_total{target,model}',
    now: ['allswell_probe_cost_usd_total'],
    note: 'without labels; by target: `allswell_target_spent_today_usd`',
  },
  ...['limit_probes', 'limit_usd', 'used_probes', 'used_usd'].map((name) => ({
    before: `allswell_budget_${name}`,
    now: [`allswell_fleet_budget_${name}`, `allswell_target_budget_${name}`],
    note: SPLIT,
  })),
  ...['spent_today_usd', 'saved_today_usd', 'unpriced_today_probes'].map((name) => ({
    before: `allswell_fleet_${name}`,
    now: [`allswell_fleet_${name}`, `allswell_target_${name}`],
    note: SPLIT,
  })),
  { before: 'allswell_deployment_limit', now: ['allswell_deployment_limit'], note: FLEET },
];
