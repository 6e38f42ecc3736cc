import { z } from 'zod';
import { cooldowns } from './cooldowns.ts';
import type { CooldownsBody } from './cooldowns.ts';
import { count, exactly, flag, maybeTime, text, time } from './schema.ts';

/** A deployment by LiteLLM's id of it. */
export interface OtherModelBody {
  readonly id: string;
  readonly model: string;
}

/** How LiteLLM's list of deployments and this pod's differ. */
export interface OtherModelsBody {
  readonly unwatched: readonly OtherModelBody[];
  readonly unwatched_count: number;
  readonly foreign: readonly OtherModelBody[];
  readonly foreign_count: number;
  readonly seen_at: string;
}

/** The newest sign of LiteLLM pods of each kind within the last hour. */
export interface LitellmSignsBody {
  readonly results: string | null;
  readonly read: string | null;
  readonly cooldown: string | null;
  readonly events: string | null;
}

/** `bridge` in `GET /fleet`: the bridge to LiteLLM. */
export interface BridgeBody {
  readonly state: 'off' | 'standby' | 'withheld' | 'unreachable' | 'publishing';
  /** Why nothing is published; null while it is. */
  readonly why: string | null;
  readonly waiting_for: readonly string[];
  readonly holder: string | null;
  readonly results_key: string | null;
  readonly published_at: string | null;
  readonly expires_at: string | null;
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly publications: number;
  readonly displaced: { readonly litellm: number; readonly unknown: number; readonly vanished: number };
  readonly litellm_results_at: string | null;
  readonly other_models: OtherModelsBody | null;
  readonly unnamespaced_key: string | null;
  readonly litellm_pods: readonly string[];
  readonly litellm_signs: LitellmSignsBody;
  /** False if Redis does not tell when the results were last used; null until it was asked. */
  readonly reads_visible: boolean | null;
  readonly publishing_since: string | null;
  readonly probes_avoided: number;
  readonly usd_avoided: number;
  readonly cooldowns: CooldownsBody;
}

const otherModel = exactly<OtherModelBody>({ id: text, model: text });

export const bridge: z.ZodType<BridgeBody> = exactly<BridgeBody>({
  state: z.enum(['off', 'standby', 'withheld', 'unreachable', 'publishing']),
  why: text.nullable(),
  waiting_for: z.array(text),
  holder: text.nullable(),
  results_key: text.nullable(),
  published_at: time.nullable(),
  expires_at: time.nullable(),
  healthy_count: count,
  unhealthy_count: count,
  publications: count,
  displaced: exactly<BridgeBody['displaced']>({ litellm: count, unknown: count, vanished: count }),
  litellm_results_at: time.nullable(),
  other_models: exactly<OtherModelsBody>({
    unwatched: z.array(otherModel),
    unwatched_count: count,
    foreign: z.array(otherModel),
    foreign_count: count,
    seen_at: time,
  }).nullable(),
  unnamespaced_key: text.nullable(),
  litellm_pods: z.array(text),
  litellm_signs: exactly<LitellmSignsBody>({
    results: maybeTime,
    read: maybeTime,
    cooldown: maybeTime,
    events: maybeTime,
  }),
  reads_visible: flag.nullable(),
  publishing_since: maybeTime,
  probes_avoided: z.number(),
  usd_avoided: z.number(),
  cooldowns,
});
