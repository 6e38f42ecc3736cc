import type { HostId, StoreTime, TrafficVerdict, WindowVerdict } from '../../health/index.ts';
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

/** Reports of one pod; `witness` is its host. */
export function createReports(sink: ObservationSink, view: RoutingView, witness: HostId): Reports {
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
  return {
    report: (target, judged, nowMs) => {
      if (judged.verdict === 'success') {
        if (nowMs - target.successReportedAtMs < SUCCESS_EVERY_MS) return;
        target.successReportedAtMs = nowMs;
        return send(target, judged);
      }
      if (nowMs < target.reportedUntilMs || knows(judged.verdict, view, target)) return;
      // Failures among many successes are a matter of this pod: they would make probes due for nothing.
      if (judged.verdict === 'degraded' && judged.request.result !== 'overloaded') return;
      target.reportedUntilMs = nowMs + IN_FLIGHT_MS;
      send(target, judged);
    },
  };
}

function knows(verdict: TrafficVerdict, view: RoutingView, { id }: TargetState): boolean {
  const state = view.health(id)?.state;
  if (state === 'down' || state === 'suspect') return true;
  return verdict === 'degraded' && state === 'degraded';
}

/** Time on the store's clock, that many ms before another one. */
export function before(now: StoreTime, ms: number): StoreTime {
  return Math.round(now - Math.max(0, ms) * 1_000);
}
