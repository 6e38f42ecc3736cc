// The parts of a pod's answers that tests look at.

export interface HealthRow {
  readonly model: string;
  readonly model_id: string;
  readonly state: string;
  readonly stale?: boolean;
  readonly checked_at?: string;
  readonly age_seconds?: number;
  readonly checked_by?: string;
  readonly level?: string;
  readonly flags?: readonly string[];
  readonly probe_adapted?: { readonly parameter: string; readonly renamed_to: string | null };
  readonly budget_spent_until?: string;
  readonly error?: string;
  readonly exception_status?: number;
}

export interface HealthBody {
  readonly healthy_endpoints: readonly HealthRow[];
  readonly unhealthy_endpoints: readonly HealthRow[];
  readonly unknown_endpoints: readonly HealthRow[];
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly unknown_count: number;
  readonly mode: string;
}

export interface SharedStatus {
  readonly shared_health_check_enabled: boolean;
  readonly status: {
    readonly pod_id: string;
    readonly redis_available: boolean;
    readonly lock_owner: string | null;
    readonly lock_in_progress: boolean;
    readonly cache_available: boolean;
    readonly mode: string;
    readonly pods: number;
    readonly targets: number;
    readonly epoch: string;
    readonly error?: string;
  };
}

export interface FleetBody {
  readonly pod: string;
  readonly mode: string;
  readonly impaired: boolean;
  readonly store: { readonly available: boolean; readonly problem: string | null; readonly epoch: string };
  readonly pods: readonly { readonly pod: string; readonly self: boolean; readonly impaired: boolean }[];
  readonly leases: readonly { readonly target: string; readonly model: string | null; readonly pod: string }[];
  readonly quarantined: readonly { readonly target: string; readonly model: string | null }[];
  readonly targets: readonly FleetTargetBody[];
  readonly money: MoneyBody;
}

export interface MoneyBody {
  readonly budget: {
    readonly probes_per_hour: number | null;
    readonly probes_this_hour: number | null;
    readonly usd_today: number | null;
  };
  readonly days: readonly DayBody[];
  readonly targets: readonly { readonly model: string; readonly days: readonly DayBody[] }[];
}

export interface DayBody {
  readonly day: string;
  readonly probes: number;
  readonly unpriced_probes: number;
  readonly spent_usd: number | null;
  readonly saved_usd: { readonly by_sharing: number; readonly by_alias: number; readonly by_cache: number } | null;
}

export interface FleetTargetBody {
  readonly target: string;
  readonly model: string;
  readonly deployments: readonly { readonly model_name: string; readonly model_id: string }[];
  readonly state: string;
  readonly why: string;
  readonly local_only: boolean;
  readonly checked_at: string | null;
  readonly version: number;
}

/** All rows of a `/health` answer. */
export function rowsOf({ healthy_endpoints, unhealthy_endpoints, unknown_endpoints }: HealthBody): HealthRow[] {
  return [...healthy_endpoints, ...unhealthy_endpoints, ...unknown_endpoints];
}
