import type { Facts } from './facts.ts';
import type { PodId, StoreTime } from './ids.ts';
import type { Level } from './level.ts';

const MIN_MS = 10_000;
const TIMES_USUAL = 10;

/** A running probe of any pod, known from its lease. */
export interface RunningProbe {
  readonly since: StoreTime;
  readonly pod: PodId;
}

/** Time without an answer after which a probe counts as slow, ms. */
export function slowAfterMs(facts: Facts | undefined, level: Level): number {
  return Math.max(MIN_MS, TIMES_USUAL * (facts?.usualMs?.[level] ?? 0));
}

/** One line if the running probe takes far longer than usual; else undefined. */
export function slowness(
  facts: Facts | undefined,
  { now, level, probing }: { readonly now: StoreTime; readonly level: Level; readonly probing?: RunningProbe },
): string | undefined {
  if (probing === undefined) return undefined;
  const waitedMs = (now - probing.since) / 1000;
  if (waitedMs <= slowAfterMs(facts, level)) return undefined;
  const usualMs = facts?.usualMs?.[level];
  const usually = usualMs === undefined ? '' : ` (usually ${duration(usualMs)})`;
  return `a running probe has had no answer for ${Math.round(waitedMs / 1000)} s${usually}`;
}

function duration(ms: number): string {
  return ms < 100 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
