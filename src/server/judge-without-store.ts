import { setTimeout as pause } from 'node:timers/promises';
import { composeDocument, planCooldowns } from '../bridge/index.ts';
import type { Composed, CooldownSource } from '../bridge/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import type { State, TargetId } from '../health/index.ts';
import { stayingAlive } from '../staying-alive.ts';
import { openSinglePodFleet } from './single-pod-fleet.ts';
import type { SinglePodFleet } from './single-pod-fleet.ts';
import { createCooldownSource } from './litellm/cooldown-source.ts';
import { createPublishableSource } from './litellm/publishable-source.ts';

export interface StorelessVerdicts {
  /** The document that a bridge with this configuration would publish now. */
  readonly composed: Composed;
  /** Models without a settled state: never judged, or failing and not confirmed. */
  readonly unsettled: readonly string[];
  /** Failing models and their failures. */
  readonly failing: readonly { readonly name: string; readonly why: string }[];
  /** What a bridge would do in LiteLLM's routing, whatever the mode is. */
  readonly cooldowns: PlannedCooldowns;
}

/** Failing deployments that a bridge would cool, and those that it would not, as the last of their pool. */
export interface PlannedCooldowns {
  readonly set: readonly CooldownLine[];
  readonly refused: readonly (CooldownLine & { readonly pool: string })[];
}

/** `name`: model group and id. */
export interface CooldownLine {
  readonly name: string;
  readonly why: string;
}

export interface JudgingOptions {
  readonly timeoutMs: number;
  readonly end: AbortSignal;
  /** Called once a second with the models that are not settled. */
  readonly onProgress: (unsettled: readonly string[]) => void;
}

/** Pause after an inconclusive probe. */
const PAUSE_MS = 50;

/**
 * Judges all background models without Redis: probes each once, and confirms as far as needed. Ends when every state is
 * settled, at the timeout, or when `end` aborts.
 */
export async function judgeWithoutStore(config: AllswellConfig, options: JudgingOptions): Promise<StorelessVerdicts> {
  // Until the last step: stopping waits for timers too.
  return await stayingAlive(async () => await judge(config, options));
}

async function judge(
  given: AllswellConfig,
  { timeoutMs, end, onProgress }: JudgingOptions,
): Promise<StorelessVerdicts> {
  // Each target is judged only once, so early results must not become stale while others take their time.
  const config = { ...given, cacheTtlMs: given.cacheTtlMs + timeoutMs };
  const opened = openSinglePodFleet(config);
  const { fleet, redact } = opened;
  const source = createPublishableSource({ config, fleet, redact });
  const wanted = config.targets.filter(({ background }) => background);
  const unsettled = (): string[] => wanted.filter(({ id }) => !isSettled(fleet, id)).map(({ name }) => name);
  const failing = (): StorelessVerdicts['failing'] =>
    wanted.flatMap(({ id, name }) => {
      const { state, why = '' } = fleet.target(id) ?? {};
      return state === 'down' || state === 'suspect' ? [{ name, why: redact(why) }] : [];
    });
  const waiting = setInterval(() => onProgress(unsettled()), 1_000);
  try {
    const over = AbortSignal.any([end, AbortSignal.timeout(timeoutMs)]);
    await Promise.all(
      wanted.map(async ({ id, intervalMs }) => {
        const edgeMs = Math.min(config.policy.edgeIntervalMs, intervalMs);
        await settle(fleet, { id, edgeMs }, over);
      }),
    );
    const { pod, now } = fleet.status();
    const composed = composeDocument(source.publishable(), {
      pod,
      now,
      ttlMs: given.cacheTtlMs,
      marginMs: config.storeDeadlineMs,
    });
    const cooldowns = plannedCooldowns(createCooldownSource({ config, fleet, redact }));
    return { composed, unsettled: unsettled(), failing: failing(), cooldowns };
  } finally {
    clearInterval(waiting);
    await opened.stop();
  }
}

/** LiteLLM's own cooldowns are in its Redis, which is not asked. */
function plannedCooldowns(source: CooldownSource): PlannedCooldowns {
  const candidates = source.candidates();
  const { cooled, leftRoutable } = planCooldowns({ pools: source.pools, candidates, cooledByLitellm: new Set() });
  const lineOf = (id: string): CooldownLine[] =>
    candidates
      .filter(({ modelId }) => modelId === id)
      .map(({ group, modelId, why }) => ({ name: `${group} (${modelId})`, why }));
  return {
    set: [...cooled].flatMap(lineOf),
    refused: leftRoutable.flatMap(({ modelId, pool }) => lineOf(modelId).map((one) => ({ ...one, pool }))),
  };
}

/** Probes until the state is settled: at once, to confirm, then at the edge interval, as a pod does. */
async function settle(
  fleet: SinglePodFleet['fleet'],
  { id, edgeMs }: { readonly id: TargetId; readonly edgeMs: number },
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one probe after the other
    await fleet.check([id], over);
    if (isSettled(fleet, id)) return;
    const pauseMs = stateOf(fleet, id) === 'suspect' ? edgeMs : PAUSE_MS;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(pauseMs, undefined, { signal: over }).catch(() => {});
  }
}

function isSettled(fleet: SinglePodFleet['fleet'], id: TargetId): boolean {
  const state = stateOf(fleet, id);
  return state !== 'unknown' && state !== 'suspect';
}

function stateOf(fleet: SinglePodFleet['fleet'], id: TargetId): State {
  return fleet.target(id)?.state ?? 'unknown';
}
