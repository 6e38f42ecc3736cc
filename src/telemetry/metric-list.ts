/** One metric as Prometheus sees it. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
}

type MetricKey =
  | 'probes'
  | 'probeDuration'
  | 'probeCost'
  | 'targetState'
  | 'targetStale'
  | 'targetHold'
  | 'targetFlag'
  | 'targetLocalOnly'
  | 'targetAdapted'
  | 'evidenceAge'
  | 'propagation'
  | 'storeCommand'
  | 'storeErrors'
  | 'probingPaused'
  | 'storeMode'
  | 'pods'
  | 'impaired'
  | 'staleCommits'
  | 'resyncs'
  | 'leasesLost'
  | 'budgetProbes'
  | 'budgetUsd'
  | 'budgetUsedProbes'
  | 'budgetUsedUsd'
  | 'spentToday'
  | 'savedToday'
  | 'unpricedToday'
  | 'targetShallow'
  | 'bridgePublications'
  | 'bridgeAge'
  | 'bridgeDisplaced'
  | 'bridgeLitellmPods'
  | 'bridgeProbesAvoided'
  | 'bridgeUsdAvoided';

const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Every metric of allswell's own; the reference page is made from it. Labels never hold a key or a URL. */
export const metricList: Readonly<Record<MetricKey, MetricDefinition>> = {
  probes: {
    name: 'allswell_probe_total',
    type: 'counter',
    help: 'Probes made by this pod. class is ok, a failure class, or none for a probe that proved nothing',
    labels: ['reason', 'class', 'level'],
  },
  probeDuration: {
    name: 'allswell_probe_duration_seconds',
    type: 'histogram',
    help: 'From the first byte sent until the whole answer of a probe was read',
    labels: ['level'],
    buckets: slow,
  },
  probeCost: {
    name: 'allswell_probe_cost_usd_total',
    type: 'counter',
    help: 'Money spent by this pod on probes, at list prices; probes without a known price are not in it',
    labels: ['target', 'model'],
  },
  targetState: {
    name: 'allswell_target_state',
    type: 'gauge',
    help: '1 for the state this pod judges a target to be in, 0 for its other states; computed at each scrape',
    labels: ['target', 'model', 'state'],
  },
  targetStale: {
    name: 'allswell_target_stale',
    type: 'gauge',
    help: '1 while the newest evidence about a target is older than the cache TTL allows',
    labels: ['target', 'model'],
  },
  targetHold: {
    name: 'allswell_target_hold',
    type: 'gauge',
    help: '1 for the hold (drain, hold-up) that an operator put on a target, 0 for the other; computed at each scrape',
    labels: ['target', 'model', 'kind'],
  },
  targetFlag: {
    name: 'allswell_target_flag',
    type: 'gauge',
    help: '1 for each flag beside the state: unconfirmed (down by one host alone), rate-limited, slow (its probe takes far longer than usual), probe-rejected (the upstream rejects the probe itself, so the state is that of older evidence), budget-spent (unbilled checks replace paid probes); 0 for the others; computed at each scrape',
    labels: ['target', 'model', 'flag'],
  },
  targetLocalOnly: {
    name: 'allswell_target_local_only',
    type: 'gauge',
    help: '1 while only this pod fails to reach a target that other pods reach, and keeps it out for itself; computed at each scrape',
    labels: ['target', 'model'],
  },
  targetAdapted: {
    name: 'allswell_target_probe_adapted',
    type: 'gauge',
    help: '1 while probes of a target leave out or rename a parameter that the upstream rejected; /health shows which',
    labels: ['target', 'model'],
  },
  evidenceAge: {
    name: 'allswell_evidence_age_seconds',
    type: 'gauge',
    help: 'Age of the evidence behind a verdict, never too small; absent for a target never judged',
    labels: ['target', 'model'],
  },
  propagation: {
    name: 'allswell_propagation_seconds',
    type: 'histogram',
    help: 'From the end of a probe in any pod until its result was applied in this pod',
    labels: [],
    buckets: fast,
  },
  storeCommand: {
    name: 'allswell_store_command_seconds',
    type: 'histogram',
    help: 'Duration of commands to the store, failed ones included',
    labels: ['command'],
    buckets: fast,
  },
  storeErrors: {
    name: 'allswell_store_errors_total',
    type: 'counter',
    help: 'Commands that the store did not carry out, by reason',
    labels: ['command', 'code'],
  },
  probingPaused: {
    name: 'allswell_probing_paused',
    type: 'gauge',
    help: '1 while an operator has paused the probing of the fleet',
    labels: [],
  },
  storeMode: {
    name: 'allswell_store_mode',
    type: 'gauge',
    help: '1 for the way this pod knows what it knows (shared, independent, fallback), 0 for the others',
    labels: ['mode'],
  },
  pods: {
    name: 'allswell_fleet_pods',
    type: 'gauge',
    help: 'Live pods of the fleet that this pod knows of, itself included',
    labels: [],
  },
  impaired: {
    name: 'allswell_pod_impaired',
    type: 'gauge',
    help: '1 while this pod has lost its way to most upstreams and neither probes nor reports',
    labels: [],
  },
  staleCommits: {
    name: 'allswell_stale_commits_total',
    type: 'counter',
    help: 'Results dropped because something newer was known',
    labels: [],
  },
  resyncs: {
    name: 'allswell_resync_total',
    type: 'counter',
    help: 'Complete re-reads of the shared records, by cause',
    labels: ['why'],
  },
  leasesLost: {
    name: 'allswell_lease_lost_total',
    type: 'counter',
    help: 'Leases that ended before the probe made under them',
    labels: [],
  },
  budgetProbes: {
    name: 'allswell_budget_limit_probes',
    type: 'gauge',
    help: 'Paid probes that the budget allows in one hour, of the fleet (target "") or of one target; absent without that limit',
    labels: ['target', 'model'],
  },
  budgetUsd: {
    name: 'allswell_budget_limit_usd',
    type: 'gauge',
    help: 'Money that the budget allows in one UTC day, as above',
    labels: ['target', 'model'],
  },
  budgetUsedProbes: {
    name: 'allswell_budget_used_probes',
    type: 'gauge',
    help: 'Paid probes counted against that limit this hour, as this pod last read it from the store; absent until it was read in this hour',
    labels: ['target', 'model'],
  },
  budgetUsedUsd: {
    name: 'allswell_budget_used_usd',
    type: 'gauge',
    help: 'Money counted against that limit this UTC day, running and lost probes at their worst price; absent until it was read on this day',
    labels: ['target', 'model'],
  },
  spentToday: {
    name: 'allswell_fleet_spent_today_usd',
    type: 'gauge',
    help: 'What probes cost this UTC day, of the whole fleet (target "") or of one target: the same in every pod. Absent where nobody knows the prices, and until it was read on this day',
    labels: ['target', 'model'],
  },
  savedToday: {
    name: 'allswell_fleet_saved_today_usd',
    type: 'gauge',
    help: 'What probes would have cost beyond that this UTC day: by sharing between pods, by alias between deployments, by cache for checks on demand. Absent as above',
    labels: ['target', 'model', 'by'],
  },
  unpricedToday: {
    name: 'allswell_fleet_unpriced_today_probes',
    type: 'gauge',
    help: 'Paid probes of this UTC day whose price nobody knows: their money is in none of the sums',
    labels: ['target', 'model'],
  },
  targetShallow: {
    name: 'allswell_target_over_budget',
    type: 'gauge',
    help: '1 while the newest look at a target was a free one because a budget was spent',
    labels: ['target', 'model'],
  },
  bridgePublications: {
    name: 'allswell_bridge_publications_total',
    type: 'counter',
    help: 'Documents that this pod published for LiteLLM; this and the next are absent or 0 without a bridge',
    labels: [],
  },
  bridgeAge: {
    name: 'allswell_bridge_publication_age_seconds',
    type: 'gauge',
    help: 'Time since this pod last published for LiteLLM; absent while it does not: absent in all pods, nobody publishes',
    labels: [],
  },
  bridgeDisplaced: {
    name: 'allswell_bridge_displaced_total',
    type: 'counter',
    help: 'Times that something else was found in the place of a publication: results of LiteLLM itself (litellm), something that is none (unknown), nothing (vanished)',
    labels: ['by'],
  },
  bridgeLitellmPods: {
    name: 'allswell_bridge_litellm_pods',
    type: 'gauge',
    help: 'LiteLLM pods whose lock or results this pod saw within the last hour; pods that only read leave no trace',
    labels: [],
  },
  bridgeProbesAvoided: {
    name: 'allswell_bridge_probes_avoided_total',
    type: 'counter',
    help: 'Estimate: probes that LiteLLM would have sent while a publication of this pod stood, one round of all background deployments per max(interval, TTL)',
    labels: [],
  },
  bridgeUsdAvoided: {
    name: 'allswell_bridge_usd_avoided_total',
    type: 'counter',
    help: 'Estimate: what those would have cost, each at the price of the last probe of its target; unknown prices count nothing',
    labels: [],
  },
};
