import type { TargetId } from '../../src/health/index.ts';
import type { LimitShares, Random, RoutedHealth, RoutingView, TrafficReport } from '../../src/ports/index.ts';
import { createRouter, DEFAULT_ROUTING, wholeLimits } from '../../src/routing/index.ts';
import type {
  RouterOptions,
  AttemptOutcome,
  RequestPlan,
  RoutedDeployment,
  RoutedRequest,
  Router,
  RoutingSettings,
  Step,
} from '../../src/routing/index.ts';
import { manualClock } from '../../src/testing/index.ts';
import type { ManualClock } from '../../src/testing/index.ts';

export const SETTINGS: RoutingSettings = DEFAULT_ROUTING;

/** A deployment of the group `g`, with a target of its own, unless changed. */
export function deployment(id: string, changes: Partial<RoutedDeployment> = {}): RoutedDeployment {
  return { id, group: 'g', target: `t-${id}`, tags: [], ...changes };
}

/** A router under a manual clock, with a view that a test sets, and lists of what it reported. */
export interface Harness {
  readonly router: Router;
  readonly clock: ManualClock;
  readonly reports: TrafficReport[];
  /** Events in short words, such as `ejected t-a window`. */
  readonly events: string[];
  /** Sets the verdict on the target of a deployment; a state alone is one that was never down. */
  verdict(deployment: string, health: Partial<RoutedHealth> | RoutedHealth['state'] | undefined): void;
  now(): number;
  request(changes?: Partial<RoutedRequest>): RequestPlan;
  /** Runs a request: each attempt ends as `outcomeOf` says for its deployment. */
  run(outcomeOf: (deployment: string, attempt: Attempted) => AttemptOutcome, changes?: Partial<RoutedRequest>): Ran;
}

export type Attempted = Extract<Step, { kind: 'attempt' }>;

/** A request that was run. */
export interface Ran {
  readonly attempts: readonly Attempted[];
  readonly went: readonly string[];
  readonly end: AttemptOutcome | Extract<Step, { kind: 'give-up' }>;
}

export interface HarnessOptions {
  readonly settings?: Partial<RoutingSettings>;
  readonly shares?: LimitShares;
  readonly seed?: number;
  readonly trials?: RouterOptions['trials'];
  /** Shared by several routers; by default one of its own. */
  readonly clock?: ManualClock;
}

/** Repeatable random numbers. */
export function seeded(seed = 1): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, id: (length) => 'a'.repeat(length) };
}

const START_US = 1_800_000_000_000_000;

export function harness(deployments: readonly RoutedDeployment[], options: HarnessOptions = {}): Harness {
  const { settings = {}, shares = wholeLimits(), seed = 1 } = options;
  const clock = options.clock ?? manualClock();
  if (options.clock === undefined) clock.advance(1_000_000);
  const verdicts = new Map<TargetId, RoutedHealth>();
  const reports: TrafficReport[] = [];
  const events: string[] = [];
  const now = (): number => START_US + clock.monotonicMs() * 1_000;
  const view: RoutingView = { health: (target) => verdicts.get(target), now };
  const router = createRouter({
    deployments,
    settings: { ...SETTINGS, ...settings },
    view,
    sink: { report: (report) => void reports.push(report) },
    shares,
    host: 'host-1',
    clock,
    random: seeded(seed),
    ...(options.trials && { trials: options.trials }),
    events: {
      ejected: ({ target, deployment: id, cause }) => void events.push(`ejected ${id ?? target} ${cause}`),
      ejectionEnded: ({ target, deployment: id, why }) => void events.push(`ended ${id ?? target} ${why}`),
      panic: ({ group, phase }) => void events.push(`panic ${group} ${phase}`),
      retryRefused: (group) => void events.push(`retry refused ${group}`),
    },
  });
  const request = (changes: Partial<RoutedRequest> = {}): RequestPlan => {
    const plan = router.plan({ ...REQUEST, ...changes });
    if (plan === 'unknown-model') throw new Error('unknown model');
    return plan;
  };
  return {
    router,
    clock,
    reports,
    events,
    now,
    verdict: (id, health) => {
      const target = `t-${id}`;
      if (health === undefined) return void verdicts.delete(target);
      const change = typeof health === 'string' ? { state: health } : health;
      verdicts.set(target, { state: 'up', since: START_US, before: null, evidenceAt: null, held: false, ...change });
    },
    request,
    run: (outcomeOf, changes) => runRequest(request(changes), clock, outcomeOf),
  };
}

const REQUEST: RoutedRequest = {
  model: 'g',
  stream: false,
  tags: [],
  deadlineMs: Infinity,
  inputTokens: 0,
  mayUse: () => true,
};

function runRequest(
  plan: RequestPlan,
  clock: ManualClock,
  outcomeOf: (deployment: string, attempt: Attempted) => AttemptOutcome,
): Ran {
  const attempts: Attempted[] = [];
  for (;;) {
    const step = plan.next();
    const went = attempts.map((one) => one.deployment.id);
    if (step.kind === 'give-up') return { attempts, went, end: step };
    attempts.push(step);
    const outcome = outcomeOf(step.deployment.id, step);
    clock.advance(step.waitMs + outcome.durationMs);
    plan.ended(outcome);
    if (outcome.kind === 'success') return { attempts, went: [...went, step.deployment.id], end: outcome };
  }
}

export const ok: AttemptOutcome = { kind: 'success', firstByteMs: 10, durationMs: 20 };
export const neutral: AttemptOutcome = { kind: 'neutral', durationMs: 5 };

/** A failed attempt, by its class and status. */
export function failed(
  failure: 'server' | 'network' | 'timeout' | 'overloaded' | 'auth' | 'quota' | 'not-found' = 'server',
  more: { status?: number; retryAfterMs?: number; phase?: 'before-first-byte' | 'after-first-byte' } = {},
): AttemptOutcome {
  return { kind: 'failure', class: failure, phase: 'before-first-byte', durationMs: 10, ...more };
}

/** The caller's fault. */
export function fault(kind: 'context-window' | 'content-policy' | 'bad-request'): AttemptOutcome {
  return { kind: 'caller-fault', fault: kind, status: 400, durationMs: 5 };
}
