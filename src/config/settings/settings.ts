import { readAccess } from './access.ts';
import { activationOf, type ActivationInput } from './activation.ts';
import { budgetOf } from './budget.ts';
import { addNote, addProblem, nowhere } from '../problems/index.ts';
import type { ChosenRedis } from './redis.ts';
import { fleetName, fleetNameExpected } from '../schema/index.ts';
import { readPace, type PaceInput } from './pace.ts';
import type { AllswellConfig, Purpose } from '../types.ts';
import { readTakingOver } from './taking-over.ts';
import { weaknessOf } from './weak-key.ts';

/** Everything but the models and what is derived from them. */
export type Settings = Omit<
  AllswellConfig,
  'file' | 'redis' | 'cacheNamespace' | 'policyPrint' | 'targetsPrint' | 'deployments' | 'targets'
>;

export interface SettingsInput extends PaceInput {
  /** The fleet to join; overrides the file. */
  readonly fleet: string | undefined;
  readonly redis: ChosenRedis | null;
  readonly purpose: Purpose;
}

/** Puts the sources together: a key of the file beats the environment, which beats the default. */
export function readSettings(input: SettingsInput): Settings {
  const { blocks, environment } = input;
  const { general, litellm, fleet } = blocks;
  const litellmIntervalMs = general.health_check_interval ?? environment.intervalMs ?? 300_000;
  const cacheTtlMs = environment.cacheTtlMs ?? 300_000;
  const activation = readActivation(input);
  // LiteLLM probes a failing target again after this time at the latest, so a bridge backs off no longer.
  const backOff = activation.bridge === 'on' && { backOffMs: Math.max(litellmIntervalMs, cacheTtlMs) };
  const pace = readPace(input);
  return {
    fleet: fleetOf(input),
    ...pace,
    policy: { ...pace.policy, ...backOff },
    expectedPods: fleet.expected_pods ?? environment.expectedPods ?? null,
    failureDomain: environment.failureDomain ?? null,
    stateDir: fleet.state_dir ?? environment.stateDir ?? null,
    ...activation,
    ...readMasterKey(input),
    ...readAccess(input),
    intervalMs: fleet.interval ?? litellmIntervalMs,
    litellmIntervalMs,
    cacheTtlMs,
    details: general.health_check_details === false ? 'minimal' : 'full',
    modelGroups: general.background_health_check_model_groups ?? null,
    optedOut: general.health_check_skip_disabled_background_models === true ? 'never-checked' : 'checked-on-demand',
    budget: budgetOf(fleet.budget),
    metricsAuth: fleet.metrics_auth ?? (litellm.require_auth_for_metrics_endpoint === true ? 'key' : 'none'),
    logLevel: (general.set_verbose ?? litellm.set_verbose) === true ? 'debug' : 'info',
  };
}

type Activating = Pick<Settings, 'activation' | 'sharingRequested' | 'bridge'>;

function readActivation(input: SettingsInput): Activating {
  const { blocks, redis, purpose } = input;
  if (purpose === 'bridge') return readTakingOver(input);
  const sharing = whoShares(input);
  return {
    activation: activationOf({
      background: blocks.general.background_health_checks,
      sharing,
      redis: redis === null ? 'absent' : 'configured',
    }),
    sharingRequested: sharing !== 'off',
    bridge: blocks.fleet.litellm_bridge === true ? 'on' : 'off',
  };
}

function whoShares({ blocks, environment }: SettingsInput): ActivationInput['sharing'] {
  const inFile = blocks.general.use_shared_health_check;
  if (inFile !== undefined) return inFile ? 'config' : 'off';
  return environment.sharing === true ? 'environment' : 'off';
}

function fleetOf({ fleet, blocks, redis, findings }: SettingsInput): string {
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
}: SettingsInput): Pick<Settings, 'masterKey' | 'withoutMasterKey'> {
  const masterKey = blocks.general.master_key ?? environment.masterKey ?? null;
  const permitted =
    blocks.general.dangerously_permit_weak_or_unset_master_key ?? environment.permitNoMasterKey ?? false;
  const is = masterKeyNote(masterKey, permitted ? 'open' : 'refuse');
  if (is !== undefined) addNote(findings, 'warn', { place: nowhere, path: ['general_settings', 'master_key'], is });
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
