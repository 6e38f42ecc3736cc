import { z } from 'zod';
import type { FailureClass } from '../health/index.ts';
import type { Keys } from './schema.ts';
import { count, exactly, failureClass, maybeTime, seconds, text, time } from './schema.ts';

/** Time in each state. The three add up to the window. */
export interface UptimeBody {
  readonly up_s: number;
  readonly down_s: number;
  /** Time about which the history has no evidence. */
  readonly unknown_s: number;
  /** Share of the known time that was up, 0 to 1; null if nothing is known. */
  readonly uptime: number | null;
  /** Share of the window that is known, 0 to 1. */
  readonly known: number;
}

/** One day in UTC; the first and the last may be partial. */
export interface DayUptimeBody extends UptimeBody {
  readonly from: string;
  readonly until: string;
}

/** A time without interruption in which a target or group was down. */
export interface PastIncidentBody {
  readonly started_at: string;
  /** `unknown`: it may have begun earlier. */
  readonly start: 'seen' | 'unknown';
  readonly ended_at: string;
  /** `unknown`: evidence ended then. `ongoing`: it continues. */
  readonly end: 'recovered' | 'unknown' | 'ongoing';
  readonly down_s: number;
  readonly classes: readonly FailureClass[];
  readonly pods: readonly string[];
  readonly cause: string | null;
}

/** Percentiles of stored successes. */
export interface LatencyBody {
  readonly points: number;
  readonly p50_ms: number | null;
  readonly p90_ms: number | null;
  readonly p99_ms: number | null;
}

/** What both a target and a group have. */
export interface PastBody extends UptimeBody {
  readonly latency: LatencyBody;
  /** Newest first, at most a hundred. */
  readonly incidents: readonly PastIncidentBody[];
  readonly incidents_left_out: number;
}

export interface PastTargetBody extends PastBody {
  readonly target: string;
  readonly model: string;
  /** Stored points within the window. */
  readonly points: number;
  /** Oldest stored point; null without any. */
  readonly oldest_point_at: string | null;
}

/** `GET /fleet/history`. */
export interface FleetHistoryBody extends PastBody {
  readonly group: string | null;
  readonly from: string;
  readonly until: string;
  /** Start of the first time with evidence; null if nothing is known. Later than `from`: the record begins then. */
  readonly known_from: string | null;
  /** Longest gap that the stored points do not show. */
  readonly resolution_s: number;
  readonly days: readonly DayUptimeBody[];
  readonly targets: readonly PastTargetBody[];
}

const share: z.ZodType<number> = z.number().min(0).max(1);

/** Keys of {@link UptimeBody}. */
export const uptimeKeys: Keys<UptimeBody> = {
  up_s: seconds,
  down_s: seconds,
  unknown_s: seconds,
  uptime: share.nullable(),
  known: share,
};

const incident = exactly<PastIncidentBody>({
  started_at: time,
  start: z.enum(['seen', 'unknown']),
  ended_at: time,
  end: z.enum(['recovered', 'unknown', 'ongoing']),
  down_s: seconds,
  classes: z.array(failureClass),
  pods: z.array(text),
  cause: text.nullable(),
});

const past = {
  ...uptimeKeys,
  latency: exactly<LatencyBody>({
    points: count,
    p50_ms: z.number().nullable(),
    p90_ms: z.number().nullable(),
    p99_ms: z.number().nullable(),
  }),
  incidents: z.array(incident),
  incidents_left_out: count,
};

export const fleetHistorySchema: z.ZodType<FleetHistoryBody> = exactly<FleetHistoryBody>({
  group: text.nullable(),
  from: time,
  until: time,
  known_from: maybeTime,
  resolution_s: seconds,
  ...past,
  days: z.array(exactly<DayUptimeBody>({ from: time, until: time, ...uptimeKeys })),
  targets: z.array(
    exactly<PastTargetBody>({ target: text, model: text, points: count, oldest_point_at: maybeTime, ...past }),
  ),
});
