import { z } from 'zod';
import type { State, VerdictFlag } from '../health/index.ts';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { count, exactly, flag, maybeTime, seconds, text, time } from './schema.ts';
import type { Keys } from './schema.ts';
import { state, verdictFlag } from './verdict.ts';

/** What every answer about a target begins with. */
export interface TargetBody {
  readonly target: string;
  readonly model: string | null;
  readonly deployments: readonly { readonly model_name: string; readonly model_id: string }[];
  /** Host of the upstream, with its port unless it is the default one; null if this pod does not have the target. */
  readonly upstream_host: string | null;
  /** Region that the configuration names. */
  readonly region: string | null;
  readonly state: State;
  /** What counts for traffic: `down` while drained, `up` while held up, else the state. */
  readonly effective: State;
  /** What an operator decided about it. */
  readonly hold: HoldBody | null;
  readonly stale: boolean;
  readonly why: string;
  /** Conditions beside the state. */
  readonly flags: readonly VerdictFlag[];
  /** Only the pod that was asked fails to reach it. */
  readonly local_only: boolean;
  readonly since: string | null;
  readonly checked_at: string | null;
  readonly age_seconds: number | null;
  readonly next_due_at: string | null;
  readonly lease: { readonly pod: string; readonly until: string } | null;
  readonly version: number;
}

export const targetKeys: Keys<TargetBody> = {
  target: text,
  model: text.nullable(),
  deployments: z.array(exactly<TargetBody['deployments'][number]>({ model_name: text, model_id: text })),
  upstream_host: text.nullable(),
  region: text.nullable(),
  state,
  effective: state,
  hold: hold.nullable(),
  stale: flag,
  why: text,
  flags: z.array(verdictFlag),
  local_only: flag,
  since: maybeTime,
  checked_at: maybeTime,
  age_seconds: seconds.nullable(),
  next_due_at: maybeTime,
  lease: exactly<NonNullable<TargetBody['lease']>>({ pod: text, until: time }).nullable(),
  version: count,
};
