import type { Clock, Logger, RefusalReason, RequestMetrics } from '../../ports/index.ts';

/** Counts requests that are refused before they are routed, and logs those that this pod has no room for. */
export interface Refusals {
  count(reason: RefusalReason): void;
  /** A request of the group was answered 429, because all of its deployments are at their limits. */
  overLimit(group: string): void;
}

/** A pod at its limits refuses thousands of requests: one line a minute is enough. */
const QUIET_MS = 60_000;

const limitNames: Readonly<Partial<Record<RefusalReason, string>>> = {
  'in-flight': 'max_in_flight',
  'buffered-bytes': 'max_buffered_bytes',
};

export function createRefusals({ metrics, logger, clock }: RefusalParts): Refusals {
  let loggedMs = -Infinity;
  /** By group; there are no more of them than the configuration has. */
  const limitedMs = new Map<string, number>();
  return {
    count: (reason) => {
      metrics.refused(reason);
      const limit = limitNames[reason];
      if (limit === undefined || clock.monotonicMs() - loggedMs < QUIET_MS) return;
      loggedMs = clock.monotonicMs();
      logger.warn(
        `Requests are answered 503: this pod is at fleet_health.gateway.${limit}. To fix: add pods, or raise the limit if there is memory for it`,
      );
    },
    overLimit: (group) => {
      const nowMs = clock.monotonicMs();
      if (nowMs - (limitedMs.get(group) ?? -Infinity) < QUIET_MS) return;
      limitedMs.set(group, nowMs);
      logger.warn(
        `Requests for ${group} are answered 429: all its deployments are at their limits in this pod (rpm, tpm or max_parallel_requests). To fix: raise them if the upstreams allow more, or add a deployment or a fallback`,
      );
    },
  };
}

export interface RefusalParts {
  readonly metrics: Pick<RequestMetrics, 'refused'>;
  readonly logger: Logger;
  readonly clock: Clock;
}
