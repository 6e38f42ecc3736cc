import type { FoundCooldown } from '../../ports/index.ts';

type Found = ReadonlyMap<string, FoundCooldown>;

/** The cooldowns in force that this pod did not write. */
export interface FoundCooldowns {
  readonly byLitellm: Found;
  /** With the mark of allswell: of another fleet, also if both write them, of the pod that led before, or planted. */
  readonly byOthers: Found;
}

export const NONE_FOUND: FoundCooldowns = { byLitellm: new Map(), byOthers: new Map() };

export function sortFound(
  found: Found,
  { nowSeconds, written }: { readonly nowSeconds: number; readonly written: ReadonlyMap<string, number> },
): FoundCooldowns {
  const active = [...found].filter(([, cooldown]) => endsAt(cooldown) > nowSeconds);
  return {
    byLitellm: new Map(active.filter(([, { by }]) => by === 'litellm')),
    byOthers: new Map(active.filter(([id, { by, atSeconds }]) => by === 'allswell' && written.get(id) !== atSeconds)),
  };
}

/** Unix time, s. */
export function endsAt({ atSeconds, seconds }: FoundCooldown): number {
  return atSeconds + seconds;
}
