import { z } from 'zod';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { count, exactly, flag, text, time } from './schema.ts';

type Mode = 'on' | 'observe' | 'off';
type Reason = 'down' | 'rate-limited' | 'drained';

/** A deployment that the fleet wants to keep out of LiteLLM's routing. */
interface PlannedBody {
  readonly model_name: string;
  readonly model_id: string;
  /** Null for a deployment that was removed from the configuration a moment ago. */
  readonly target: string | null;
  readonly reason: Reason;
  readonly why: string;
  readonly since: string;
}

/** One that is kept out, or with mode `observe` would be. */
export interface HeldCooldownBody extends PlannedBody {
  readonly status: number;
  /** Whose key is in force: LiteLLM's own stays while it lasts longer. Null for none. */
  readonly by: 'allswell' | 'litellm' | null;
}

/** One that stays routable although it fails, because its pool has no other. */
export interface LastRoutableBody extends PlannedBody {
  readonly pool: string;
}

/** A cooldown that a LiteLLM pod began. */
export interface LitellmCooldownBody {
  readonly model_id: string;
  readonly model_name: string | null;
  readonly target: string | null;
  /** HTTP status of the failure; 0 for none. */
  readonly status: number;
  readonly since: string;
  readonly until: string;
}

/** `bridge.cooldowns` in `GET /fleet`: LiteLLM's cooldowns, as far as this pod knows. */
export interface CooldownsBody {
  /** In force: the configured mode, or less by the restriction. */
  readonly mode: Mode;
  readonly configured_mode: Mode;
  readonly restriction: HoldBody | null;
  /** The pod that reads and writes cooldowns: only its answer lists them. */
  readonly pod: string | null;
  /** Why they cannot be read or written; null while they can. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** True if LiteLLM's Router has a Redis of its own. */
  readonly router_redis: boolean;
  readonly held: readonly HeldCooldownBody[];
  readonly last_routable: readonly LastRoutableBody[];
  readonly litellm: readonly LitellmCooldownBody[];
  /** Of this pod since it started. */
  readonly counts: {
    readonly written: Readonly<Record<Reason, number>>;
    readonly refused: Readonly<Record<Reason, number>>;
    readonly noticed: number;
    readonly writes: number;
    readonly failures: number;
  };
}

const mode: z.ZodType<Mode> = z.enum(['on', 'observe', 'off']);
const reason: z.ZodType<Reason> = z.enum(['down', 'rate-limited', 'drained']);
const planned = {
  model_name: text,
  model_id: text,
  target: text.nullable(),
  reason,
  why: text,
  since: time,
};
const byReason = exactly<Readonly<Record<Reason, number>>>({ down: count, 'rate-limited': count, drained: count });

export const cooldowns: z.ZodType<CooldownsBody> = exactly<CooldownsBody>({
  mode,
  configured_mode: mode,
  restriction: hold.nullable(),
  pod: text.nullable(),
  problem: exactly<NonNullable<CooldownsBody['problem']>>({ code: text, message: text }).nullable(),
  router_redis: flag,
  held: z.array(
    exactly<HeldCooldownBody>({ ...planned, status: count, by: z.enum(['allswell', 'litellm']).nullable() }),
  ),
  last_routable: z.array(exactly<LastRoutableBody>({ ...planned, pool: text })),
  litellm: z.array(
    exactly<LitellmCooldownBody>({
      model_id: text,
      model_name: text.nullable(),
      target: text.nullable(),
      status: count,
      since: time,
      until: time,
    }),
  ),
  counts: exactly<CooldownsBody['counts']>({
    written: byReason,
    refused: byReason,
    noticed: count,
    writes: count,
    failures: count,
  }),
});
