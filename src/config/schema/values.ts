import { z } from 'zod';

const numberText = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

// The message of every rule describes the accepted values as a noun phrase: it becomes `Problem.expected`.

/** Milliseconds, from a number of seconds. Bounded, because a timer of more than 24 days fires at once. */
export const seconds: z.ZodType<number> = within(
  'a number of seconds above 0, at most 2000000',
  (value) => value > 0 && value <= 2_000_000,
  { exclusiveMinimum: 0, maximum: 2_000_000 },
).transform((value) => Math.max(1, Math.round(value * 1000)));

/** Milliseconds, from a number of seconds between two bounds, both included. */
export function secondsBetween(least: number, most: number): z.ZodType<number> {
  const bounds = { minimum: least, maximum: most };
  return within(
    `a number of seconds from ${least} to ${most}`,
    (value) => value >= least && value <= most,
    bounds,
  ).transform((value) => Math.round(value * 1000));
}

export function countBetween(least: number, most: number): z.ZodType<number> {
  return within(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
    { minimum: least, maximum: most },
  );
}

export const countFromOne: z.ZodType<number> = within(
  'a whole number, 1 or more',
  (value) => Number.isSafeInteger(value) && value >= 1,
  { minimum: 1 },
);

export const countFromZero: z.ZodType<number> = within(
  'a whole number, 0 or more',
  (value) => Number.isSafeInteger(value) && value >= 0,
  { minimum: 0 },
);

export const numberFromZero: z.ZodType<number> = within(
  'a number, 0 or more',
  (value) => Number.isFinite(value) && value >= 0,
  { minimum: 0 },
);

export const port: z.ZodType<number> = within(
  'a port from 1 to 65535',
  (value) => Number.isInteger(value) && value >= 1 && value <= 65_535,
  { minimum: 1, maximum: 65_535 },
);

export const dollars: z.ZodType<number> = within(
  'a number of dollars, 0 or more',
  (value) => Number.isFinite(value) && value >= 0,
  { minimum: 0 },
);

/** A percentage between two bounds, both included. */
export function percentBetween(least: number, most: number): z.ZodType<number> {
  return within(`a percentage from ${least} to ${most}`, (value) => value >= least && value <= most, {
    minimum: least,
    maximum: most,
  });
}

/** True or false, however it is spelt. */
export const flag: z.ZodType<boolean> = z.union(
  [
    z.boolean(),
    z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(['true', 'false', 'yes', 'no', 'on', 'off', '1', '0']))
      .transform(isTrue),
  ],
  {
    error: 'true or false',
  },
);

/** Text; a number without quotes is taken as it is written, as passwords often are. */
export const text: z.ZodType<string> = z.union([z.string(), z.number().transform(String)], { error: 'text' });

/** One of the given words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodType<Words[number]> {
  const [last = '', ...others] = words.toReversed();
  return z.enum(words, { error: `${others.toReversed().join(', ')} or ${last}` });
}

/** A list of which every item follows the same rule. */
export function listOf<T>(item: z.ZodType<T>, expected: string): z.ZodType<T[]> {
  return z.array(item, { error: expected });
}

export function named(pattern: RegExp, expected: string): z.ZodType<string> {
  return z
    .union([z.string(), z.number().transform(String)], { error: expected })
    .pipe(z.string().regex(pattern, { error: expected }));
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Redis nodes, written `{host, port}` or `[host, port]`. */
export const nodes: z.ZodType<HostAndPort[]> = z
  .array(
    z.union([z.object({ host: text, port }), z.tuple([text, port]).transform(([host, at]) => ({ host, port: at }))], {
      error: 'a host with its port',
    }),
    { error: 'a list of hosts with their ports' },
  )
  .min(1, { error: 'at least one host with its port' });

/** A mapping of which only the given keys matter. */
export function block<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.object(shape, { error: 'a mapping of keys and values' });
}

// A number, or a number written as text: the environment and quotes make texts of all of them.
// The bounds are given twice: `holds` checks them, `bounds` goes into the JSON Schema.
function within(expected: string, holds: (value: number) => boolean, bounds: Bounds): z.ZodType<number> {
  const written = z.string().trim().regex(numberText).transform(Number);
  return z.union([z.number().meta(bounds), written], { error: expected }).refine(holds, { error: expected });
}

/** Keywords of JSON Schema. */
interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly [other: string]: unknown;
}

function isTrue(word: string): boolean {
  return ['true', 'yes', 'on', '1'].includes(word);
}
