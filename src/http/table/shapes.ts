import { z } from 'zod';

// The shapes that several answers share.

export const text: z.ZodType<string> = z.string();
export const count: z.ZodType<number> = z.int().nonnegative();
export const flag: z.ZodType<boolean> = z.boolean();
export const seconds: z.ZodType<number> = z.number().nonnegative();
/** ISO 8601 in UTC. */
export const time: z.ZodType<string> = z.iso.datetime();
export const maybeTime: z.ZodType<string | null> = time.nullable();
export const mode: z.ZodType<string> = z.enum(['shared', 'independent', 'fallback']);
export const state: z.ZodType<string> = z.enum(['unknown', 'up', 'degraded', 'suspect', 'down']);
/** Conditions beside the state. */
export const verdictFlag: z.ZodType<string> = z.enum([
  'unconfirmed',
  'rate-limited',
  'slow',
  'probe-rejected',
  'budget-spent',
]);
export const level: z.ZodType<string> = z.enum(['connect', 'models', 'inference']);

/** A parameter of the probe body that the upstream rejected; `renamed_to` null: it is omitted. */
export const adaptation: z.ZodType<{ parameter: string; renamed_to: string | null }> = z.strictObject({
  parameter: text,
  renamed_to: text.nullable(),
});

/** `?flag=true`, however it is spelt. */
export const switched: z.ZodType<boolean, string | undefined> = z
  .enum(['true', 'false', 'True', 'False', '1', '0', 'yes', 'no', 'on', 'off'])
  .optional()
  .transform((word) => ['true', 'True', '1', 'yes', 'on'].includes(word ?? ''));

/** An error in LiteLLM's format. */
export const detail: z.ZodType = z.strictObject({ detail: z.unknown(), hint: text.optional() });

/** An error in OpenAI's format. */
export const error: z.ZodType = z.strictObject({
  error: z.strictObject({ message: text, type: text, param: text.nullable(), code: text }),
});

/** One entry per fault of the input. */
export const faults: z.ZodType = z.strictObject({
  detail: z.array(z.strictObject({ type: text, loc: z.array(text), msg: text })),
});

export const shuttingDown: z.ZodType = z.strictObject({ status: z.literal('shutting_down') });
