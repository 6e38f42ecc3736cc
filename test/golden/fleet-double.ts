import { contextOf } from '../support/fleet-parts.ts';
import { defaultPolicy, verdictOf } from '../../src/health/index.ts';
import type { Facts, TargetId } from '../../src/health/index.ts';
import type {
  FleetChange,
  FleetChecker,
  FleetHistorian,
  FleetHolder,
  FleetReader,
  FleetStatus,
  Forecast,
  HistoryOutcome,
  HoldOrder,
  HoldOutcome,
  MoneyView,
  TargetView,
} from '../../src/ports/index.ts';

/** A fleet whose view the test writes by hand: for the surface only, which sees nothing else of the coordinator. */
export interface FleetDouble extends FleetReader, FleetChecker, FleetHistorian, FleetHolder {
  set(view: TargetView): void;
  setStatus(change: Partial<FleetStatus>): void;
  /** Tells whoever listens. */
  tell(change: FleetChange): void;
  /** What the fleet's page shows of money. */
  spent: MoneyView;
  /** The next look at any target. */
  next: Forecast;
  readonly listeners: number;
  /** What was decided on holds, and what comes of it. */
  readonly decided: HoldOrder[];
  outcome: (order: HoldOrder) => HoldOutcome;
  /** What the fleet remembers. */
  remembered: HistoryOutcome;
  /** Batches of targets that were asked to be checked. */
  readonly checks: (readonly TargetId[])[];
  /** What a check does before it resolves. */
  onCheck: (targets: readonly TargetId[], signal: AbortSignal) => void | Promise<void>;
}

export const NOW = 1_795_348_661_000_000;

export function fleetDouble(views: readonly TargetView[] = []): FleetDouble {
  const known = new Map(views.map((view) => [view.id, view]));
  const listeners = new Set<(change: FleetChange) => void>();
  let status = statusOf({});
  const double: FleetDouble = {
    checks: [],
    remembered: { kind: 'read', histories: [] },
    unconfirmedFailures: () => [],
    trafficSavings: () => ({ probes: 0, usd: 0, unpriced: 0 }),
    history: () => Promise.resolve(double.remembered),
    decided: [],
    outcome: ({ kind, by, reason, until }) => {
      return { kind: 'stored', change: 'made', hold: { kind, by, reason, until, version: NOW } };
    },
    decide: async (order) => {
      double.decided.push(order);
      return double.outcome(order);
    },
    onCheck: () => {},
    set: (view) => void known.set(view.id, view),
    setStatus: (change) => void (status = { ...status, ...change }),
    status: () => status,
    target: (id) => known.get(id),
    targets: () => [...known.values()],
    spent: { asOf: null, budget: {}, use: null, lostAt: null, days: [], targets: [] },
    next: { reason: 'scheduled', at: NOW + 17_500_000, pods: [PROBER], everyMs: 20_000, hasSecondWitness: false },
    money: () => double.spent,
    fleetVerdict: (id) => verdictOf(known.get(id)?.facts ?? undefined, defaultPolicy, contextOf({ now: NOW })),
    forecast: (id) => (known.has(id) ? double.next : undefined),
    tell: (change) => listeners.forEach((listener) => listener(change)),
    get listeners() {
      return listeners.size;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async (targets, signal) => {
      double.checks.push(targets);
      await double.onCheck(targets, signal);
    },
  };
  return double;
}

function statusOf(change: Partial<FleetStatus>): FleetStatus {
  return {
    pod: 'pod_1795348600000_abcdef',
    fleet: 'default',
    mode: 'shared',
    modeSince: NOW - 60_000_000,
    storeAvailable: true,
    storeProblem: null,
    epoch: 'e1',
    seq: 7,
    now: NOW,
    members: [],
    leases: [],
    leaseOwner: null,
    lastCommitBy: null,
    impaired: false,
    pause: null,
    cooldownRestriction: null,
    quarantined: [],
    unreadable: [],
    incidents: [],
    ...change,
  };
}

/** A target that was never judged, changed as given. */
export function viewOf(id: TargetId, change: Partial<TargetView> = {}): TargetView {
  return {
    id,
    state: 'unknown',
    hold: null,
    effective: change.state ?? 'unknown',
    stale: false,
    why: 'never probed',
    flags: [],
    localOnly: false,
    since: null,
    evidenceAt: null,
    ageMs: null,
    nextDueAt: null,
    version: 0,
    facts: null,
    lease: null,
    ...change,
  };
}

export const PROBER = 'pod_1795348600001_zyxwvu';
const EVIDENCE_AT = NOW - 2_500_000;

/** A target whose last probe, 2.5 s ago by another pod, passed. */
export function upView(id: TargetId, change: Partial<TargetView> = {}): TargetView {
  const facts: Facts = {
    format: 2,
    run: { kind: 'ok', length: 3, since: EVIDENCE_AT - 20_000_000 },
    lastSuccess: { inference: EVIDENCE_AT },
    last: {
      at: EVIDENCE_AT,
      answeredAt: EVIDENCE_AT + 412_000,
      pod: PROBER,
      source: 'probe',
      reason: 'scheduled',
      level: 'inference',
      ok: true,
      latencyMs: 412,
    },
  };
  return viewOf(id, {
    state: 'up',
    why: 'the last probe passed',
    since: facts.run.since,
    evidenceAt: EVIDENCE_AT,
    ageMs: 2_500,
    nextDueAt: NOW + 17_500_000,
    version: 3,
    facts,
    ...change,
  });
}

/** A target whose last probe, 2.5 s ago by another pod, failed. */
export function downView(
  id: TargetId,
  failure: { class: 'network' | 'timeout' | 'server' | 'auth'; message: string; status?: number },
  change: Partial<TargetView> = {},
): TargetView {
  const facts: Facts = {
    format: 2,
    run: { kind: 'failed', length: 2, since: EVIDENCE_AT - 5_000_000 },
    lastSuccess: {},
    last: {
      at: EVIDENCE_AT,
      answeredAt: EVIDENCE_AT + 412_000,
      pod: PROBER,
      source: 'probe',
      reason: 'confirmation',
      level: 'inference',
      ok: false,
      latencyMs: 31,
      failure,
    },
    failureRun: {
      ...failure,
      level: 'inference',
      since: EVIDENCE_AT - 5_000_000,
      at: EVIDENCE_AT,
      length: 2,
      witnesses: [{ pod: PROBER, at: EVIDENCE_AT, position: 2 }],
      after: 0,
      afterSince: 0,
    },
  };
  return upView(id, { state: 'down', why: failure.message, since: facts.run.since, facts, ...change });
}
