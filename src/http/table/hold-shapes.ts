import { z } from 'zod';
import { maybeTime, text, time } from './shapes.ts';

/** What an operator decided; `none` is an end. */
export const hold: z.ZodType = z.strictObject({
  kind: z.enum(['drain', 'hold-up', 'pause', 'none']),
  by: text,
  reason: text,
  at: time,
  until: maybeTime,
});
