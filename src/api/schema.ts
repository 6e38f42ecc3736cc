import { z } from 'zod';
import type { FailureClass, ProbeReason } from '../health/index.ts';

/** A schema for every key of a body, and for no other. A key that may be absent needs an optional schema. */
export type Keys<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? z.ZodOptional<z.ZodType<Exclude<T[K], undefined>>>
    : z.ZodType<T[K]>;
};

/** A body with exactly these keys. */
export function exactly<T>(keys: Keys<T>): z.ZodType<T> {
  return z.strictObject(keys) as unknown as z.ZodType<T>;
}

/** A body that newer versions, or the deployment's own parameters, may add keys to. */
export function atLeast<T>(keys: Keys<T>): z.ZodType<T> {
  return z.looseObject(keys) as unknown as z.ZodType<T>;
}

export const text: z.ZodType<string> = z.string();
export const count: z.ZodType<number> = z.int().nonnegative();
export const flag: z.ZodType<boolean> = z.boolean();
export const seconds: z.ZodType<number> = z.number().nonnegative();
/** ISO 8601 in UTC. */
export const time: z.ZodType<string> = z.iso.datetime();
export const maybeTime: z.ZodType<string | null> = time.nullable();

// A newer version may use other words, so the schemas take any.
export const failureClass: z.ZodType<FailureClass> = z.string() as unknown as z.ZodType<FailureClass>;
export const probeReason: z.ZodType<ProbeReason> = z.string() as unknown as z.ZodType<ProbeReason>;
