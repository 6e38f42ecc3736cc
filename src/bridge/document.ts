import type { PodId, StoreTime } from '../health/index.ts';
import { healthyHosts, isLikelyPartition } from './likely-partition.ts';
import type { Share } from './likely-partition.ts';
import type { Publishable } from './publishable.ts';

export interface ComposeOptions {
  readonly pod: PodId;
  /** Time of the verdicts, on the store's clock. */
  readonly now: StoreTime;
  /** Age at which LiteLLM ignores results. */
  readonly ttlMs: number;
  /** Longest time between this moment and the start of the TTL in the store. */
  readonly marginMs: number;
}

export interface Document {
  readonly kind: 'document';
  readonly text: string;
  /** TTL of the text. */
  readonly lifeMs: number;
  readonly healthy: number;
  readonly unhealthy: number;
}

export type Composed = Document | NoDocument;

/** With its share: deployments that prevent a publication, of all; for `likely-partition` healthy hosts, of all. */
export interface NoDocument extends Share {
  readonly kind: 'withheld';
  readonly why: Withheld;
  readonly models: readonly string[];
}

export type Withheld = 'no-deployments' | 'not-judged' | 'evidence-too-old' | 'likely-partition';

/** A shorter TTL is of no use: LiteLLM's pods read once per interval. */
const SHORTEST_LIFE_MS = 1_000;

/**
 * Composes results in LiteLLM's format, or the reason why there are none. A publication stops all of LiteLLM's own
 * probes, so it lists every deployment or is withheld: a missing deployment would not be probed at all. It expires
 * before the oldest evidence in it is too old, and with LiteLLM's own TTL of results at the latest.
 *
 * @example
 * composeDocument([], options) // { kind: 'withheld', why: 'no-deployments', models: [], count: 0, of: 0 }
 */
export function composeDocument(
  publishable: readonly Publishable[],
  { pod, now, ttlMs, marginMs }: ComposeOptions,
): Composed {
  const { length: of } = publishable;
  const withheld = (why: Withheld, rows: readonly Publishable[]): NoDocument => {
    return { kind: 'withheld', why, models: namesOf(rows), count: rows.length, of };
  };
  if (of === 0) return withheld('no-deployments', []);
  const unknown = publishable.filter(({ list }) => list === 'unknown');
  if (unknown.length > 0) return withheld('not-judged', unknown);
  if (isLikelyPartition(publishable)) return { ...withheld('likely-partition', []), ...healthyHosts(publishable) };
  const tooOld = publishable.filter(({ validForMs }) => validForMs - marginMs < SHORTEST_LIFE_MS);
  if (tooOld.length > 0) return withheld('evidence-too-old', tooOld);
  const healthy = publishable.filter(({ list }) => list === 'healthy').map(({ row }) => row);
  const unhealthy = publishable.filter(({ list }) => list === 'unhealthy').map(({ row }) => row);
  const text = encoded({
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
    timestamp: now / 1_000_000,
    // Last, as in LiteLLM's results: the author is read from their end.
    checked_by: pod,
  });
  const left = publishable.reduce((least, { validForMs }) => Math.min(least, validForMs - marginMs), ttlMs);
  return { kind: 'document', text, lifeMs: Math.floor(left), healthy: healthy.length, unhealthy: unhealthy.length };
}

/** The document in a JSON string: LiteLLM encodes it, and LiteLLM's cache encodes it again. */
function encoded(document: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(JSON.stringify(document, wellFormed));
}

/**
 * Replaces half surrogate pairs, which a truncated message may end with: JSON allows them, but the reading pod's answer
 * fails.
 */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\p{Surrogate}/gu, '\u{FFFD}') : value;
}

function namesOf(publishable: readonly Publishable[]): readonly string[] {
  return [...new Set(publishable.map(({ name }) => name))];
}
