import { createBridge, noBridge } from '../bridge/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import type { PodId } from '../health/index.ts';
import type { BridgeReader, BridgeStore, FleetReader, Logger } from '../ports/index.ts';
import { systemClock } from './system-clock.ts';
import { createPublishableSource } from './publishable-source.ts';

export interface BridgeParts {
  readonly store: BridgeStore | null;
  readonly fleet: FleetReader;
  readonly pod: PodId;
  readonly logger: Logger;
  readonly redact: (text: string) => string;
}

/** A pod's bridge to LiteLLM, or the reason why it has none. */
export interface OpenedBridge extends BridgeReader {
  start(): void;
  stop(): Promise<void>;
  /** Applies another configuration. */
  reload(config: AllswellConfig): void;
}

/** Does not wait for Redis: the bridge finds out later whether it answers. */
export function openBridge(config: AllswellConfig, { store, fleet, pod, logger, redact }: BridgeParts): OpenedBridge {
  if (config.bridge === 'off') return closed('fleet_health.litellm_bridge is not true');
  if (store === null) return closed('this pod does not share health through Redis');
  let running = config;
  let source = createPublishableSource({ config, fleet, redact });
  const bridge = createBridge({
    pod,
    store,
    fleet,
    clock: systemClock,
    logger,
    deadlineMs: config.storeDeadlineMs,
    publishable: () => source.publishable(),
    models: () => source.models,
    unprobed: () => source.unprobed,
    round: () => source.round(),
    ttlMs: () => running.cacheTtlMs,
  });
  return {
    start: () => bridge.start(),
    stop: async () => await bridge.stop(),
    bridge: () => bridge.bridge(),
    reload: (next) => {
      running = next;
      source = createPublishableSource({ config: next, fleet, redact });
      bridge.changed();
    },
  };
}

function closed(why: string): OpenedBridge {
  const view = noBridge(why);
  return {
    start: () => undefined,
    stop: async () => await Promise.resolve(),
    bridge: () => view,
    reload: () => undefined,
  };
}
