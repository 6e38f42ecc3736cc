import type { PodId, StoreTime } from '../health/index.ts';
import { healthyHosts, seemsCutOff } from './cut-off.ts';
import type { Share } from './cut-off.ts';
import type { Vouched } from './vouched.ts';

export interface Vouching {
  readonly pod: PodId;
  /** Time of the verdicts, on the store's clock. */
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

export type Composed = Document | NoDocument;

/** Its share: deployments that prevent a publication, of all; for `cut-off` healthy hosts, of all. */
export interface NoDocument extends Share {
  readonly kind: 'withheld';
  readonly why: Withheld;
  readonly models: readonly string[];
}

export type Withheld = 'nothing-to-vouch-for' | 'not-judged' | 'evidence-too-old' | 'cut-off';

/** A shorter life is of no use: LiteLLM's pods read once per interval. */
const SHORTEST_LIFE_MS = 1_000;

/**
 * Composes results in LiteLLM's format, or the reason why there are none. A publication stops all of LiteLLM's own
 * probes, so it lists every deployment or is withheld: a deployment that is missing would not be probed at all. It
 * expires before the oldest evidence in it is too old, and with LiteLLM's own TTL of results at the latest.
 *
 * @example
 * composeDocument([], vouching) // { kind: 'withheld', why: 'nothing-to-vouch-for', models: [], count: 0, of: 0 }
 */
export function composeDocument(vouched: readonly Vouched[], { pod, now, ttlMs, marginMs }: Vouching): Composed {
  const { length: of } = vouched;
  const withheld = (why: Withheld, rows: readonly Vouched[]): NoDocument => {
    return { kind: 'withheld', why, models: namesOf(rows), count: rows.length, of };
  };
  if (of === 0) return withheld('nothing-to-vouch-for', []);
  const unknown = vouched.filter(({ list }) => list === 'unknown');
  if (unknown.length > 0) return withheld('not-judged', unknown);
  if (seemsCutOff(vouched)) return { ...withheld('cut-off', []), ...healthyHosts(vouched) };
  const tooOld = vouched.filter(({ leftMs }) => leftMs - marginMs < SHORTEST_LIFE_MS);
  if (tooOld.length > 0) return withheld('evidence-too-old', tooOld);
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
