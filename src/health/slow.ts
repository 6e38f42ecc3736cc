import type { Facts } from './facts.ts';
import type { PodId, StoreTime } from './ids.ts';
import type { Level } from './level.ts';

const LEAST_MS = 10_000;
const TIMES_USUAL = 10;

/** A probe that runs now, in whatever pod: its lease says so. */
export interface RunningProbe {
  readonly since: StoreTime;
  readonly pod: PodId;
}

/** After how long without an answer a probe counts as slow, ms. */
export function slowAfterMs(facts: Facts | undefined, level: Level): number {
  return Math.max(LEAST_MS, TIMES_USUAL * (facts?.usualMs?.[level] ?? 0));
}

/** One line where the probe that runs now takes far longer than usual; else undefined. */
export function slowness(
  facts: Facts | undefined,
  { now, level, probing }: { readonly now: StoreTime; readonly level: Level; readonly probing?: RunningProbe },
): string | undefined {
  if (probing === undefined) return undefined;
  const waitedMs = (now - probing.since) / 1000;
  if (waitedMs <= slowAfterMs(facts, level)) return undefined;
  const usualMs = facts?.usualMs?.[level];
  const usually = usualMs === undefined ? '' : ` (usually ${seconds(usualMs)})`;
  return `a running probe has had no answer for ${Math.round(waitedMs / 1000)} s${usually}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
