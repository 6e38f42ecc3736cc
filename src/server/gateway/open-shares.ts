import type { AllswellConfig } from '../../config/index.ts';
import type { PodId } from '../../health/index.ts';
import { podCountOf } from '../../ports/index.ts';
import type {
  Clock,
  FleetMetrics,
  FleetReader,
  LimitShares,
  LimitsReader,
  LimitStore,
  Logger,
  Random,
} from '../../ports/index.ts';
import { createLeasedLimits, readableLimits, wholeLimits } from '../../routing/index.ts';

/** This process' shares of the deployments' limits. */
export interface OpenedShares {
  readonly shares: LimitShares;
  readonly reader: LimitsReader;
  start(): void;
  giveBack(): Promise<void>;
}

export interface SharesInput {
  readonly fleet: Pick<FleetReader, 'status'>;
  readonly pod: PodId;
  /** Null: each pod may use the limits whole. */
  readonly limits: LimitStore | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly storeMetrics: Pick<FleetMetrics, 'storeCommand' | 'storeError'>;
}

/** Shares that the fleet's pods lease from their store; without one the whole limits. */
export function openShares(input: SharesInput, config: () => AllswellConfig): OpenedShares {
  const { fleet, pod, limits, clock, random, logger, storeMetrics } = input;
  if (limits === null) {
    return { ...readableLimits(wholeLimits()), start: () => {}, giveBack: () => Promise.resolve() };
  }
  const leased = createLeasedLimits({
    store: limits,
    pod,
    pods: () => Math.max(podCountOf(fleet.status()), config().expectedPods ?? 1),
    clock,
    random,
    logger,
    metrics: storeMetrics,
  });
  return { ...readableLimits(leased), start: () => leased.start(), giveBack: () => leased.stop() };
}
