import { z } from 'zod';
import { hold } from './hold-shapes.ts';
import { adaptation, count, flag, level, maybeTime, mode, seconds, state, text, time, verdictFlag } from './shapes.ts';

const lease = z.strictObject({ pod: text, until: time });

/** The stored facts; a newer version may have more fields. */
const facts = z.looseObject({});

const targetOf = {
  target: text,
  model: text.nullable(),
  deployments: z.array(z.strictObject({ model_name: text, model_id: text })),
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
  lease: lease.nullable(),
  version: count,
};

const pod = z.looseObject({
  pod: text,
  self: flag,
  version: text,
  policy_print: text,
  targets_print: text,
  started_at: time,
  impaired: flag,
  unreached: z.array(text),
  unseen: z.array(text),
});

const budget = z.strictObject({
  probes_per_hour: count.nullable(),
  usd_per_day: z.number().nullable(),
  probes_this_hour: count.nullable(),
  usd_today: z.number().nullable(),
  hour_ends_at: maybeTime,
  day_ends_at: maybeTime,
});

const days = z.array(
  z.strictObject({
    day: text,
    probes: count,
    unpriced_probes: count,
    spent_usd: z.number().nullable(),
    saved_usd: z.strictObject({ by_sharing: z.number(), by_alias: z.number(), by_cache: z.number() }).nullable(),
  }),
);

const incidentKind = z.enum(['store-lost-data', 'foreign-data', 'forged-messages', 'state-not-kept']);

const money = z.strictObject({
  as_of: maybeTime,
  lost_at: maybeTime,
  budget,
  days,
  targets: z.array(
    z.strictObject({ target: text, model: text.nullable(), worst_price_usd: z.number().nullable(), budget, days }),
  ),
});

const otherModel = z.strictObject({ id: text, model: text });

const bridge = z.strictObject({
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
  displaced: z.strictObject({ litellm: count, unknown: count, vanished: count }),
  litellm_results_at: time.nullable(),
  other_models: z
    .strictObject({
      unwatched: z.array(otherModel),
      unwatched_count: count,
      foreign: z.array(otherModel),
      foreign_count: count,
      seen_at: time,
    })
    .nullable(),
  stray_key: text.nullable(),
  litellm_pods: z.array(text),
  probes_avoided: z.number(),
  usd_avoided: z.number(),
});

export const fleet: z.ZodType = z.looseObject({
  pod: text,
  fleet: text,
  mode,
  since: time,
  now: time,
  impaired: flag,
  probing_paused: hold.nullable(),
  store: z.strictObject({ available: flag, problem: text.nullable(), epoch: text, seq: count }),
  pods: z.array(pod),
  leases: z.array(z.strictObject({ target: text, model: text.nullable(), pod: text, until: time })),
  money,
  incidents: z.array(z.strictObject({ kind: incidentKind, at: time, count, what: text })),
  quarantined: z.array(z.strictObject({ target: text, model: text.nullable() })),
  targets: z.array(z.looseObject({ ...targetOf, record: facts.nullable() })),
  bridge,
  setup: z.strictObject({
    health_checks: z.enum(['shared', 'independent', 'on-demand-shared', 'on-demand']),
    sharing_requested: flag,
    redis_configured: flag,
    litellm_bridge: flag,
    eviction_policy: text.nullable(),
  }),
});

const probe = z.strictObject({
  at: time,
  age_seconds: seconds,
  pod: text,
  reason: text,
  level,
  ok: flag,
  latency_ms: z.number(),
  class: text.optional(),
  status: z.int().optional(),
  message: text.optional(),
});

const sign = {
  status: z.int().optional(),
  message: text,
  level,
  length: count,
  since: time,
  at: time,
  age_seconds: seconds,
};

const evidence = z.strictObject({
  last_probe: probe.nullable(),
  last_good: z.array(z.strictObject({ level, at: time, age_seconds: seconds })),
  run: z.strictObject({ kind: z.enum(['ok', 'failed', 'none']), length: count, since: time }).nullable(),
  trouble: z
    .strictObject({
      class: text,
      ...sign,
      over: flag,
      witnesses: z.array(z.strictObject({ pod: text, self: flag, live: flag, at: time, age_seconds: seconds })),
    })
    .nullable(),
  overload: z.strictObject({ ...sign, rest_until: maybeTime }).nullable(),
  rejected: z.strictObject(sign).nullable(),
  probe_adapted: adaptation.nullable(),
  usual_ms: z.record(text, z.number()),
});

export const explanation: z.ZodType = z.looseObject({
  ...targetOf,
  pod: text,
  now: time,
  evidence,
  policy: z.strictObject({
    rise: count,
    fall: count,
    edge_interval_seconds: seconds,
    interval_seconds: seconds,
    timeout_seconds: seconds,
    level,
    stale_after_seconds: seconds,
    background: flag,
    policy_print: text,
    pods_with_other_policy: z.array(text),
  }),
  next_probe: z.strictObject({
    kind: z.enum(['running', 'planned', 'paused', 'on-demand']),
    reason: z.enum(['scheduled', 'confirmation']),
    at: maybeTime,
    in_seconds: seconds.nullable(),
    by: text.nullable(),
    otherwise: z.array(text),
    paused: hold.optional(),
  }),
  would_change: z.array(z.strictObject({ to: state, needs: text })),
});
