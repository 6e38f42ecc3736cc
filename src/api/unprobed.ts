import { z } from 'zod';
import type { FailureClass } from '../health/index.ts';
import { count, exactly, failureClass, maybeTime, text, time } from './schema.ts';

/** A deployment of LiteLLM that allswell does not probe, and does not publish. */
export interface UnprobedBody {
  readonly model_name: string;
  /** Null if LiteLLM's id cannot be known. */
  readonly model_id: string | null;
  readonly model: string;
  /** The only source of evidence. */
  readonly watched: 'traffic';
  readonly why: string;
  /** What LiteLLM pods reported; null if this pod received nothing since its start. */
  readonly traffic: UnprobedTrafficBody | null;
}

/** Newest evidence from LiteLLM's events and cooldowns. No verdict follows from it. */
export interface UnprobedTrafficBody {
  readonly last_success_at: string | null;
  readonly last_failure: UnprobedFailureBody | null;
  /** End of the newest cooldown that LiteLLM began. */
  readonly cooldown_until: string | null;
}

export interface UnprobedFailureBody {
  readonly at: string;
  readonly class: FailureClass;
  /** HTTP status; absent if there was none. */
  readonly status?: number;
}

export const unprobed: z.ZodType<UnprobedBody> = exactly<UnprobedBody>({
  model_name: text,
  model_id: text.nullable(),
  model: text,
  watched: z.literal('traffic'),
  why: text,
  traffic: exactly<UnprobedTrafficBody>({
    last_success_at: maybeTime,
    last_failure: exactly<UnprobedFailureBody>({ at: time, class: failureClass, status: count.optional() }).nullable(),
    cooldown_until: maybeTime,
  }).nullable(),
});
