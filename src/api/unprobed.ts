import { z } from 'zod';
import { exactly, text } from './schema.ts';

/** A deployment of LiteLLM that allswell does not probe, and does not publish. */
export interface UnprobedBody {
  readonly model_name: string;
  /** Null if LiteLLM's id cannot be known. */
  readonly model_id: string | null;
  readonly model: string;
  /** The only source of evidence. */
  readonly watched: 'traffic';
  readonly why: string;
}

export const unprobed: z.ZodType<UnprobedBody> = exactly<UnprobedBody>({
  model_name: text,
  model_id: text.nullable(),
  model: text,
  watched: z.literal('traffic'),
  why: text,
});
