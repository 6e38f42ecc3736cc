import { z } from 'zod';
import type { Level, State, VerdictFlag } from '../health/index.ts';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { atLeast, count, exactly, maybeTime, seconds, text, time } from './schema.ts';
import { unprobed } from './unprobed.ts';
import type { UnprobedBody } from './unprobed.ts';
import { adaptation, level, mode, state, verdictFlag } from './verdict.ts';
import type { AdaptationBody, Mode } from './verdict.ts';

/** One deployment: LiteLLM's keys, which vary with the deployment's parameters, then ours. */
export interface HealthRow {
  readonly model: string;
  readonly model_id: string;
  readonly error?: string;
  readonly exception_status?: number;
  readonly state: State;
  readonly hold?: HoldBody;
  readonly stale?: true;
  readonly flags?: readonly VerdictFlag[];
  readonly checked_at?: string;
  readonly age_seconds?: number;
  readonly latency_ms?: number;
  readonly checked_by?: string;
  readonly level?: Level;
  readonly probe_adapted?: AdaptationBody;
  readonly budget_spent_until?: string;
}

/** `GET /health`: LiteLLM's four keys and ours. A deployment that was never judged is in neither of LiteLLM's lists. */
export interface HealthBody {
  readonly healthy_endpoints: readonly HealthRow[];
  readonly unhealthy_endpoints: readonly HealthRow[];
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly unknown_endpoints: readonly HealthRow[];
  readonly unknown_count: number;
  /** Only if there are such deployments. */
  readonly unprobed_endpoints?: readonly UnprobedBody[];
  /** Of the oldest evidence in any row; null while there is none. */
  readonly checked_at: string | null;
  readonly age_seconds: number | null;
  readonly mode: Mode;
  /** Only while probing is paused. */
  readonly probing_paused?: HoldBody;
}

/** `POST /health/test_connection`. */
export interface TestedBody {
  readonly status: 'success' | 'error';
  /** A row of `GET /health`, or the parameters with what the probe found. */
  readonly result: object;
}

/** What a request to test a connection brings. */
export interface ConnectionRequest {
  readonly mode?: string | undefined;
  readonly litellm_params: Readonly<Record<string, unknown>>;
  readonly model_info?: Readonly<Record<string, unknown>> | undefined;
}

const row = atLeast<HealthRow>({
  model: text,
  model_id: text,
  error: text.optional(),
  exception_status: z.int().optional(),
  state,
  hold: hold.optional(),
  stale: z.literal(true).optional(),
  flags: z.array(verdictFlag).optional(),
  checked_at: time.optional(),
  age_seconds: seconds.optional(),
  latency_ms: z.number().optional(),
  checked_by: text.optional(),
  level: level.optional(),
  probe_adapted: adaptation.optional(),
  budget_spent_until: time.optional(),
});

export const healthSchema: z.ZodType<HealthBody> = exactly<HealthBody>({
  healthy_endpoints: z.array(row),
  unhealthy_endpoints: z.array(row),
  healthy_count: count,
  unhealthy_count: count,
  unknown_endpoints: z.array(row),
  unknown_count: count,
  unprobed_endpoints: z.array(unprobed).optional(),
  checked_at: maybeTime,
  age_seconds: seconds.nullable(),
  mode,
  probing_paused: hold.optional(),
});

export const testedSchema: z.ZodType<TestedBody> = exactly<TestedBody>({
  status: z.enum(['success', 'error']),
  result: z.looseObject({}),
});

const modes =
  `chat completion embedding audio_speech audio_transcription image_generation image_edit video_generation batch
  rerank realtime responses anthropic_messages ocr evaluation decisions extraction`.split(/\s+/);

export const connectionSchema: z.ZodType<ConnectionRequest> = z.object({
  mode: z.enum(modes).optional(),
  litellm_params: z
    .record(z.string(), z.unknown())
    .describe('as in the configuration; with connection parameters, nothing is inherited from the list'),
  model_info: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('as in the configuration; `id` selects a deployment'),
});
