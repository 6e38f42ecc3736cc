import { z } from 'zod';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { count, exactly, flag, seconds, text, time } from './schema.ts';
import { mode } from './verdict.ts';
import type { Mode } from './verdict.ts';

/** `GET /health/shared-status`: LiteLLM's document. `message` where nothing is shared, else `status`. */
export interface SharedStatusBody {
  readonly shared_health_check_enabled: boolean;
  readonly redis_available?: false;
  readonly message?: string;
  readonly status?: SharingBody;
}

/** LiteLLM's keys, then ours. */
export interface SharingBody {
  readonly pod_id: string;
  readonly redis_available: boolean;
  readonly lock_ttl: number;
  readonly cache_ttl: number;
  readonly lock_owner: string | null;
  readonly lock_in_progress: boolean;
  readonly cache_available: boolean;
  readonly cache_age_seconds?: number;
  readonly last_checked_by?: string | null;
  readonly error?: string;
  readonly mode: Mode;
  /** Only while probing is paused. */
  readonly probing_paused?: HoldBody;
  readonly since: string;
  readonly lease_ttl_seconds: number;
  readonly fleet: string;
  readonly pods: number;
  readonly targets: number;
  readonly epoch: string;
}

const sharing = exactly<SharingBody>({
  pod_id: text,
  redis_available: flag,
  lock_ttl: z.number(),
  cache_ttl: z.number(),
  lock_owner: text.nullable(),
  lock_in_progress: flag,
  cache_available: flag,
  cache_age_seconds: seconds.optional(),
  last_checked_by: text.nullable().optional(),
  error: text.optional(),
  mode,
  probing_paused: hold.optional(),
  since: time,
  lease_ttl_seconds: z.number(),
  fleet: text,
  pods: count,
  targets: count,
  epoch: text,
});

export const sharedStatusSchema: z.ZodType<SharedStatusBody> = exactly<SharedStatusBody>({
  shared_health_check_enabled: flag,
  redis_available: z.literal(false).optional(),
  message: text.optional(),
  status: sharing.optional(),
});
