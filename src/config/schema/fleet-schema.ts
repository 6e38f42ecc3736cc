import { z } from 'zod';
import type { Level } from '../../health/index.ts';
import { alertKinds, receiverTypes } from '../../ports/index.ts';
import type { AlertKind, ReceiverType } from '../../ports/index.ts';
import type { CooldownMode } from '../types.ts';
import type { Maybe } from './schema.ts';
import {
  block,
  countBetween,
  countFromOne,
  dollars,
  flag,
  listOf,
  named,
  oneOf,
  percentBetween,
  port,
  secondsBetween,
  text,
} from './values.ts';

/** The block `fleet_health`: ours, beside LiteLLM's. Durations in ms once read. */
export type FleetHealthSettings = Maybe<{
  fleet: string;
  identity_secret: string;
  expected_pods: number;
  rise: number;
  fall: number;
  interval: number;
  edge_interval: number;
  concurrency: Maybe<{ total: number; per_host: number }>;
  lease: number;
  store_deadline: number;
  boot_window: number;
  history: Maybe<{ points_per_target: number; points_per_fleet: number; age: number }>;
  level: LevelSettings;
  redis_password_file: string;
  metrics_auth: 'none' | 'key';
  public_up: boolean;
  dashboard: boolean;
  agent_check_port: number;
  envoy_eds_dir: string;
  keys: readonly KeyEntry[];
  accept_ignored: readonly string[];
  budget: BudgetSettings;
  litellm_bridge: BridgeSettings;
  state_dir: string;
  gateway: GatewayKeys;
  alerts: AlertKeys;
  status_page: StatusPageKeys;
  slo: SloKeys;
}>;

/** Objectives of model groups: what holds for all, and what differs for single ones. */
export type SloKeys = ObjectiveKeys & Maybe<{ groups: Readonly<Record<string, ObjectiveKeys>> }>;
export type ObjectiveKeys = Maybe<{ availability: number; window_days: number }>;

/** The public status page. */
export interface StatusPageKeys {
  readonly groups: readonly string[];
  readonly title?: string | undefined;
  readonly show_holds?: boolean | undefined;
}

/** Alerts and where they are sent. */
export type AlertKeys = Maybe<{
  group_window: number;
  for: number;
  damping: number;
  receivers: readonly ReceiverEntry[];
}>;

/** One receiver as written. */
export interface ReceiverEntry {
  readonly name: string;
  readonly type: ReceiverType;
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly routing_key?: string | undefined;
  readonly kinds?: readonly AlertKind[] | undefined;
}

/** Limits of requests through the gateway. */
export type GatewayKeys = Maybe<{
  max_body_bytes: number;
  max_in_flight: number;
  max_buffered_bytes: number;
  max_connections: number;
  header_timeout: number;
  body_timeout: number;
  idle_timeout: number;
  first_byte_timeout: number;
}>;

/** What is done for LiteLLM's pods. `true` and `false` stand for a block with `enabled` alone. */
export type BridgeSettings = Maybe<{ enabled: boolean; cooldowns: CooldownMode }>;

/** Limits of the fleet, and of each target beside them. */
export type BudgetSettings = BudgetKeys & Maybe<{ per_target: BudgetKeys }>;
export type BudgetKeys = Maybe<{ usd_per_day: number; probes_per_hour: number }>;

/** Probe levels by mode and by model group; the group takes precedence. */
export type LevelSettings = Maybe<{
  mode: Readonly<Record<string, Level>>;
  model: Readonly<Record<string, Level>>;
}>;

/** A key that is not the master key; the file holds its hash only. */
export interface KeyEntry {
  readonly name: string;
  readonly sha256: string;
  readonly role: 'admin' | 'scoped' | 'events';
  readonly models?: readonly string[] | undefined;
}

export const fleetName: RegExp = /^[A-Za-z0-9._-]{1,64}$/;
export const fleetNameExpected = '1 to 64 letters, digits, dots, underscores and hyphens';

const level = oneOf(['connect', 'models', 'inference']);
const levels = z.record(z.string(), level, { error: 'a mapping of names and levels' });

export const concurrency: z.ZodType<NonNullable<FleetHealthSettings['concurrency']>> = block({
  total: countBetween(1, 1_000).optional(),
  per_host: countBetween(1, 1_000).optional(),
});

export const historySettings: z.ZodType<NonNullable<FleetHealthSettings['history']>> = block({
  points_per_target: countBetween(1, 1_000).optional(),
  points_per_fleet: countBetween(1, 1_000_000).optional(),
  age: secondsBetween(60, 90 * 24 * 3_600).optional(),
});

export const levelSettings: z.ZodType<LevelSettings> = block({ mode: levels.optional(), model: levels.optional() });

export const keyEntry: z.ZodType<KeyEntry> = block({
  name: named(fleetName, fleetNameExpected),
  sha256: named(/^(sha256:)?[0-9a-f]{64}$/i, 'the SHA-256 of the key, 64 hexadecimal digits'),
  role: oneOf(['admin', 'scoped', 'events']),
  models: listOf(text, 'a list of model groups').optional(),
});

export const gatewaySettings: z.ZodType<GatewayKeys> = block({
  max_body_bytes: countBetween(1_024, 1_073_741_824).optional(),
  max_in_flight: countBetween(1, 1_000_000).optional(),
  max_buffered_bytes: countBetween(1_024, 1_099_511_627_776).optional(),
  max_connections: countBetween(1, 1_000_000).optional(),
  header_timeout: secondsBetween(0.1, 600).optional(),
  body_timeout: secondsBetween(0.1, 3_600).optional(),
  idle_timeout: secondsBetween(0.1, 86_400).optional(),
  first_byte_timeout: secondsBetween(0.1, 86_400).optional(),
});

export const receiverEntry: z.ZodType<ReceiverEntry> = block({
  name: named(fleetName, fleetNameExpected),
  type: oneOf(receiverTypes),
  url: named(/^https?:\/\/[^\s/]+/, 'a URL that starts with http:// or https://').optional(),
  secret: text.optional(),
  routing_key: text.optional(),
  kinds: listOf(oneOf(alertKinds), 'a list of kinds of alerts').optional(),
});

export const alertSettings: z.ZodType<AlertKeys> = block({
  group_window: secondsBetween(0, 600).optional(),
  for: secondsBetween(0, 86_400).optional(),
  damping: secondsBetween(0, 86_400).optional(),
  receivers: listOf(receiverEntry, 'a list of receivers, each with name and type').optional(),
});

export const statusPageSettings: z.ZodType<StatusPageKeys> = block({
  groups: listOf(text, 'a list of model groups'),
  title: text.optional(),
  show_holds: flag.optional(),
});

const objective = { availability: percentBetween(50, 99.999).optional(), window_days: countBetween(1, 90).optional() };

/** A misspelt key would leave the group with the objective of all groups. */
const onlyObjective = z.strictObject(objective, { error: 'a mapping with availability and window_days' });

export const sloSettings: z.ZodType<SloKeys> = block({
  ...objective,
  groups: z.record(z.string(), onlyObjective, { error: 'a mapping of model groups and objectives' }).optional(),
});

const limits = { usd_per_day: dollars.optional(), probes_per_hour: countFromOne.optional() };

export const budget: z.ZodType<BudgetSettings> = block({ ...limits, per_target: block(limits).optional() });

/** YAML reads `on` and `off` without quotes as true and false. */
const cooldownMode: z.ZodType<CooldownMode> = z
  .union([z.literal('observe'), flag], { error: 'on, observe or off' })
  .transform((value) => (value === 'observe' ? value : value ? 'on' : 'off'));

export const bridgeSettings: z.ZodType<BridgeSettings> = z.preprocess(
  (value) => (flag.safeParse(value).success ? { enabled: value } : value),
  z.object(
    { enabled: flag.optional(), cooldowns: cooldownMode.optional() },
    { error: 'true, false, or a mapping with enabled and cooldowns' },
  ),
);

export const fleetSettings: z.ZodType<FleetHealthSettings> = block({
  fleet: named(fleetName, fleetNameExpected).optional(),
  identity_secret: text.optional(),
  expected_pods: countBetween(1, 10_000).optional(),
  // Facts count a run only up to the highest value that a policy can have.
  rise: countBetween(1, 10).optional(),
  fall: countBetween(1, 10).optional(),
  interval: secondsBetween(1, 86_400).optional(),
  edge_interval: secondsBetween(1, 3_600).optional(),
  concurrency: concurrency.optional(),
  lease: secondsBetween(1, 300).optional(),
  store_deadline: secondsBetween(0.02, 2).optional(),
  boot_window: secondsBetween(0, 600).optional(),
  history: historySettings.optional(),
  level: levelSettings.optional(),
  redis_password_file: text.optional(),
  metrics_auth: oneOf(['none', 'key']).optional(),
  public_up: flag.optional(),
  dashboard: flag.optional(),
  agent_check_port: port.optional(),
  envoy_eds_dir: named(/^[^\0]{1,1024}$/, 'a directory').optional(),
  keys: listOf(keyEntry, 'a list of keys, each with name, sha256 and role').optional(),
  accept_ignored: listOf(text, 'a list of keys, each as block.key').optional(),
  budget: budget.optional(),
  litellm_bridge: bridgeSettings.optional(),
  gateway: gatewaySettings.optional(),
  alerts: alertSettings.optional(),
  status_page: statusPageSettings.optional(),
  slo: sloSettings.optional(),
  state_dir: named(/^[^\0]{1,1024}$/, 'a directory').optional(),
});
