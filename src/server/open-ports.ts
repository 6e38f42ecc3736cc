import { readConfigFile } from '../config/index.ts';
import type { AllswellConfig, ProbeTarget } from '../config/index.ts';
import type { FleetSettings } from '../fleet/index.ts';
import type { TargetId } from '../health/index.ts';
import type {
  AlertStore,
  BridgeStore,
  CooldownStore,
  FleetStore,
  LimitStore,
  Logger,
  Prober,
  ProbeResult,
} from '../ports/index.ts';
import { genaiPrices } from '../providers/pricing/index.ts';
import { createLogins } from '../logins/index.ts';
import type { Logins } from '../logins/index.ts';
import { httpProber } from '../probe/index.ts';
import { memoryFleet } from '../store/memory/index.ts';
import { openCooldownStore, openRedisStore } from '../store/redis/index.ts';
import type { RedisStore } from '../store/redis/index.ts';
import { createTransport } from '../upstream/index.ts';
import { steadyEpochUs, systemClock, systemRandom } from '../system/index.ts';

/** Implementations of the coordinator's ports. */
export interface OpenedPorts {
  readonly store: FleetStore;
  readonly sharing: FleetSettings['sharing'];
  /** Redis' eviction policy of a shared store; null while it is unknown. */
  readonly evictionPolicy: () => string | null;
  /** LiteLLM's keys; null without a shared store. */
  readonly bridge: BridgeStore | null;
  /** LiteLLM's cooldown keys; null where no cooldowns are read or written. */
  readonly cooldowns: CooldownStore | null;
  /** Where pods divide the limits of deployments; null where each pod may use them whole. */
  readonly limits: LimitStore | null;
  /** The fleet's alerts; private to this pod without a shared store. */
  readonly alerts: AlertStore;
  readonly prober: Prober;
  /** Tokens and signatures, shared by probes and requests. */
  readonly logins: Logins;
  /** Probes a target that is not in the list. */
  readonly probeOnce: (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>;
  /** Replaces the list of targets. */
  setTargets(targets: readonly ProbeTarget[]): void;
  close(): Promise<void>;
}

export interface PortsInput {
  readonly logger: Logger;
  readonly version: string;
  /** Replaces the configured store. */
  readonly store: FleetStore | undefined;
  /** Replaces LiteLLM's keys on the configured Redis. */
  readonly bridgeStore?: BridgeStore | undefined;
}

/** Creates the store and the prober. Waits for neither. */
export function openPorts(config: AllswellConfig, { logger, version, store, bridgeStore }: PortsInput): OpenedPorts {
  const transport = createTransport({ clock: systemClock });
  let targets = byId(config.targets);
  const logins = createLogins({ transport, clock: systemClock, readFile: readConfigFile });
  const probing = { clock: systemClock, random: systemRandom, prices: genaiPrices(), transport, logins, version };
  const opened =
    store === undefined
      ? openStore(config, logger)
      : ({
          store,
          ...noKeys,
          alerts: memoryFleet({ clockUs: steadyEpochUs }).openAlerts(),
          sharing: 'shared',
          evictionPolicy: () => null,
        } as const);
  return {
    ...opened,
    bridge: bridgeStore ?? opened.bridge,
    logins,
    prober: httpProber({ ...probing, targets: (id) => targets.get(id) }),
    probeOnce: async (target, signal) =>
      await httpProber({ ...probing, targets: () => target }).probe(target.id, target.level, signal),
    setTargets: (next) => void (targets = byId(next)),
    close: async () => {
      await Promise.all([transport.close(), opened.store.close()]);
    },
  };
}

function byId(targets: readonly ProbeTarget[]): ReadonlyMap<TargetId, ProbeTarget> {
  return new Map(targets.map((target) => [target.id, target]));
}

type OpenedStore = Pick<
  OpenedPorts,
  'store' | 'bridge' | 'cooldowns' | 'limits' | 'alerts' | 'sharing' | 'evictionPolicy'
>;

const noKeys = { bridge: null, cooldowns: null, limits: null };

function openStore(config: AllswellConfig, logger: Logger): OpenedStore {
  const { activation, redis, fleet, storeDeadlineMs } = config;
  const shared = activation.mode === 'shared' || activation.mode === 'on-demand-shared';
  if (!shared || redis === null) {
    const own = memoryFleet({ clockUs: steadyEpochUs });
    return {
      store: own.open(),
      alerts: own.openAlerts(),
      ...noKeys,
      sharing: 'independent',
      evictionPolicy: () => null,
    };
  }
  // The coordinator measures every command itself, so this store has no metrics.
  const store = openRedisStore({
    fleet,
    connection: redis,
    commandTimeoutMs: storeDeadlineMs,
    logger,
    clock: systemClock,
  });
  const evictionPolicy = (): string | null => {
    const found = store.evictionPolicy();
    return found.kind === 'known' ? found.policy : null;
  };
  return {
    store,
    bridge: store.bridge(config.cacheNamespace),
    cooldowns: cooldownStoreOf(config, store, logger),
    limits: store.limits(),
    alerts: store.alerts(),
    sharing: 'shared',
    evictionPolicy,
  };
}

/** On the Redis of LiteLLM's Router, where it has one of its own. */
function cooldownStoreOf(config: AllswellConfig, store: RedisStore, logger: Logger): CooldownStore | null {
  const { bridge, cooldowns, routerRedis, cacheNamespace, storeDeadlineMs } = config;
  if (bridge === 'off' || cooldowns === 'off') return null;
  if (routerRedis === null) return store.cooldowns(cacheNamespace);
  return openCooldownStore({
    connection: routerRedis.target,
    namespace: routerRedis.namespace,
    commandTimeoutMs: storeDeadlineMs,
    logger,
    clock: systemClock,
    jitter: () => systemRandom.next(),
  });
}
