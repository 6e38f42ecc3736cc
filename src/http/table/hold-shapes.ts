import { z } from 'zod';
import { maybeTime, text, time } from './shapes.ts';

/** An operator's hold; `none` ends one. */
export const hold: z.ZodType = z.strictObject({
  kind: z.enum(['drain', 'hold-up', 'pause', 'none']),
  by: text,
  reason: text,
  at: time,
  until: maybeTime,
});
