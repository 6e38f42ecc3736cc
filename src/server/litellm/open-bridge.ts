import { CooldownKeeper, CooldownLines, createBridge, modeInForce, noBridge, noCooldowns } from '../../bridge/index.ts';
import type { Bridge } from '../../bridge/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { PodId } from '../../health/index.ts';
import type {
  BridgeReader,
  BridgeStore,
  CooldownStore,
  CooldownView,
  FleetChange,
  FleetReader,
  Logger,
  ObservationSink,
  TrafficMetrics,
} from '../../ports/index.ts';
import type { UnprobedTraffic } from '../../traffic/index.ts';
import { systemClock } from '../../system/index.ts';
import { createCooldownSource } from './cooldown-source.ts';
import { formerIdsOf, underEachId } from './cooldowns-under-each-id.ts';
import { createPublishableSource } from './publishable-source.ts';
import { beganAt, failureOf, overAt, trafficOfCooldown } from './traffic-of-cooldown.ts';

export interface BridgeParts {
  readonly store: BridgeStore | null;
  readonly cooldowns: CooldownStore | null;
  readonly fleet: FleetReader & ObservationSink;
  readonly unprobed: Pick<UnprobedTraffic, 'cooledDown' | 'evidence'>;
  readonly pod: PodId;
  readonly logger: Logger;
  readonly metrics: Pick<TrafficMetrics, 'observed'>;
  readonly redact: (text: string) => string;
}

/** A pod's bridge to LiteLLM, or the reason why it has none. */
export interface OpenedBridge extends BridgeReader {
  start(): void;
  stop(): Promise<void>;
  /** Applies another configuration. */
  reload(config: AllswellConfig): void;
  /** A LiteLLM pod reported requests of this pod's deployments. */
  sawEvents(): void;
}

/** Does not wait for Redis: the bridge finds out later whether it answers. */
export function openBridge(config: AllswellConfig, parts: BridgeParts): OpenedBridge {
  const { store, fleet, pod, logger } = parts;
  if (config.bridge === 'off') return closed('fleet_health.litellm_bridge is not true');
  if (store === null) return closed('this pod does not share health through Redis');
  let running = config;
  let source = createPublishableSource({ ...parts, config });
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
  const cooldowns = openCooldowns(config, bridge, parts);
  return {
    start: () => {
      bridge.start();
      cooldowns.start();
    },
    stop: async () => {
      await cooldowns.stop();
      await bridge.stop();
    },
    bridge: () => bridge.bridge(),
    cooldowns: () => cooldowns.view(),
    sawEvents: () => bridge.sawLitellm('events'),
    reload: (next) => {
      running = next;
      source = createPublishableSource({ ...parts, config: next });
      bridge.changed();
      cooldowns.reload(next);
    },
  };
}

interface OpenedCooldowns {
  start(): void;
  stop(): Promise<void>;
  view(): CooldownView;
  reload(config: AllswellConfig): void;
}

/** Changes of the fleet that can change the plan. */
const changes: ReadonlySet<FleetChange['kind']> = new Set(['verdict-changed', 'hold-changed', 'cooldowns-changed']);

/** Turns verdicts into LiteLLM's cooldowns, and LiteLLM's cooldowns into evidence. */
function openCooldowns(config: AllswellConfig, bridge: Bridge, parts: BridgeParts): OpenedCooldowns {
  const { cooldowns: store, fleet, unprobed, logger, metrics } = parts;
  if (store === null) {
    const none = (): void => undefined;
    return { start: none, stop: async () => await Promise.resolve(), view: () => noCooldowns, reload: none };
  }
  let running = config;
  let source = createCooldownSource({ ...parts, config });
  let formerIds = formerIdsOf(config);
  let unsubscribe = (): void => undefined;
  const keeper = new CooldownKeeper({
    store: underEachId(store, () => formerIds),
    clock: systemClock,
    lines: new CooldownLines(logger, systemClock),
    source: () => source,
    mode: () => modeInForce(running.cooldowns, fleet.status().cooldownRestriction),
    leads: () => bridge.leads,
    nowSeconds: () => fleet.status().now / 1_000_000,
    found: (modelId, cooldown) => {
      bridge.sawLitellm('cooldown');
      const { now } = fleet.status();
      const report = trafficOfCooldown(running, { modelId, cooldown, now });
      if (report !== undefined) {
        metrics.observed('traffic', report.failure?.class ?? 'neutral');
        return fleet.report(report);
      }
      const at = beganAt(cooldown, now);
      unprobed.cooledDown(modelId, { at, until: overAt(cooldown, at), failure: failureOf(cooldown) });
    },
  });
  return {
    start: () => {
      unsubscribe = fleet.onChange(({ kind }) => {
        if (changes.has(kind)) keeper.changed();
      });
      keeper.start();
    },
    stop: async () => {
      unsubscribe();
      await keeper.stop();
    },
    view: () => ({ ...keeper.view(), configured: running.cooldowns, ownRedis: running.routerRedis !== null }),
    reload: (next) => {
      running = next;
      source = createCooldownSource({ ...parts, config: next });
      formerIds = formerIdsOf(next);
      keeper.changed();
    },
  };
}

function closed(why: string): OpenedBridge {
  const view = noBridge(why);
  return {
    start: () => undefined,
    stop: async () => await Promise.resolve(),
    bridge: () => view,
    cooldowns: () => noCooldowns,
    sawEvents: () => undefined,
    reload: () => undefined,
  };
}
