import type { Node } from '../yaml/index.ts';
import { readAccess } from './access.ts';
import { readAlerts } from './alerts.ts';
import { activationOf, type ActivationInput } from './activation.ts';
import type { Budget } from '../../ports/index.ts';
import { addNote, addProblem, nowhere } from '../problems/index.ts';
import type { ChosenRedis, RedisInput } from './redis.ts';
import {
  type BudgetSettings,
  type FleetHealthSettings,
  fleetName,
  fleetNameExpected,
  type BudgetKeys,
} from '../schema/index.ts';
import type { TrafficSettings, TrafficInput } from './traffic.ts';
import { readStatusPage } from './status-page.ts';
import { readPace, type PaceInput } from './pace.ts';
import type { AllswellConfig, RouterRedis } from '../types.ts';
import { weaknessOf } from './weak-key.ts';

/** Everything but the models and what is derived from them. */
export type Settings = Omit<
  AllswellConfig,
  | 'file'
  | 'redis'
  | 'cacheNamespace'
  | 'routerRedis'
  | 'litellmRouting'
  | 'routing'
  | 'gateway'
  | 'objectives'
  | 'policyHash'
  | 'targetsHash'
  | 'deployments'
  | 'targets'
  | 'unprobed'
>;

/** What the profile decides about the settings. */
export interface SettingsRules extends Pick<Settings, 'bridge'> {
  /** How health is gathered. */
  activate(input: SettingSources): Activating;
  policyFor(
    policy: Settings['policy'],
    litellm: Pick<Settings, 'litellmIntervalMs' | 'cacheTtlMs'>,
  ): Settings['policy'];
  /** The Redis of LiteLLM's Router, if it has one of its own and it matters. */
  routerRedis(input: RedisInput): RouterRedis | null;
  cooldownsFor(fleet: FleetHealthSettings): Settings['cooldowns'];
  /** Whether requests are routed by health, by what the file says. */
  routesByHealth(root: Node): boolean;
  /** How requests are routed, and their limits. */
  trafficFor(input: TrafficInput): TrafficSettings;
}

export type Activating = Pick<Settings, 'activation' | 'sharingRequested'>;

export interface SettingSources extends PaceInput {
  /** The fleet to join; overrides the file. */
  readonly fleet: string | undefined;
  readonly redis: ChosenRedis | null;
  readonly rules: SettingsRules;
}

/** LiteLLM's. */
const HEALTH_PORT = 4001;

/** Puts the sources together: a key of the file beats the environment, which beats the default. */
export function readSettings(input: SettingSources): Settings {
  const { blocks, environment } = input;
  const { general, litellm, fleet } = blocks;
  const litellmIntervalMs = general.health_check_interval ?? environment.intervalMs ?? 300_000;
  const cacheTtlMs = environment.cacheTtlMs ?? 300_000;
  const activation = input.rules.activate(input);
  const pace = readPace(input);
  return {
    fleet: fleetOf(input),
    ...pace,
    policy: input.rules.policyFor(pace.policy, { litellmIntervalMs, cacheTtlMs }),
    expectedPods: fleet.expected_pods ?? environment.expectedPods ?? null,
    failureDomain: environment.failureDomain ?? null,
    podName: environment.podName ?? null,
    rootPath: (environment.rootPath ?? '').replace(/\/$/, ''),
    healthPort: environment.separateHealthApp === true ? (environment.separateHealthPort ?? HEALTH_PORT) : null,
    stateDir: fleet.state_dir ?? environment.stateDir ?? null,
    ...activation,
    bridge: input.rules.bridge,
    cooldowns: input.rules.cooldownsFor(fleet),
    ...readMasterKey(input),
    ...readAccess(input),
    alerts: readAlerts(input),
    intervalMs: fleet.interval ?? litellmIntervalMs,
    litellmIntervalMs,
    cacheTtlMs,
    details: general.health_check_details === false ? 'minimal' : 'full',
    healthRouting: input.rules.routesByHealth(input.root),
    modelGroups: general.background_health_check_model_groups ?? null,
    optedOut: general.health_check_skip_disabled_background_models === true ? 'never-checked' : 'checked-on-demand',
    budget: budgetOf(fleet.budget),
    metricsAuth: fleet.metrics_auth ?? (litellm.require_auth_for_metrics_endpoint === true ? 'key' : 'none'),
    upAuth: fleet.public_up === true ? 'none' : 'key',
    dashboard: fleet.dashboard === false ? 'off' : 'on',
    statusPage: readStatusPage(fleet),
    envoyEdsDir: fleet.envoy_eds_dir ?? null,
    agentCheckPort: fleet.agent_check_port ?? null,
    logLevel: (general.set_verbose ?? litellm.set_verbose) === true ? 'debug' : 'info',
  };
}

/** As the switches of the file and of the environment say. */
export function activationByFile(input: SettingSources): Activating {
  const { blocks, redis } = input;
  const sharing = whoShares(input);
  return {
    activation: activationOf({
      background: blocks.general.background_health_checks,
      sharing,
      redis: redis === null ? 'absent' : 'configured',
    }),
    sharingRequested: sharing !== 'off',
  };
}

function whoShares({ blocks, environment }: SettingSources): ActivationInput['sharing'] {
  const inFile = blocks.general.use_shared_health_check;
  if (inFile !== undefined) return inFile ? 'config' : 'off';
  return environment.sharing === true ? 'environment' : 'off';
}

function fleetOf({ fleet, blocks, redis, findings }: SettingSources): string {
  if (fleet !== undefined) return fleet;
  if (blocks.fleet.fleet !== undefined) return blocks.fleet.fleet;
  const namespace = redis?.namespace;
  if (namespace === undefined) return 'default';
  if (!fleetName.test(namespace.name)) {
    const expected = `${fleetNameExpected}; or another name in fleet_health.fleet`;
    addProblem(findings, { ...namespace, is: 'is not a valid fleet name', expected });
  }
  return namespace.name;
}

function readMasterKey({
  blocks,
  environment,
  findings,
}: SettingSources): Pick<Settings, 'masterKey' | 'withoutMasterKey'> {
  const masterKey = blocks.general.master_key ?? environment.masterKey ?? null;
  const permitted =
    blocks.general.dangerously_permit_weak_or_unset_master_key ?? environment.permitNoMasterKey ?? false;
  const is = masterKeyNote(masterKey, permitted ? 'open' : 'refuse');
  if (is !== undefined) addNote(findings, 'warn', { location: nowhere, path: ['general_settings', 'master_key'], is });
  return { masterKey, withoutMasterKey: permitted ? 'open' : 'refuse' };
}

function masterKeyNote(key: string | null, without: Settings['withoutMasterKey']): string | undefined {
  if (key === null) {
    return without === 'open'
      ? 'is not set, and dangerously_permit_weak_or_unset_master_key is true: every route is open to everyone'
      : 'is not set: routes that need a key answer 401. Set it, or the variable LITELLM_MASTER_KEY';
  }
  const weakness = weaknessOf(key);
  if (weakness === undefined || (weakness.kind === 'weak' && without === 'open')) return undefined;
  return `${weakness.is}. Use another key, such as 48 random hexadecimal digits`;
}

const NANO = 1_000_000_000;
/** Upper limit of a sum: above it, doubles cannot represent single nano-dollars. */
const MOST_NANO_USD = 9_000_000 * NANO;

/** The limits of `fleet_health.budget`. */
function budgetOf({ per_target: target, ...fleet }: BudgetSettings = {}): AllswellConfig['budget'] {
  return { fleet: limitsOf(fleet), target: limitsOf(target ?? {}) };
}

function limitsOf({ usd_per_day: usd, probes_per_hour: probes }: BudgetKeys): Budget {
  return {
    ...(probes === undefined ? {} : { probesPerHour: probes }),
    ...(usd === undefined ? {} : { nanoUsdPerDay: Math.min(Math.round(usd * NANO), MOST_NANO_USD) }),
  };
}
