import type {
  DayUptimeBody,
  FleetHistoryBody,
  LatencyBody,
  PastBody,
  PastIncidentBody,
  UptimeBody,
} from '../../api/index.ts';
import {
  incidentsOf,
  knownRatio,
  latencyOf,
  RESOLUTION_MS,
  uptimeByDay,
  uptimeOf,
  uptimeRatio,
} from '../../history/index.ts';
import type { PastIncident, PastPoint, StateSpan, TimeWindow, Uptime } from '../../history/index.ts';
import { isoOf, isoOrNull } from '../times.ts';
import type { Past } from './read-past.ts';

const INCIDENTS = 100;

type Redact = (text: string) => string;

/** The answer of `GET /fleet/history`. */
export function fleetHistoryBody(
  group: string | null,
  { window, targets, spans }: Past,
  redact: Redact,
): FleetHistoryBody {
  const points = targets.flatMap(({ stored }) => stored);
  return {
    group,
    from: isoOf(window.from),
    until: isoOf(window.until),
    known_from: isoOrNull(spans.find(({ state }) => state !== 'unknown')?.from ?? null),
    resolution_s: RESOLUTION_MS / 1000,
    ...pastBody(spans, points, { window, redact }),
    days: uptimeByDay(spans, window).map(dayBody),
    targets: targets.map(({ id, name, stored, spans: own }) => {
      const ats = stored.map(({ at }) => at);
      return {
        target: id,
        model: name,
        points: ats.filter((at) => at >= window.from && at < window.until).length,
        oldest_point_at: isoOrNull(ats.length === 0 ? null : Math.min(...ats)),
        ...pastBody(own, stored, { window, redact }),
      };
    }),
  };
}

interface Asked {
  readonly window: TimeWindow;
  readonly redact: Redact;
}

function pastBody(spans: readonly StateSpan[], points: readonly PastPoint[], { window, redact }: Asked): PastBody {
  const incidents = incidentsOf(spans, points, window);
  return {
    ...uptimeBody(uptimeOf(spans, window)),
    latency: latencyBody(points, window),
    incidents: incidents.slice(0, INCIDENTS).map((one) => incidentBody(one, redact)),
    incidents_left_out: Math.max(0, incidents.length - INCIDENTS),
  };
}

export function uptimeBody(uptime: Uptime): UptimeBody {
  return {
    up_s: uptime.upUs / 1_000_000,
    down_s: uptime.downUs / 1_000_000,
    unknown_s: uptime.unknownUs / 1_000_000,
    uptime: uptimeRatio(uptime),
    known: knownRatio(uptime),
  };
}

function dayBody({ from, until, ...uptime }: TimeWindow & Uptime): DayUptimeBody {
  return { from: isoOf(from), until: isoOf(until), ...uptimeBody(uptime) };
}

function latencyBody(points: readonly PastPoint[], window: TimeWindow): LatencyBody {
  const { points: count, p50, p90, p99 } = latencyOf(points, window);
  return { points: count, p50_ms: p50, p90_ms: p90, p99_ms: p99 };
}

function incidentBody(incident: PastIncident, redact: Redact): PastIncidentBody {
  const { startedAt, start, endedAt, end, classes, pods, cause } = incident;
  return {
    started_at: isoOf(startedAt),
    start,
    ended_at: isoOf(endedAt),
    end,
    down_s: (endedAt - startedAt) / 1_000_000,
    classes,
    pods: pods.map(redact),
    cause: cause === null ? null : redact(cause),
  };
}
