import type { LimitShare, LimitShares } from '../../ports/index.ts';

const UNLIMITED: LimitShare = { rpm: null, tpm: null, maxParallel: null };

/** Shares for a single pod: the whole limit of each deployment. */
export function wholeLimits(): LimitShares {
  let shares: ReadonlyMap<string, LimitShare> = new Map();
  return {
    configure: (deployments) => {
      shares = new Map(
        deployments.map(({ id, rpm = null, tpm = null, maxParallel = null }) => [id, { rpm, tpm, maxParallel }]),
      );
    },
    shareOf: (deployment) => shares.get(deployment) ?? UNLIMITED,
    used: () => {},
  };
}
