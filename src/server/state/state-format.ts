import { parseJson } from '../../health/index.ts';
import { z } from 'zod';
import type { KeptState } from '../../ports/index.ts';

/** Format of the file; a newer one is not read. */
const FORMAT = 2;
/** Above the size of the largest fleets, and small enough to be read fast. */
export const MAX_STATE_BYTES: number = 8 * 1024 * 1024;

/** The fleet and host of the state. */
export interface StateOwner {
  readonly fleet: string;
  readonly host: string;
}

export interface StateText {
  /** The process that wrote the state. */
  readonly pod: string;
  readonly state: KeptState;
}

/** Largest integer in all parts of the protocol. */
const count = z.number().int().min(0).max(9_000_000_000_000_000);
const id = z.string().min(1).max(128);
const use = z.strictObject({ hour: count, probes: count, day: count, nanoUsd: count });
const known = use.extend({ epoch: z.union([z.null(), z.string().regex(/^[A-Za-z0-9._-]{0,64}$/)]) });
const kept = z.object({
  format: z.literal(FORMAT),
  fleet: z.string(),
  host: z.string(),
  pod: id,
  pods: z.number().int().min(1).max(10_000),
  uses: z.array(z.object({ owner: id, counted: known, alone: use.nullable(), opened: z.boolean() })),
  fallbackProbes: z.array(z.object({ target: id, paidProbes: count, paidAt: count })),
});

/** The file's text: one line of JSON. */
export function formatState({ fleet, host }: StateOwner, { pod, state }: StateText): string {
  const { pods, uses, fallbackProbes } = state;
  return `${JSON.stringify({ format: FORMAT, fleet, host, pod, pods, uses, fallbackProbes })}\n`;
}

/** The process that wrote a text with this beginning; undefined if the text does not name it. */
export function writerIn(head: string): string | undefined {
  return /^\{"format":\d+,"fleet":"[^"]*","host":"[^"]*","pod":"([^"]{1,128})"/.exec(head)?.[1];
}

/** Parses a file's text, or returns what is wrong with it. */
export function parseState(text: string, { fleet, host }: StateOwner): StateText | { readonly wrong: string } {
  const json = parseJson(text);
  if (json === undefined) return { wrong: 'it is not JSON' };
  const format = z.object({ format: z.number() }).safeParse(json).data?.format;
  if (format !== undefined && format !== FORMAT) {
    return { wrong: `it has format ${format}; this version reads format ${FORMAT}` };
  }
  const found = kept.safeParse(json);
  if (!found.success) return { wrong: `${found.error.issues[0]?.path.join('.') ?? ''} is invalid` };
  const { pod, pods, uses, fallbackProbes } = found.data;
  if (found.data.fleet !== fleet || found.data.host !== host) return { wrong: 'it belongs to another fleet or host' };
  return { pod, state: { pods, uses, fallbackProbes } };
}
