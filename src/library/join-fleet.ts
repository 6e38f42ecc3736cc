import { createFleet } from '../fleet/index.ts';
import type { Fleet as Coordinator } from '../fleet/index.ts';
import { packageVersion } from '../package-files.ts';
import type { FleetReader } from '../ports/index.ts';
import { identityKey } from '../providers/index.ts';
import { createFleetRoutingView, createRouter, createTrials, wholeLimits } from '../routing/index.ts';
import type { Trials } from '../routing/index.ts';
import { newPodId, systemClock, systemRandom } from '../system/index.ts';
import { consoleLogger } from './console-logger.ts';
import type { LibraryCore } from './core.ts';
import { createTimeLimits } from './time-limits.ts';
import { checkFallbacks, deploymentsOf, fleetTargetsOf, routedOf } from './deployments.ts';
import type { LibraryDeployment } from './deployments.ts';
import { createEmitter } from './events.ts';
import { guarded } from './guarded-logger.ts';
import { joined } from './joining.ts';
import { countGivenUp } from './given-up.ts';
import { openLibraryStore } from './open-store.ts';
import type { Groups, JoinOptions } from './options.ts';
import { openProber } from './open-prober.ts';
import { quietMetrics } from './quiet-metrics.ts';
import { routingEvents } from './routing-events.ts';
import { fleetSettingsOf, JOIN_TIMEOUT_MS, paceOf, routingSettingsOf } from './settings.ts';
import { JoinedFleet } from './joined-fleet.ts';
import type { FleetMember } from './joined-fleet.ts';

/** A target that is down is planned at most this often, however many requests come. */
const PLAN_EVERY_MS = 1_000;
const RUNNING_MS = 10_000;

/**
 * Joins a fleet: from then on this process knows what all of its processes and gateways know about the upstreams, and shares
 * the results of its own requests with them. Resolves once the store has answered, or after `joinTimeoutMs` without it: then this
 * process goes on alone, with local evidence, and joins as soon as the store is there.
 *
 * @throws TypeError for options that cannot work, with what to change
 *
 * @example
 * const fleet = await joinFleet({ targets: { 'gpt-4o': [openai({ apiKey: 'sk-1' })] } });
 * fleet.state('gpt-4o').state; // 'unknown'
 * await fleet.leave();
 */
export async function joinFleet<const T extends Groups>(
  options: JoinOptions<T>,
): Promise<FleetMember<keyof T & string>> {
  const { fleet = 'default', observeOnly = false, joinTimeoutMs = JOIN_TIMEOUT_MS } = options;
  const logger = guarded(options.logger ?? consoleLogger(fleet, systemClock));
  const key = identityKey(options.identitySecret, fleet);
  const deployments = new Map(deploymentsOf(options.targets, key).map((one) => [one.key, one]));
  checkFallbacks(options.targets, options.routing?.fallbacks ?? {});
  const pace = paceOf(options);
  const targets = fleetTargetsOf([...deployments.values()], pace);
  const version = versionOrNone();
  const settings = fleetSettingsOf(options, targets, version);
  const trials = createTrials({
    clock: systemClock,
    isOverdue: (target) => isOverdue(coordinator, target, pace.intervalMs),
  });
  const probing = await openProber([...deployments.values()], { pace, trials: trials.prober, version });
  const opened = await openLibraryStore(options, { fleet: settings.fleet, logger });
  const pod = newPodId(systemClock, systemRandom);
  const coordinator = createFleet({
    ...settings,
    pod,
    targets,
    store: opened.store,
    prober: probing.prober,
    clock: systemClock,
    random: systemRandom,
    logger,
    metrics: quietMetrics,
    ...(options.probe === undefined && { trials }),
  });
  const routing = routingSettingsOf(options.routing);
  const view = createFleetRoutingView(coordinator, systemClock);
  const routed = [...deployments.values()].map(routedOf);
  const router = createRouter({
    deployments: routed,
    settings: routing,
    view,
    sink: coordinator,
    shares: wholeLimits(),
    host: settings.host ?? pod,
    clock: systemClock,
    random: systemRandom,
    events: routingEvents({ logger, observeOnly, nameOf: (id) => nameOf(deployments, id) }),
    ...(options.probe === undefined && { trials: plannedTrials(trials, coordinator) }),
  });
  const emitter = createEmitter((error) => logger.error(`A listener of the fleet failed: ${String(error)}`));
  const core: LibraryCore = {
    coordinator,
    router,
    deployments,
    clock: systemClock,
    logger,
    emitter,
    observeOnly,
    givenUp: countGivenUp({ clock: systemClock, logger }),
    adviceLines: new Map(),
    hasFallbacks: (group) => (routing.fallbacks[group] ?? []).length > 0,
    fetch: options.fetch ?? globalThis.fetch,
    attemptLimits: createTimeLimits(systemClock, routing.timeoutMs),
    runningLimits: createTimeLimits(systemClock, RUNNING_MS),
  };
  coordinator.start();
  if (observeOnly) {
    logger.warn('Observe only: requests are sent as without allswell. To route them by health, remove observeOnly');
  }
  const joining = { coordinator, clock: systemClock, logger, withinMs: joinTimeoutMs };
  if (options.redis !== undefined) await joined(joining);
  return new JoinedFleet(core, {
    probes: options.probe !== undefined,
    close: async () => {
      view.close();
      await coordinator.stop();
      await Promise.all([opened.close(), probing.close()]);
    },
  });
}

/** In a bundle there is no file of the package beside the code. */
function versionOrNone(): string {
  try {
    return packageVersion();
  } catch {
    return '0.0.0';
  }
}

/** A trial that no process with frequent requests has made for this many intervals. */
const OVERDUE_INTERVALS = 3;

function isOverdue(coordinator: FleetReader, target: string, intervalMs: number): boolean {
  const ageMs = coordinator.target(target)?.ageMs;
  return ageMs !== null && ageMs !== undefined && ageMs > OVERDUE_INTERVALS * intervalMs;
}

function nameOf(deployments: ReadonlyMap<string, LibraryDeployment>, target: string): string {
  return [...deployments.values()].find((one) => one.target === target)?.id ?? target;
}

/** A request for a target that is not up makes the coordinator plan its trial. */
function plannedTrials(trials: Trials, coordinator: Coordinator): Pick<Trials, 'wanted' | 'take'> {
  const plannedMs = new Map<string, number>();
  return {
    take: (target) => trials.take(target),
    wanted: (target, nowMs) => {
      trials.wanted(target, nowMs);
      if (nowMs - (plannedMs.get(target) ?? -Infinity) < PLAN_EVERY_MS) return;
      plannedMs.set(target, nowMs);
      coordinator.planTrial(target);
    },
  };
}
