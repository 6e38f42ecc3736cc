import { z } from 'zod';
import { exactly, text } from './schema.ts';

/** A failure of LiteLLM's kind. */
export interface DetailBody {
  readonly detail: unknown;
  readonly hint?: string;
}

/** An error in OpenAI's format. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** One fault of the input: its code, its place and a sentence. */
export interface InputFault {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
}

/** Input of another shape; one entry per fault. */
export interface FaultsBody {
  readonly detail: readonly InputFault[];
}

export const detailSchema: z.ZodType<DetailBody> = exactly<DetailBody>({ detail: z.unknown(), hint: text.optional() });

export const errorSchema: z.ZodType<ErrorBody> = exactly<ErrorBody>({
  error: exactly<ErrorBody['error']>({ message: text, type: text, param: text.nullable(), code: text }),
});

export const faultsSchema: z.ZodType<FaultsBody> = exactly<FaultsBody>({
  detail: z.array(exactly<InputFault>({ type: text, loc: z.array(text), msg: text })),
});
