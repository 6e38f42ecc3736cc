import type { StoreTime } from '../../health/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import { upOfView } from './up.ts';
import type { FoundUp } from './up.ts';

/**
 * Reason why a state may be wrong. It changes no state and no status: an old state is still the best that is known.
 *
 * - `paused`: the evidence is stale, and an operator paused probing.
 * - `stale`: the evidence is stale.
 * - `held-up`: an operator holds up what is down by its probes.
 */
export type Doubt = 'paused' | 'stale' | 'held-up';

/** What the state of a target or group rests on. */
export interface Basis {
  /** Null: nothing speaks against the state. */
  readonly doubt: Doubt | null;
  /** Start of the newest evidence for the state; null without any. */
  readonly evidenceAt: StoreTime | null;
}

export type BasisSource = Pick<FleetReader, 'status' | 'target' | 'forecast'>;

/** By the targets whose state it is: a group is as sure as the surest of them. */
export function basisOf(fleet: BasisSource, { up, targets }: Extract<FoundUp, { kind: 'found' }>): Basis {
  const known = targets.flatMap((id) => fleet.target(id) ?? []).filter((view) => upOfView(view) === up);
  const times = known.flatMap(({ evidenceAt }) => evidenceAt ?? []);
  const evidenceAt = times.length === 0 ? null : Math.max(...times);
  const doubts = known.map((view) => doubtOf(fleet, view));
  return { doubt: doubts.includes(null) ? null : (doubts[0] ?? null), evidenceAt };
}

function doubtOf(fleet: BasisSource, { id, hold, stale, state }: TargetView): Doubt | null {
  if (hold?.kind === 'drain' || state === 'unknown') return null;
  if (hold?.kind === 'hold-up' && state === 'down') return 'held-up';
  // What is probed on request alone has no schedule that its evidence could be behind.
  if (!stale || fleet.forecast(id)?.at === null) return null;
  return fleet.status().pause === null ? 'stale' : 'paused';
}
