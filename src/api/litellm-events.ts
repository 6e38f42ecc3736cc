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

const fields = [
  '`model_id`: `model_info.id` of the deployment',
  '`status`: `success` or `failure`',
  '`startTime`, `endTime`, `completionStartTime` (first token; optional): seconds since the epoch',
  '`error_information.error_code` and `.error_class` (optional): HTTP status and name of the exception',
  '`cache_hit`, `call_type` (optional)',
].join('; ');

/**
 * A batch in either of LiteLLM's JSON forms. The schema restricts no event, because the endpoint reads each on its own: a
 * faulty one is counted in `ignored_why` and spoils no other.
 */
export const litellmBatchSchema: z.ZodType = z
  .union([z.array(z.unknown()), z.looseObject({})])
  .describe(`One event or an array of them. Fields that are read of an event, others stay unread: ${fields}`);
