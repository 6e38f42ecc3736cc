import type { HostId, State, StoreTime, TrafficVerdict, WindowVerdict } from '../../health/index.ts';
import type { ObservationSink, RoutingView } from '../../ports/index.ts';
import type { TargetState } from '../member.ts';

/** A failure that was reported waits this long for the verdict of the fleet before another one is. */
const IN_FLIGHT_MS = 5_000;
/** The schedule of probes needs no more than one success in this time. */
const SUCCESS_EVERY_MS = 1_000;

/** Reports what requests prove to the fleet: at most one failure in flight for each target, and none that it knows. */
export interface Reports {
  report(target: TargetState, verdict: WindowVerdict, nowMs: number): void;
}

/** Where the reports of one pod go, and what decides on them. */
export interface ReportsOptions {
  readonly sink: ObservationSink;
  readonly view: RoutingView;
  /** Host of this pod: the witness. */
  readonly witness: HostId;
  /** What settles a suspicion of the fleet: its probes, or further requests where it has none. */
  readonly confirmedBy: 'probes' | 'requests';
}

/** Reports of one pod. */
export function createReports({ sink, view, witness, confirmedBy }: ReportsOptions): Reports {
  const send = (target: TargetState, { verdict, request }: WindowVerdict): void => {
    sink.report({
      target: target.id,
      at: request.at,
      ok: verdict === 'success',
      ...(request.failure !== undefined && { failure: request.failure }),
      latencyMs: request.latencyMs,
      verdict,
      witness,
    });
  };
  const knows = (verdict: TrafficVerdict, state: State | undefined): boolean => {
    if (state === 'down' || (state === 'suspect' && confirmedBy === 'probes')) return true;
    return verdict === 'degraded' && (state === 'degraded' || state === 'suspect');
  };
  return {
    report: (target, judged, nowMs) => {
      if (judged.verdict === 'success') {
        if (nowMs - target.successReportedAtMs < SUCCESS_EVERY_MS) return;
        target.successReportedAtMs = nowMs;
        return send(target, judged);
      }
      if (nowMs < target.reportedUntilMs || knows(judged.verdict, view.health(target.id)?.state)) return;
      // Failures among many successes are a matter of this pod: they would make probes due for nothing.
      if (judged.verdict === 'degraded' && judged.request.result !== 'overloaded') return;
      target.reportedUntilMs = nowMs + IN_FLIGHT_MS;
      send(target, judged);
    },
  };
}

/** Time on the store's clock, that many ms before another one. */
export function before(now: StoreTime, ms: number): StoreTime {
  return Math.round(now - Math.max(0, ms) * 1_000);
}
