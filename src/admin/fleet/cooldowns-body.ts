import type { CooldownsBody } from '../../api/index.ts';
import type { AllswellConfig, Deployment } from '../../config/index.ts';
import type { BridgeView, CooldownView, Hold, PlannedCooldown } from '../../ports/index.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { isoOf } from '../times.ts';

export interface CooldownsBodyParts {
  readonly view: CooldownView;
  readonly bridge: Pick<BridgeView, 'holder'>;
  readonly restriction: Hold | null;
  readonly config: Pick<AllswellConfig, 'deployments'>;
}

/** LiteLLM's cooldowns, as `/fleet` shows them. */
export function cooldownsBody({ view, bridge, restriction, config }: CooldownsBodyParts): CooldownsBody {
  const deployments = new Map(config.deployments.map((one) => [one.modelId, one]));
  const { counts, loss } = view;
  return {
    mode: view.mode,
    configured_mode: view.configured,
    restriction: heldOf(restriction),
    pod: view.mode === 'off' ? null : bridge.holder,
    problem: loss === null ? null : { code: loss.code, message: loss.message },
    router_redis: view.ownRedis,
    held: view.cooled.map((one) => ({ ...plannedOf(one, deployments), status: one.status, by: one.by })),
    last_routable: view.leftRoutable.map((one) => ({ ...plannedOf(one, deployments), pool: one.pool })),
    litellm: view.byLitellm.map(({ modelId, status, since, until }) => ({
      model_id: modelId,
      model_name: deployments.get(modelId)?.modelName ?? null,
      target: deployments.get(modelId)?.targetId ?? null,
      status,
      since: timeOf(since),
      until: timeOf(until),
    })),
    counts: {
      written: counts.written,
      refused: counts.refused,
      noticed: counts.noticed,
      writes: counts.writes,
      failures: Object.values(counts.failures).reduce((sum, one) => sum + one, 0),
    },
  };
}

function plannedOf(
  { modelId, group, reason, why, since }: PlannedCooldown,
  deployments: ReadonlyMap<string, Deployment>,
): Omit<CooldownsBody['held'][number], 'status' | 'by'> {
  const target = deployments.get(modelId)?.targetId ?? null;
  return { model_name: group, model_id: modelId, target, reason, why, since: timeOf(since) };
}

/** Of a time in seconds, as LiteLLM writes it; a client can write any number. */
function timeOf(seconds: number): string {
  return isoOf(Math.min(seconds, LATEST_S) * 1_000_000);
}

/** The last second that a date in ISO form can have, with four digits of the year. */
const LATEST_S = 253_402_300_799;
