import { z } from 'zod';
import { count, exactly, flag, maybeTime, text, time } from './schema.ts';
import { mode } from './verdict.ts';
import type { Mode } from './verdict.ts';

/** An operator's decision, as every answer shows it; `none` is an end. */
export interface HoldBody {
  readonly kind: 'drain' | 'hold-up' | 'pause' | 'cooldowns-observe' | 'cooldowns-off' | 'none';
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Null: it does not end by itself. */
  readonly until: string | null;
}

/** The answer of every endpoint that begins or ends a hold. */
export interface HeldBody {
  /** False if the same hold was stored already. */
  readonly changed: boolean;
  readonly hold: HoldBody;
  /** All targets that the hold applies to. */
  readonly targets: readonly {
    readonly target: string;
    readonly model: string;
    readonly upstream_host: string;
    readonly region: string | null;
  }[];
  readonly pods: number;
  readonly mode: Mode;
}

/** What a request that begins a hold brings. */
export interface BeginHold {
  readonly reason: string;
  readonly until?: string | undefined;
  readonly by?: string | undefined;
}

/** What a request that ends a hold brings. */
export interface EndHold {
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
}

/** What a request that switches LiteLLM cooldowns brings. */
export interface SwitchCooldowns {
  readonly reason?: string | undefined;
  readonly until?: string | undefined;
  readonly by?: string | undefined;
}

export const hold: z.ZodType<HoldBody> = exactly<HoldBody>({
  kind: z.enum(['drain', 'hold-up', 'pause', 'cooldowns-observe', 'cooldowns-off', 'none']),
  by: text,
  reason: text,
  at: time,
  until: maybeTime,
});

export const heldSchema: z.ZodType<HeldBody> = exactly<HeldBody>({
  changed: flag,
  hold,
  targets: z.array(
    exactly<HeldBody['targets'][number]>({ target: text, model: text, upstream_host: text, region: text.nullable() }),
  ),
  pods: count,
  mode,
});

const by = z.string().trim().min(1).max(100).optional().describe("name of the operator, shown with the key's name");
const reason = z.string().trim().min(1).max(500).describe('reason, shown to other operators');
const until = z
  .string()
  .optional()
  .describe('a time such as `2026-11-22T12:00:00Z`, or a duration such as `90s`, `30m`, `2h` or `7d`');

export const beginHoldSchema: z.ZodType<BeginHold> = z.object({ reason, until, by });
export const switchCooldownsSchema: z.ZodType<SwitchCooldowns> = z.object({ reason: reason.optional(), until, by });
export const endHoldSchema: z.ZodType<EndHold> = z.object({ reason: reason.optional(), by });
