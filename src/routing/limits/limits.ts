import type { LimitShares, LimitUse } from '../../ports/index.ts';
import type { Member } from '../member.ts';
import type { RoutedDeployment } from '../types.ts';

/** A deployment at its limit of requests at once, or without a share, is worth another request after this time. */
const ASK_AGAIN_MS = 1_000;

/** Keeps the requests of this pod within its shares of the deployments' own limits. */
export interface LimitKeeper {
  configure(deployments: readonly RoutedDeployment[], defaultMaxParallel: number | null): void;
  /** True if one more request with this many tokens is within the share. */
  admits(member: Member, tokens: number, nowMs: number): boolean;
  /** Time until it may be, ms. */
  waitMs(member: Member, tokens: number, nowMs: number): number;
  /** Counts a request that starts at `atMs`, now or later. */
  began(member: Member, tokens: number, atMs: number, nowMs: number): void;
  /** Corrects the estimate: the difference counts from now on, a refund where it was reserved. */
  ended(
    member: Member,
    tokens: { readonly reserved: number; readonly actual: number; readonly atMs: number },
    nowMs: number,
  ): void;
  /** An attempt that was not made after all. */
  takenBack(member: Member, tokens: { readonly reserved: number; readonly atMs: number }, nowMs: number): void;
  refused(member: Member, tokens: number, nowMs: number): void;
}

/** Keeps requests within the given shares. `memberOf` finds the counters of a deployment. */
export function createLimits(shares: LimitShares, memberOf: (id: string) => Member | undefined): LimitKeeper {
  const use = { requests: 0, tokens: 0, inFlight: 0, refused: 0, refusedTokens: 0 } satisfies LimitUse;
  let limited: ReadonlySet<string> = new Set();

  const useOf = (member: Member, nowMs: number): LimitUse => {
    use.requests = member.requests.total(nowMs);
    use.tokens = member.tokens.total(nowMs);
    use.inFlight = member.inFlight;
    use.refused = member.refused;
    use.refusedTokens = member.refusedTokens;
    return use;
  };
  const report = (member: Member, nowMs: number): void => {
    const { id } = member.deployment;
    if (limited.has(id)) shares.used(id, useOf(member, nowMs));
  };

  return {
    configure: (deployments, defaultMaxParallel) => {
      const withDefault = deployments.map((deployment) => {
        const { id, rpm, tpm } = deployment;
        const maxParallel = maxParallelOf(deployment, defaultMaxParallel);
        return {
          id,
          ...(rpm !== undefined && { rpm }),
          ...(tpm !== undefined && { tpm }),
          ...(maxParallel !== undefined && { maxParallel }),
        };
      });
      shares.configure(withDefault, (id, nowMs) => {
        const member = memberOf(id);
        return member === undefined ? undefined : useOf(member, nowMs);
      });
      limited = new Set(withDefault.filter((one) => Object.keys(one).length > 1).map(({ id }) => id));
    },
    admits: (member, tokens, nowMs) => {
      if (!limited.has(member.deployment.id)) return true;
      const { rpm, tpm, maxParallel } = shares.shareOf(member.deployment.id);
      if (maxParallel !== null && member.inFlight >= maxParallel) return false;
      if (rpm !== null && member.requests.total(nowMs) + 1 > rpm) return false;
      return tpm === null || member.tokens.total(nowMs) + Math.max(1, tokens) <= tpm;
    },
    waitMs: (member, tokens, nowMs) => {
      const { rpm, tpm, maxParallel } = shares.shareOf(member.deployment.id);
      let waitMs = maxParallel !== null && member.inFlight >= maxParallel ? ASK_AGAIN_MS : 0;
      if (rpm !== null) waitMs = Math.max(waitMs, member.requests.msUntilAtMost(rpm - 1, nowMs));
      if (tpm !== null) waitMs = Math.max(waitMs, member.tokens.msUntilAtMost(tpm - Math.max(1, tokens), nowMs));
      return Number.isFinite(waitMs) ? waitMs : ASK_AGAIN_MS;
    },
    began: (member, tokens, atMs, nowMs) => {
      member.inFlight++;
      member.requests.add(1, atMs, nowMs);
      member.tokens.add(tokens, atMs, nowMs);
      report(member, nowMs);
    },
    ended: (member, { reserved, actual, atMs }, nowMs) => {
      member.inFlight--;
      if (actual > reserved) member.tokens.add(actual - reserved, nowMs, nowMs);
      else if (actual < reserved) member.tokens.add(actual - reserved, atMs, nowMs);
      report(member, nowMs);
    },
    takenBack: (member, { reserved, atMs }, nowMs) => {
      member.inFlight--;
      member.requests.add(-1, atMs, nowMs);
      member.tokens.add(-reserved, atMs, nowMs);
      report(member, nowMs);
    },
    refused: (member, tokens, nowMs) => {
      member.refused++;
      member.refusedTokens += tokens;
      report(member, nowMs);
    },
  };
}

/** Azure's rule, which LiteLLM uses for every provider. */
const REQUESTS_PER_1000_TPM = 6;

/** As LiteLLM: the deployment's own number, else derived from `rpm`, else from `tpm`, else the default. A derived 0 is no limit. */
function maxParallelOf(
  { maxParallel, rpm, tpm }: RoutedDeployment,
  defaultMaxParallel: number | null,
): number | undefined {
  if (maxParallel !== undefined) return maxParallel;
  if (rpm !== undefined) return rpm > 0 ? rpm : undefined;
  if (tpm !== undefined) return Math.max(1, Math.floor((tpm / 1_000) * REQUESTS_PER_1000_TPM));
  return defaultMaxParallel ?? undefined;
}
