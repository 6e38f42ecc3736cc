// The parts of a pod's answers that commands show. A newer pod may say more.

export type State = 'unknown' | 'up' | 'degraded' | 'suspect' | 'down';

/** What every answer about a target begins with. */
export interface TargetPage {
  readonly target: string;
  readonly model: string | null;
  readonly deployments: readonly { readonly model_name: string; readonly model_id: string }[];
  readonly state: State;
  readonly stale: boolean;
  readonly why: string;
  /** What to know beside the state. Absent in the answers of older pods. */
  readonly flags?: readonly string[];
  readonly local_only: boolean;
  readonly since: string | null;
  readonly checked_at: string | null;
  readonly age_seconds: number | null;
  readonly next_due_at: string | null;
  readonly lease: { readonly pod: string; readonly until: string } | null;
  /** What an operator decided about it. */
  readonly hold?: HoldPage | null;
}

export interface HoldPage {
  readonly kind: string;
  readonly by: string;
  readonly reason: string;
  /** When it was decided; absent from pods of older versions. */
  readonly at?: string;
  readonly until: string | null;
}

export interface ProbePage {
  readonly at: string;
  readonly age_seconds: number;
  readonly pod: string;
  readonly reason: string;
  readonly level: string;
  readonly ok: boolean;
  readonly latency_ms: number;
  readonly class?: string;
  readonly status?: number;
  readonly message?: string;
}

/** Answers in a row that were no health: see `Overload` and `Rejection`. */
export interface SignPage {
  readonly status?: number;
  readonly message: string;
  readonly level: string;
  readonly length: number;
  readonly since: string;
  readonly at: string;
  readonly age_seconds: number;
}

/** What probes change of their body because the upstream rejected it; null: the parameter is left out. */
export interface AdaptationPage {
  readonly parameter: string;
  readonly renamed_to: string | null;
}

/** `GET /fleet/targets/{id}`, and the answer of a check. */
export interface ExplainPage extends TargetPage {
  readonly pod: string;
  readonly now: string;
  readonly evidence: {
    readonly last_probe: ProbePage | null;
    readonly last_good: readonly { readonly level: string; readonly at: string; readonly age_seconds: number }[];
    readonly run: {
      readonly kind: 'ok' | 'failed' | 'none';
      readonly length: number;
      readonly since: string;
    } | null;
    readonly overload: (SignPage & { readonly rest_until: string | null }) | null;
    readonly rejected: SignPage | null;
    /** Absent in the answers of older pods. */
    readonly probe_adapted?: AdaptationPage | null;
    readonly trouble: {
      readonly class: string;
      readonly status?: number;
      readonly message: string;
      readonly level: string;
      readonly length: number;
      readonly since: string;
      readonly at: string;
      readonly age_seconds: number;
      readonly over: boolean;
      readonly witnesses: readonly {
        readonly pod: string;
        readonly self: boolean;
        readonly live: boolean;
        readonly at: string;
        readonly age_seconds: number;
      }[];
    } | null;
  };
  readonly policy: {
    readonly rise: number;
    readonly fall: number;
    readonly edge_interval_seconds: number;
    readonly interval_seconds: number;
    readonly timeout_seconds: number;
    readonly level: string;
    readonly stale_after_seconds: number;
    readonly background: boolean;
    readonly policy_print: string;
    readonly pods_with_other_policy: readonly string[];
  };
  readonly next_probe: {
    readonly kind: 'running' | 'planned' | 'paused' | 'on-demand';
    readonly reason: 'scheduled' | 'confirmation';
    readonly at: string | null;
    readonly in_seconds: number | null;
    readonly by: string | null;
    readonly otherwise: readonly string[];
    /** Absent in the answers of older pods. */
    readonly paused?: HoldPage;
  };
  readonly would_change: readonly { readonly to: State; readonly needs: string }[];
}

/** What paid probes cost on one UTC day, and what was not spent; null where nobody knows. */
export interface DayMoneyPage {
  readonly day: string;
  readonly probes: number;
  readonly unpriced_probes: number;
  readonly spent_usd: number | null;
  readonly saved_usd: { readonly by_sharing: number; readonly by_alias: number; readonly by_cache: number } | null;
}

export interface BudgetPage {
  readonly probes_per_hour: number | null;
  readonly usd_per_day: number | null;
  readonly probes_this_hour: number | null;
  readonly usd_today: number | null;
}

export interface MoneyPage {
  readonly as_of: string | null;
  /** When the store lost its data; absent in the answers of older pods. */
  readonly lost_at?: string | null;
  readonly budget: BudgetPage;
  readonly days: readonly DayMoneyPage[];
  readonly targets: readonly {
    readonly target: string;
    readonly model: string | null;
    readonly worst_price_usd: number | null;
    readonly budget: BudgetPage;
    readonly days: readonly DayMoneyPage[];
  }[];
}

/** The bridge to LiteLLM. */
export interface BridgePage {
  readonly state: 'off' | 'standby' | 'withheld' | 'unreachable' | 'publishing';
  readonly why: string | null;
  readonly holder: string | null;
  readonly results_key: string | null;
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly litellm_results_at: string | null;
  readonly other_models: {
    readonly unwatched: readonly { readonly id: string; readonly model: string }[];
    readonly unwatched_count: number;
    readonly foreign: readonly { readonly id: string; readonly model: string }[];
    readonly seen_at: string;
  } | null;
  readonly stray_key: string | null;
  readonly litellm_pods: readonly string[];
}

/** Answers in a row, as they stand in a record. */
interface SignsInRecord {
  readonly witnesses?: readonly { readonly pod: string }[];
}

/** `GET /fleet`. */
export interface FleetPage {
  readonly pod: string;
  readonly fleet: string;
  readonly mode: 'shared' | 'independent' | 'fallback';
  readonly since: string;
  readonly now: string;
  readonly impaired: boolean;
  readonly store: { readonly available: boolean; readonly problem: string | null; readonly epoch: string };
  readonly pods: readonly {
    readonly pod: string;
    readonly self: boolean;
    readonly version: string;
    readonly policy_print: string;
    readonly targets_print: string;
    readonly started_at: string;
    readonly impaired: boolean;
    /** Targets that this pod alone fails to reach; absent from pods of older versions. */
    readonly unreached?: readonly string[];
  }[];
  readonly leases: readonly {
    readonly target: string;
    readonly model: string | null;
    readonly pod: string;
    readonly until: string;
  }[];
  /** What befell the store in the last ten minutes. Absent in the answers of older pods. */
  readonly incidents?: readonly {
    readonly kind: string;
    readonly at: string;
    readonly count: number;
    readonly what: string;
  }[];
  readonly quarantined: readonly { readonly target: string; readonly model: string | null }[];
  readonly targets: readonly (TargetPage & {
    readonly record: {
      readonly lastProbe: {
        readonly pod: string;
        readonly latencyMs: number;
        /** The look was a free one, because a budget was spent; until µs of the store's clock. */
        readonly overBudget?: { readonly owner: 'fleet' | 'target'; readonly until: number };
        readonly level?: string;
      };
      readonly run?: { readonly kind: string };
      readonly trouble?: SignsInRecord & { readonly class: string };
      readonly overload?: SignsInRecord & { readonly at: number; readonly quietMs?: number };
      readonly rejected?: { readonly status?: number; readonly message: string };
      /** What probes change of their body because the upstream rejected it. */
      readonly adapted?: { readonly parameter: string; readonly renamedTo?: string };
    } | null;
  })[];
  /** Absent from pods that are older than the accounts. */
  readonly money?: MoneyPage;
  readonly bridge?: BridgePage;
  /** While nobody probes. */
  readonly probing_paused?: HoldPage | null;
  readonly setup: {
    readonly health_checks: 'shared' | 'independent' | 'on-demand-shared' | 'on-demand';
    readonly sharing_requested: boolean;
    readonly redis_configured: boolean;
    /** Absent, as `bridge` is, from pods that are older than the bridge. */
    readonly litellm_bridge?: boolean;
    readonly eviction_policy: string | null;
  };
}
