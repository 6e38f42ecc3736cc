import { z } from 'zod';
import { count, exactly, text } from './schema.ts';

/** Classes of failures that a reporter may name. */
export type ObservedClass = 'network' | 'timeout' | 'server' | 'overloaded' | 'quota' | 'auth' | 'not-found';

/** Result of one request, as its sender reports it. Exactly one of `target` and `deployment`, and at least one of `ok` and `class`. */
export interface ObservationBody {
  /** Target id. */
  readonly target?: string | undefined;
  /** `model_info.id` of a deployment. */
  readonly deployment?: string | undefined;
  readonly ok?: boolean | undefined;
  /** Class of the failure; by the status if absent. */
  readonly class?: ObservedClass | undefined;
  readonly status?: number | undefined;
  readonly first_token_ms?: number | undefined;
  readonly duration_ms?: number | undefined;
  /** Retry-After of the answer. */
  readonly retry_after_ms?: number | undefined;
  /** End of the request: ISO 8601, or seconds since the epoch. Absent: now. */
  readonly at?: string | number | undefined;
}

/** `POST /fleet/observations`: results of requests of one program. */
export interface ObservationBatchBody {
  /** Name of the host or program, which counts as one witness. Absent: the address of the sender. */
  readonly reporter?: string | undefined;
  readonly observations: readonly ObservationBody[];
}

/** What became of the batch. The three counts add up to its observations. */
export interface ObservationsTakenBody {
  readonly accepted: number;
  /** Observations of targets that this pod does not have. */
  readonly unknown: number;
  /** Faulty or too old. */
  readonly ignored: number;
  /** Why the first of them were ignored, at most ten. */
  readonly problems: readonly ObservationProblemBody[];
}

export interface ObservationProblemBody {
  /** Place in the batch, from 0. */
  readonly item: number;
  readonly field: string;
  readonly why: string;
}

const DAY_MS = 86_400_000;
const LATEST_S = 4_000_000_000;

const id = z.string().min(1).max(512);
const duration = z.number().min(0).max(DAY_MS);

/** One observation. Further keys are ignored, so that a newer reporter can send them. */
export const observationSchema: z.ZodType<ObservationBody> = z
  .looseObject({
    target: id.optional(),
    deployment: id.optional(),
    ok: z.boolean().optional(),
    class: z.enum(['network', 'timeout', 'server', 'overloaded', 'quota', 'auth', 'not-found']).optional(),
    status: z.int().min(100).max(599).optional(),
    first_token_ms: duration.optional(),
    duration_ms: duration.optional(),
    retry_after_ms: z.number().min(0).optional(),
    at: z.union([z.iso.datetime({ offset: true }), z.number().positive().max(LATEST_S)]).optional(),
  })
  .superRefine(({ target, deployment, ok, class: failure }, check) => {
    const wrong = (field: string, message: string): void => check.addIssue({ code: 'custom', path: [field], message });
    if ((target === undefined) === (deployment === undefined)) wrong('target', 'give either target or deployment');
    if (ok === undefined && failure === undefined) wrong('ok', 'give ok or class');
    if (ok === true && failure !== undefined) wrong('class', 'a success has no class');
  });

/** Name of a reporter. */
export const reporterSchema: z.ZodType<string> = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);

/** A batch, for the OpenAPI document. The endpoint reads each observation on its own: a faulty one spoils no other. */
export const observationBatchSchema: z.ZodType = z.looseObject({
  reporter: reporterSchema.optional(),
  observations: z.array(observationSchema).describe('At most 5,000'),
});

export const observationsTakenSchema: z.ZodType<ObservationsTakenBody> = exactly<ObservationsTakenBody>({
  accepted: count,
  unknown: count,
  ignored: count,
  problems: z.array(exactly<ObservationProblemBody>({ item: count, field: text, why: text })),
});
