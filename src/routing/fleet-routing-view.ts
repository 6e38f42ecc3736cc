import type { State, TargetId } from '../health/index.ts';
import type { Clock, FleetReader, RoutedHealth, RoutingView, TargetView } from '../ports/index.ts';

/** What requests read is never older than this, ms: a change is applied at once, the age of evidence once per second. */
const MAX_AGE_MS = 1_000;

/** The health of targets for routing: computed once for each change, and not once for each request. */
export interface FleetRoutingView extends RoutingView {
  close(): void;
}

/** Keeps the newest verdict of each target that requests ask for. */
export function createFleetRoutingView(
  fleet: Pick<FleetReader, 'target' | 'onChange' | 'status'>,
  clock: Clock,
): FleetRoutingView {
  const known = new Map<TargetId, Known>();
  const read = (target: TargetId, before: Known | undefined): Known | undefined => {
    const view = fleet.target(target);
    const readMs = clock.monotonicMs();
    if (view === undefined) {
      known.delete(target);
      return undefined;
    }
    const next = { readMs, ...withHistory(view, before?.health) };
    known.set(target, next);
    return next;
  };
  const stop = fleet.onChange((change) => {
    if (change.kind !== 'verdict-changed' && change.kind !== 'hold-changed') return;
    read(change.target, known.get(change.target));
  });
  // Each reading of the fleet's status lists its members: too much for each request.
  let now = { atUs: fleet.status().now, readMs: clock.monotonicMs() };
  return {
    health: (target) => {
      const one = known.get(target);
      if (one !== undefined && clock.monotonicMs() - one.readMs < MAX_AGE_MS) return one.health;
      return read(target, one)?.health;
    },
    now: () => {
      const nowMs = clock.monotonicMs();
      if (nowMs - now.readMs >= MAX_AGE_MS) now = { atUs: fleet.status().now, readMs: nowMs };
      return now.atUs + Math.round((nowMs - now.readMs) * 1_000);
    },
    close: stop,
  };
}

interface Known {
  readonly readMs: number;
  readonly health: RoutedHealth;
}

/** `before` is the state before the present one, as this pod saw it. */
function withHistory(view: TargetView, last: RoutedHealth | undefined): Pick<Known, 'health'> {
  const { effective: state, since, evidenceAt, hold, facts } = view;
  const before: State | null = last === undefined ? null : last.state === state ? last.before : last.state;
  const succeededAt = facts?.lastSuccess.inference ?? null;
  return {
    health: {
      state,
      since,
      before,
      evidenceAt,
      succeededAt,
      held: hold !== null,
      ...(isTransient(view) && { because: 'transient-errors' }),
    },
  };
}

/** LiteLLM's transient errors: 429 and 408. */
function isTransient({ effective, flags, facts }: TargetView): boolean {
  if (effective !== 'degraded' && effective !== 'suspect') return false;
  const failure = facts?.last.failure?.class;
  return flags.includes('rate-limited') || failure === 'overloaded' || failure === 'timeout';
}
