import type { TargetId } from '../../health/index.ts';
import { asksBy, holdKeyOf } from '../../providers/index.ts';
import type { LevelSettings, ModelInfo } from '../schema/index.ts';
import type { Findings } from '../problems/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Environment } from '../source/index.ts';
import type { ProbeTarget } from '../types.ts';
import { reasonsByName, speaksByName } from './model-names.ts';
import { levelOf, type Sharer } from './probe-level.ts';
import { providerOf } from './provider.ts';
import { present } from './present.ts';
import { callOf, priceOf } from './upstream.ts';

/** What a probe is sent with, beside its deployments. */
export interface ProbeInput {
  readonly environment: Environment;
  readonly settings: Pick<Settings, 'intervalMs'>;
  /** `fleet_health.level`. */
  readonly levels: LevelSettings;
  readonly findings: Findings;
}

/** One target for all deployments of one identity: probed as the first with background checks is configured, with the longest timeout. */
export function probeTargetOf(
  id: TargetId,
  deployments: readonly [Sharer, ...Sharer[]],
  input: ProbeInput,
): ProbeTarget {
  const { environment, settings } = input;
  const first = deployments.find(({ inBackground }) => inBackground) ?? deployments[0];
  const { entry, upstream } = first;
  const mode = asksBy(upstream.wire, upstream.mode) ? upstream.mode : 'other';
  const maxTokens = sendsMaxTokens(upstream.mode, entry.info) ? maxTokensOf(entry, environment) : undefined;
  const price = deployments
    .map(({ entry: { info, probed } }) => priceOf(info, probed.upstream))
    .find((found) => found !== undefined);
  const timeouts = deployments.map(
    (one) => one.entry.info.health_check_timeout ?? environment.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  );
  return {
    id,
    holdKey: holdKeyOf(upstream),
    name: `${upstream.provider}/${upstream.upstreamModel}`,
    ...callOf(upstream),
    mode,
    level: levelOf(first, deployments, input),
    intervalMs: settings.intervalMs,
    timeoutMs: Math.max(...timeouts),
    limitName: upstream.limitName,
    prompt: environment.prompt ?? (mode === 'chat' ? "What's 1 + 1?" : 'test from litellm'),
    healthCheckParams: { ...voiceOf(first), ...entry.bodyParams, ...entry.probed.extraBody },
    background: deployments.some(({ inBackground }) => inBackground),
    priceModel: entry.info.base_model ?? upstream.upstreamModel,
    ...present({
      maxTokens,
      price,
      reasoningEffort: mode === 'embedding' ? undefined : entry.info.health_check_reasoning_effort,
    }),
  };
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** The least that every model accepts; enough to show that the model answers. */
const DEFAULT_MAX_TOKENS = 16;

/** Audio parameters for a chat model that answers only with audio, as LiteLLM sends them; empty for others. */
function voiceOf({ entry: { info, bodyParams }, upstream }: Sharer): Readonly<Record<string, unknown>> {
  const { provider, mode, upstreamModel, knownAs } = upstream;
  const asked = bodyParams['modalities'];
  if (mode !== 'chat' || (Array.isArray(asked) && !asked.includes('audio'))) return {};
  if (!speaksByName(provider, knownAs ?? upstreamModel)) return {};
  return { modalities: ['text', 'audio'], audio: { voice: info.health_check_voice ?? 'alloy', format: 'wav' } };
}

/** True if a probe of this mode sends a limit; the model's own setting takes precedence. */
function sendsMaxTokens(mode: string, info: ModelInfo): boolean {
  return info.health_check_supports_max_tokens ?? ['chat', 'completion', 'responses'].includes(mode);
}

/**
 * The limit for one probe, from the most to the least particular setting. Both questions asked of the model (is it a
 * wildcard, does it reason) are about the configured one, not about `health_check_model`: that is LiteLLM's rule.
 */
function maxTokensOf({ model, info, probed }: Sharer['entry'], environment: Environment): number | undefined {
  if (info.health_check_max_tokens !== undefined) return info.health_check_max_tokens;
  if (model.includes('*')) return environment.maxTokens;
  const choice = providerOf(model, probed.upstream.custom_llm_provider);
  const reasons = choice.kind === 'provider' && reasonsByName(choice.provider, choice.model);
  const forKind = reasons ? info.health_check_max_tokens_reasoning : info.health_check_max_tokens_non_reasoning;
  return (
    forKind ?? (reasons ? environment.maxTokensReasoning : undefined) ?? environment.maxTokens ?? DEFAULT_MAX_TOKENS
  );
}
