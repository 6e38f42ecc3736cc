import type { Clock, Random, RoutingView } from '../ports/index.ts';
import type { Ejections } from './evidence/ejections.ts';
import type { Reports } from './evidence/reports.ts';
import type { RoutingEvents } from './events.ts';
import type { ModelNames } from './groups/names.ts';
import type { LimitKeeper } from './limits/limits.ts';
import type { Panics } from './panics.ts';
import type { RetryBudget } from './retry/retry-budget.ts';
import type { TrialSource } from './trials.ts';
import type { Fallbacks } from './retry/route.ts';
import type { PickOne } from './strategies/strategy.ts';
import type { RoutingSettings } from './types.ts';

/** Parts of one router, shared by all of its requests. */
export interface RouterParts {
  readonly view: RoutingView;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: LimitKeeper;
  readonly ejections: Ejections;
  readonly reports: Reports;
  readonly budget: RetryBudget;
  readonly panics: Panics;
  readonly events: RoutingEvents;
  /** Probes that wait for a request; undefined where the fleet sends its own. */
  readonly trials: TrialSource | undefined;
}

/** One configuration, prepared. A request keeps the one that it began with. */
export interface RouterConfig {
  readonly settings: RoutingSettings;
  readonly names: ModelNames;
  readonly pickOne: PickOne;
  readonly fallbacks: Fallbacks;
  readonly contextWindowFallbacks: Fallbacks;
  readonly contentPolicyFallbacks: Fallbacks;
}
