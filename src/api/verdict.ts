import { z } from 'zod';
import type { Level, State, VerdictFlag } from '../health/index.ts';
import { exactly, text } from './schema.ts';

// What answers about a pod and about a target share.

/** Where a pod's knowledge comes from: the fleet's store, its own probes by configuration, or its own probes while the store is lost. */
export type Mode = 'shared' | 'independent' | 'fallback';

/** What probes change of their body because the upstream rejected it. */
export interface AdaptationBody {
  readonly parameter: string;
  /** Null: the parameter is left out. */
  readonly renamed_to: string | null;
}

export const mode: z.ZodType<Mode> = z.enum(['shared', 'independent', 'fallback']);
export const state: z.ZodType<State> = z.enum(['unknown', 'up', 'degraded', 'suspect', 'down']);
export const verdictFlag: z.ZodType<VerdictFlag> = z.enum([
  'unconfirmed',
  'rate-limited',
  'slow',
  'probe-rejected',
  'budget-spent',
]);
export const level: z.ZodType<Level> = z.enum(['connect', 'models', 'inference']);

export const adaptation: z.ZodType<AdaptationBody> = exactly<AdaptationBody>({
  parameter: text,
  renamed_to: text.nullable(),
});
