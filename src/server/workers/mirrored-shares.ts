import type { LimitShare, LimitShares, LimitUse } from '../../ports/index.ts';
import type { NumberedShares } from './messages.ts';

const NOTHING: LimitShare = { rpm: 0, tpm: 0, maxParallel: 0 };
const UNLIMITED: LimitShare = { rpm: null, tpm: null, maxParallel: null };

/** A worker's shares of the limits, as its primary process gives them. */
export interface MirroredShares extends LimitShares {
  apply(update: NumberedShares): void;
  /** Number of the newest update. */
  readonly applied: number;
}

/** `used` gets the use of deployments that have a limit. */
export function createMirroredShares(used: (deployment: string, use: LimitUse) => void): MirroredShares {
  let limited: ReadonlySet<string> = new Set();
  const shares = new Map<string, LimitShare>();
  let applied = 0;
  return {
    get applied() {
      return applied;
    },
    configure: (deployments) => {
      limited = new Set(deployments.filter((one) => Object.keys(one).length > 1).map(({ id }) => id));
      for (const id of shares.keys()) if (!limited.has(id)) shares.delete(id);
    },
    // A deployment whose share has not come yet may be at its limit in the other workers.
    shareOf: (deployment) => shares.get(deployment) ?? (limited.has(deployment) ? NOTHING : UNLIMITED),
    used,
    apply: (update) => {
      applied = update.number;
      for (const [deployment, share] of update.shares) shares.set(deployment, share);
    },
  };
}
