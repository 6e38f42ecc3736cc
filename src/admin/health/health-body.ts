import type { HealthBody, HealthRow } from '../../api/index.ts';
import type { Deployment } from '../../config/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import type { Rows } from './health-row.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { isoOf, secondsOf } from '../times.ts';

/** The list that shows a target with an unconfirmed failure. */
export type Suspects = 'healthy' | 'unhealthy';

export interface BodyParts {
  readonly rows: Rows;
  readonly suspects: Suspects;
}

/** One row per deployment: those that share a target share its verdict. */
export function healthBody(
  fleet: FleetReader,
  deployments: readonly Deployment[],
  { rows, suspects }: BodyParts,
): HealthBody {
  const lists: Record<List, HealthRow[]> = { healthy: [], unhealthy: [], unknown: [] };
  let oldest: { evidenceAt: number; ageMs: number } | undefined;
  for (const deployment of deployments) {
    const view = fleet.target(deployment.targetId);
    if (view === undefined) continue;
    const list = listOf(view, suspects);
    lists[list].push(list === 'unhealthy' ? rows.failing(deployment, view) : rows.passing(deployment, view));
    const { evidenceAt, ageMs } = view;
    if (evidenceAt !== null && ageMs !== null && ageMs > (oldest?.ageMs ?? -1)) oldest = { evidenceAt, ageMs };
  }
  const { mode, pause } = fleet.status();
  const paused = heldOf(pause);
  return {
    healthy_endpoints: lists.healthy,
    unhealthy_endpoints: lists.unhealthy,
    healthy_count: lists.healthy.length,
    unhealthy_count: lists.unhealthy.length,
    unknown_endpoints: lists.unknown,
    unknown_count: lists.unknown.length,
    checked_at: oldest === undefined ? null : isoOf(oldest.evidenceAt),
    age_seconds: oldest === undefined ? null : secondsOf(oldest.ageMs),
    mode,
    ...(paused !== null && { probing_paused: paused }),
  };
}

/** LiteLLM's two lists, and what is in neither. */
export type List = 'healthy' | 'unhealthy' | 'unknown';

/** A hold takes precedence over evidence. A target that only this pod fails to reach is unhealthy in this pod. */
export function listOf({ state, hold, localOnly, facts }: TargetView, suspects: Suspects): List {
  if (hold !== null) return hold.kind === 'drain' ? 'unhealthy' : 'healthy';
  if (state === 'unknown') return localOnly ? 'unhealthy' : 'unknown';
  if (state === 'suspect' && facts?.run.kind === 'failed' && !localOnly) return suspects;
  return state === 'down' || localOnly ? 'unhealthy' : 'healthy';
}
