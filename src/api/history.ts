import { z } from 'zod';
import type { FailureClass, Level, ProbeReason } from '../health/index.ts';
import { count, exactly, failureClass, probeReason, text, time } from './schema.ts';
import { level } from './verdict.ts';

/** What one probe saw, with LiteLLM's keys; `details` is a JSON value there, too. */
export interface PastCheck {
  readonly health_check_id: string;
  readonly model_name: string;
  readonly model_id: string;
  readonly status: 'healthy' | 'unhealthy';
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly error_message: string | null;
  readonly response_time_ms: number;
  readonly details: PastDetails;
  readonly checked_by: string;
  readonly checked_at: string;
  readonly created_at: string;
}

/** What LiteLLM has no key of its own for. */
export interface PastDetails {
  readonly target: string;
  readonly level: Level;
  readonly reason: ProbeReason;
  /** Origin of a result that is not of a probe: requests of allswell pods and LiteLLM (`traffic`), or reports of other programs (`external`). */
  readonly source?: 'traffic' | 'external';
  readonly class?: FailureClass;
}

/** `GET /health/history`. */
export interface HistoryBody {
  readonly health_checks: readonly PastCheck[];
  readonly total_records: number;
  readonly limit: number;
  readonly offset: number;
}

/** `GET /health/latest`, by the deployments' ids. */
export interface LatestBody {
  readonly latest_health_checks: Readonly<Record<string, PastCheck>>;
  readonly total_models: number;
}

const past = exactly<PastCheck>({
  health_check_id: text,
  model_name: text,
  model_id: text,
  status: z.enum(['healthy', 'unhealthy']),
  healthy_count: count,
  unhealthy_count: count,
  error_message: text.nullable(),
  response_time_ms: z.number(),
  details: exactly<PastDetails>({
    target: text,
    level,
    reason: probeReason,
    source: z.enum(['traffic', 'external']).optional(),
    class: failureClass.optional(),
  }),
  checked_by: text,
  checked_at: time,
  created_at: time,
});

export const historySchema: z.ZodType<HistoryBody> = exactly<HistoryBody>({
  health_checks: z.array(past),
  total_records: count,
  limit: count,
  offset: count,
});

export const latestSchema: z.ZodType<LatestBody> = exactly<LatestBody>({
  latest_health_checks: z.record(z.string(), past),
  total_models: count,
});
