import type { CooldownReason } from '../../ports/index.ts';
import type { Pool } from './pools.ts';

/** A deployment that the fleet wants to take out of LiteLLM's routing. */
export interface Candidate {
  readonly modelId: string;
  readonly reason: CooldownReason;
  /** Store time, µs, of its last success; 0 for none. Decides which of several failing deployments stays. */
  readonly lastSuccessAt: number;
}

/** A candidate as it is written and logged. */
export interface CooldownCandidate extends Candidate {
  /** `model_name`, for log lines. */
  readonly group: string;
  /** HTTP status that LiteLLM shows. */
  readonly status: number;
  /** One redacted line. */
  readonly why: string;
}

export interface CooldownPlan {
  /** Deployments to keep cooled. */
  readonly cooled: ReadonlySet<string>;
  /** Candidates that stay routable, because without them a pool would have no routable deployment, or doubtful ones only. */
  readonly leftRoutable: readonly LeftRoutable[];
}

export interface LeftRoutable {
  readonly modelId: string;
  readonly pool: string;
}

export interface PlanInput {
  readonly pools: readonly Pool[];
  readonly candidates: readonly Candidate[];
  /** Deployments that LiteLLM itself has cooled: not routable, independent of this plan. */
  readonly cooledByLitellm: ReadonlySet<string>;
}

/** The one that is most likely to answer stays: what was drained works, and a rate limit ends. */
const LIKELY_TO_ANSWER: Readonly<Record<CooldownReason, number>> = { drained: 2, 'rate-limited': 1, down: 0 };

/**
 * Decides which candidates to cool. LiteLLM answers 429 to each request once all deployments of its group and of the
 * group's fallbacks are cooled, so every pool keeps one deployment that is not: where no other is left, the candidate
 * that is most likely to answer. Beside doubtful deployments only, a candidate stays unless it is down. Cooldowns that LiteLLM began
 * stay as they are: allswell does not end them, and does not extend them for the deployment that stays routable.
 *
 * @example
 * planCooldowns({
 *   pools: [{ name: 'chat', own: ['a', 'b'], reach: ['a', 'b'] }],
 *   candidates: [{ modelId: 'a', reason: 'down', lastSuccessAt: 0 }],
 *   cooledByLitellm: new Set(),
 * }) // { cooled: Set { 'a' }, leftRoutable: [] }
 */
export function planCooldowns({ pools, candidates, cooledByLitellm }: PlanInput): CooldownPlan {
  const byId = new Map(candidates.map((one) => [one.modelId, one]));
  const cooled = new Set(byId.keys());
  const leftRoutable: LeftRoutable[] = [];
  for (const { name, own, reach, doubtful } of pools) {
    const isDoubtful = (id: string): boolean => {
      const candidate = byId.get(id);
      return candidate === undefined ? doubtful?.has(id) === true : candidate.reason === 'down';
    };
    const routable = reach.filter((id) => !cooled.has(id) && !cooledByLitellm.has(id));
    if (routable.some((id) => !isDoubtful(id))) continue;
    const free = (ids: readonly string[]): readonly string[] => ids.filter((id) => !cooledByLitellm.has(id));
    const ranked = [free(own), free(reach)].flatMap((ids) => mostLikely(ids, byId));
    // A deployment that LiteLLM has cooled comes last: it helps only once that cooldown ends.
    const [cooledBest] = [own, reach].flatMap((ids) => mostLikely(ids, byId));
    const best = ranked.find(({ reason }) => reason !== 'down') ?? ranked[0] ?? cooledBest;
    // What certainly fails is no better than what possibly fails.
    if (best?.reason === 'down' && routable.length > 0) continue;
    if (best === undefined || !cooled.delete(best.modelId)) continue;
    leftRoutable.push({ modelId: best.modelId, pool: name });
  }
  return { cooled, leftRoutable };
}

function mostLikely(ids: readonly string[], candidates: ReadonlyMap<string, Candidate>): readonly Candidate[] {
  return ids
    .flatMap((id) => candidates.get(id) ?? [])
    .toSorted((a, b) => LIKELY_TO_ANSWER[b.reason] - LIKELY_TO_ANSWER[a.reason] || b.lastSuccessAt - a.lastSuccessAt);
}
