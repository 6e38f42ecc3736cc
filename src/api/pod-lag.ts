import { z } from 'zod';
import { atLeast, time } from './schema.ts';

/** How far a pod's copy of the fleet's health is behind the store, in steps. */
export interface PodLagBody {
  /** It is at least this long, s: 0, 0.1, 1, 10 or 60. */
  readonly at_least_seconds: number;
  /** Start of this step. */
  readonly since: string;
}

export const podLag: z.ZodType<PodLagBody> = atLeast<PodLagBody>({ at_least_seconds: z.number().min(0), since: time });
