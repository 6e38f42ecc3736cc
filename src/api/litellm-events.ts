import { z } from 'zod';
import { count, exactly } from './schema.ts';

/** `POST /litellm/events`: what became of a batch. The three counts add up to the events of the batch. */
export interface LitellmEventsBody {
  /** Events of known deployments. */
  readonly accepted: number;
  /** Events with a `model_id` that this pod does not have. */
  readonly unknown: number;
  readonly ignored: number;
  /** Number of ignored events by reason. */
  readonly ignored_why: Readonly<Record<string, number>>;
}

export const litellmEventsSchema: z.ZodType<LitellmEventsBody> = exactly<LitellmEventsBody>({
  accepted: count,
  unknown: count,
  ignored: count,
  ignored_why: z.record(z.string(), count),
});

/** The fields that are read of one event. Others are allowed and stay unread. */
const event = z.looseObject({
  model_id: z.string().describe('`model_info.id` of the deployment'),
  status: z.enum(['success', 'failure']),
  startTime: z.number().describe('seconds since the epoch, as the two other times'),
  endTime: z.number(),
  completionStartTime: z.number().optional().describe('first token of the answer'),
  error_information: z
    .looseObject({ error_code: z.string().nullish(), error_class: z.string().nullish() })
    .nullish()
    .describe('HTTP status and name of the exception'),
  cache_hit: z.boolean().nullish(),
  call_type: z.string().optional(),
});

/** A batch in either of LiteLLM's JSON forms. The endpoint reads it event by event: one faulty event spoils no other. */
export const litellmBatchSchema: z.ZodType = z.union([z.array(event), event]);
