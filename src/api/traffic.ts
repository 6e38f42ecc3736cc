import { z } from 'zod';
import { count, exactly, text, time } from './schema.ts';

/** Results of users' requests, of one source and class. */
export interface ObservedBody {
  readonly source: string;
  /** `success`, a failure class, or `neutral` for a result that proves nothing. */
  readonly class: string;
  readonly count: number;
}

/** Why LiteLLM's events did not count within the last ten minutes. */
export interface EventProblemBody {
  readonly kind: 'refused' | 'unknown' | 'too-old';
  /** Requests, for `refused`; else events. */
  readonly count: number;
  readonly at: string;
  readonly what: string;
}

/** `traffic` in `GET /fleet`: evidence that this pod took from users' requests since it started. */
export interface TrafficBody {
  readonly observations: readonly ObservedBody[];
  readonly event_problems: readonly EventProblemBody[];
  /** Estimate: probes that successful requests replaced. */
  readonly probes_avoided: number;
  /** Their cost, without those of unknown price. */
  readonly usd_avoided: number;
  /** Those of them that are billed, at an unknown price. */
  readonly unpriced_probes_avoided: number;
}

export const traffic: z.ZodType<TrafficBody> = exactly<TrafficBody>({
  observations: z.array(exactly<ObservedBody>({ source: text, class: text, count })),
  event_problems: z.array(
    exactly<EventProblemBody>({ kind: z.enum(['refused', 'unknown', 'too-old']), count, at: time, what: text }),
  ),
  probes_avoided: z.number(),
  usd_avoided: z.number(),
  unpriced_probes_avoided: z.number(),
});
