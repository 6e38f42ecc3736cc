import type { PodId, StoreTime } from '../health/index.ts';
import { seemsCutOff } from './cut-off.ts';
import type { Vouched } from './vouched.ts';

export interface Vouching {
  readonly pod: PodId;
  /** On the store's clock: the time of vouching. */
  readonly now: StoreTime;
  /** Age at which LiteLLM takes results for none. */
  readonly ttlMs: number;
  /** What may pass between this moment and the moment from which the store counts. */
  readonly marginMs: number;
}

export interface Document {
  readonly kind: 'document';
  readonly text: string;
  /** How long the text may stand. */
  readonly lifeMs: number;
  readonly healthy: number;
  readonly unhealthy: number;
}

export type Composed =
  | Document
  | { readonly kind: 'withheld'; readonly why: Withheld; readonly models: readonly string[] };

export type Withheld = 'nothing-to-vouch-for' | 'not-judged' | 'evidence-too-old' | 'cut-off';

/** A text that would be gone at once helps nobody: LiteLLM's pods look once per interval. */
const SHORTEST_LIFE_MS = 1_000;

/**
 * What LiteLLM's pods take for the results of one of them, or why there is none. A publication stops all of LiteLLM's
 * own probes, so it is whole or it is not: a deployment that is left out would be watched by nobody. It ends before the
 * oldest evidence in it is older than is allowed, and when LiteLLM's own time for results is over at the latest.
 *
 * @example
 * composeDocument([], vouching) // { kind: 'withheld', why: 'nothing-to-vouch-for', models: [] }
 */
export function composeDocument(vouched: readonly Vouched[], { pod, now, ttlMs, marginMs }: Vouching): Composed {
  if (vouched.length === 0) return { kind: 'withheld', why: 'nothing-to-vouch-for', models: [] };
  const unknown = vouched.filter(({ list }) => list === 'unknown');
  if (unknown.length > 0) return { kind: 'withheld', why: 'not-judged', models: namesOf(unknown) };
  if (seemsCutOff(vouched)) return { kind: 'withheld', why: 'cut-off', models: [] };
  const tooOld = vouched.filter(({ leftMs }) => leftMs - marginMs < SHORTEST_LIFE_MS);
  if (tooOld.length > 0) return { kind: 'withheld', why: 'evidence-too-old', models: namesOf(tooOld) };
  const healthy = vouched.filter(({ list }) => list === 'healthy').map(({ row }) => row);
  const unhealthy = vouched.filter(({ list }) => list === 'unhealthy').map(({ row }) => row);
  const text = encoded({
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
    timestamp: now / 1_000_000,
    // Last, as in LiteLLM's: who wrote it can be told from its end.
    checked_by: pod,
  });
  const left = vouched.reduce((least, { leftMs }) => Math.min(least, leftMs - marginMs), ttlMs);
  return { kind: 'document', text, lifeMs: Math.floor(left), healthy: healthy.length, unhealthy: unhealthy.length };
}

/** The document in a JSON string: LiteLLM encodes it, and its cache encodes what it is given once more. */
function encoded(document: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(JSON.stringify(document, wellFormed));
}

/** Half a surrogate pair, as a cut-off message may end with, passes JSON, and then breaks the answer of the pod that read it. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\p{Surrogate}/gu, '\u{FFFD}') : value;
}

function namesOf(vouched: readonly Vouched[]): readonly string[] {
  return [...new Set(vouched.map(({ name }) => name))];
}
