import type { TargetId } from '../../health/index.ts';
import { asksBy } from '../../providers/index.ts';
import { voiceOf } from './voice.ts';
import type { Credentials } from './credentials.ts';
import { readEntries } from './deployment.ts';
import { tellAmbiguities } from './ambiguities.ts';
import { isDropped } from './dropped.ts';
import { isElsewhere } from './elsewhere.ts';
import type { Environment } from '../source/index.ts';
import type { Findings } from '../problems/index.ts';
import { placeOf, targetIdOf } from './identity.ts';
import { refuseLostIds } from './lost-ids.ts';
import { maxTokensOf, sendsMaxTokens } from './max-tokens.ts';
import type { LevelSettings } from '../schema/index.ts';
import { levelOf, type Sharer } from './probe-level.ts';
import type { Settings } from '../settings/index.ts';
import { shownOfProbe } from './shown-params.ts';
import { isRefusedRouter, noteSameIds, readingOf, refuseStrangers } from './speaks-for.ts';
import type { Node } from '../yaml/index.ts';
import type { Deployment, Env, Purpose, TargetConfig } from '../types.ts';
import { headersOf, upstreamOf } from './upstream.ts';

export interface ModelsInput {
  readonly list: Node | undefined;
  readonly credentials: Credentials;
  readonly env: Env;
  readonly environment: Environment;
  readonly purpose: Purpose;
  readonly settings: Pick<Settings, 'intervalMs' | 'modelGroups' | 'optedOut' | 'bridge'>;
  /** `fleet_health.level`. */
  readonly levels: LevelSettings;
  readonly identityKey: string;
  readonly findings: Findings;
}

/** All deployments in the order of the file, and the targets that they share. */
export function readModels(input: ModelsInput): {
  readonly deployments: readonly Deployment[];
  readonly targets: readonly TargetConfig[];
} {
  const rows = readEntries(input.list, input).flatMap((entry) => {
    const { inBackground, onDemand } = entry;
    if (isElsewhere(entry, input) || isRefusedRouter(entry, input.purpose)) return [];
    if (input.purpose === 'bridge' && isDropped(entry)) return [];
    const upstream = upstreamOf(entry, readingOf(entry, input));
    if (upstream === undefined) return [];
    return [{ entry, upstream, id: targetIdOf(upstream, input.identityKey), inBackground, onDemand }];
  });
  const spoken = { ...input, bridge: input.settings.bridge };
  for (const tell of [refuseStrangers, refuseLostIds, tellAmbiguities, noteSameIds]) tell(rows, spoken);
  const sharing = new Map<TargetId, Row[]>();
  for (const row of rows) {
    const sharers = sharing.get(row.id);
    if (sharers === undefined) sharing.set(row.id, [row]);
    else sharers.push(row);
  }
  return {
    deployments: rows.map(deploymentOf),
    targets: [...sharing.values()].flatMap((sharers) => {
      const asked = sharers.find(({ inBackground }) => inBackground) ?? sharers[0];
      return asked === undefined ? [] : [targetOf(asked, sharers, input)];
    }),
  };
}

interface Row extends Sharer, Pick<Deployment, 'onDemand'> {
  readonly id: TargetId;
}

function deploymentOf({ entry, upstream, id: targetId, inBackground, onDemand }: Row): Deployment {
  return {
    modelName: entry.modelName,
    modelId: entry.modelId,
    targetId,
    model: entry.model,
    provider: upstream.provider,
    upstreamModel: upstream.upstreamModel,
    mode: upstream.mode,
    apiBase: upstream.apiBase,
    inBackground,
    onDemand,
    displayParams: shownOfProbe(entry.shown.probed, upstream.calledAs),
    writtenParams: entry.shown.written,
  };
}

/** One target for all rows of one identity: probed as its first background deployment is configured, with the longest deadline. */
function targetOf(asked: Row, rows: readonly Row[], input: ModelsInput): TargetConfig {
  const { environment, settings } = input;
  const { id, entry, upstream } = asked;
  const mode = asksBy(upstream.wire, upstream.mode) ? upstream.mode : 'other';
  const { apiKey, organization } = upstream.credential;
  const maxTokens = sendsMaxTokens(upstream.mode, entry.info) ? maxTokensOf(entry, environment) : undefined;
  const price = rows.map(priceOf).find((found) => found !== undefined);
  const timeouts = rows.map(
    (row) => row.entry.info.health_check_timeout ?? environment.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  );
  return {
    id,
    place: placeOf(upstream),
    name: `${upstream.provider}/${upstream.upstreamModel}`,
    provider: upstream.provider,
    wire: upstream.wire,
    upstreamModel: upstream.upstreamModel,
    apiBase: upstream.apiBase,
    host: upstream.host,
    mode,
    level: levelOf(asked, rows, input),
    intervalMs: settings.intervalMs,
    timeoutMs: Math.max(...timeouts),
    limitName: upstream.limitName,
    prompt: environment.prompt ?? (mode === 'chat' ? "What's 1 + 1?" : 'test from litellm'),
    healthCheckParams: { ...voiceOf(entry, upstream), ...entry.bodyParams, ...entry.extraBody },
    background: rows.some(({ inBackground }) => inBackground),
    priceModel: entry.info.base_model ?? upstream.upstreamModel,
    ...present({
      apiKey,
      organization,
      headers: headersOf(upstream.credential),
      maxTokens,
      price,
      region: upstream.region,
      apiVersion: upstream.apiVersion,
    }),
    ...present({ reasoningEffort: mode === 'embedding' ? undefined : entry.info.health_check_reasoning_effort }),
  };
}

const DEFAULT_TIMEOUT_MS = 60_000;

function priceOf({ entry: { info, upstream } }: Row): TargetConfig['price'] {
  const input = info.input_cost_per_token ?? upstream.input_cost_per_token;
  const output = info.output_cost_per_token ?? upstream.output_cost_per_token;
  return input === undefined && output === undefined ? undefined : present({ input, output });
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
