import type { HistoryBody, LatestBody, PastCheck } from '../../api/index.ts';
import type { Deployment } from '../../config/index.ts';
import { evidenceKind } from '../../health/index.ts';
import { detailAnswer, jsonAnswer } from '../../http/index.ts';
import type { HistoryQuery } from './health-routes.ts';
import type { HistoryPoint } from '../../ports/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { isoOf } from '../times.ts';

type HistoryParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact'>;

/** `GET /health/history`: LiteLLM's rows, from what the fleet remembers. Waits for the store, within its deadline. */
export async function history({ fleet, config, redact }: HistoryParts, query: HistoryQuery): Promise<Response> {
  const { model, status_filter: status, limit, offset } = query;
  const deployments = config.deployments.filter(({ modelName }) => model === undefined || modelName === model);
  const found = await fleet.history([...new Set(deployments.map(({ targetId }) => targetId))]);
  if (found.kind === 'store-lost') {
    return detailAnswer(500, { error: `Failed to retrieve health check history: ${redact(found.why)}` });
  }
  const points = new Map(found.histories.map((one) => [one.target, one.points]));
  const rows = deployments.flatMap((one) => (points.get(one.targetId) ?? []).map((point) => ({ point, one })));
  const page = rows
    .filter(({ point }) => status === undefined || statusOf(point) === status)
    .toSorted((a, b) => b.point.at - a.point.at)
    .slice(offset, offset + limit)
    .map(({ point, one }) => rowOf(one, point, redact));
  return jsonAnswer<HistoryBody>({ health_checks: page, total_records: page.length, limit, offset });
}

/** `GET /health/latest`: the newest row of each deployment that was probed, as this pod knows it. */
export function latest({ fleet, config, redact }: HistoryParts): Response {
  const rows = config.deployments.flatMap((one) => {
    const facts = fleet.target(one.targetId)?.facts;
    if (facts === undefined || facts === null) return [];
    const { failure, source, ...probe } = facts.last;
    const point = {
      ...probe,
      ...(source !== 'probe' && { source }),
      kind: evidenceKind(facts),
      ...(failure && { class: failure.class, message: failure.message }),
    };
    return [[one.modelId, rowOf(one, point, redact)] as const];
  });
  const latestRows = Object.fromEntries(rows);
  return jsonAnswer<LatestBody>({ latest_health_checks: latestRows, total_models: Object.keys(latestRows).length });
}

function statusOf({ kind }: HistoryPoint): 'healthy' | 'unhealthy' {
  return kind === 'failed' ? 'unhealthy' : 'healthy';
}

/** What a probe saw is a fact; whether the target was down then is each pod's own judgement. */
function rowOf(
  { modelName, modelId, targetId }: Deployment,
  point: HistoryPoint,
  redact: (text: string) => string,
): PastCheck {
  const { at, pod, level, reason, latencyMs, source, class: failure, message } = point;
  const status = statusOf(point);
  return {
    health_check_id: `${modelId}-${at}`,
    model_name: modelName,
    model_id: modelId,
    status,
    healthy_count: status === 'healthy' ? 1 : 0,
    unhealthy_count: status === 'healthy' ? 0 : 1,
    error_message: failure === undefined ? null : redact(`${failure}: ${message ?? ''}`),
    response_time_ms: latencyMs,
    details: {
      target: targetId,
      level,
      reason,
      ...(source !== undefined && { source }),
      ...(failure !== undefined && { class: failure }),
    },
    checked_by: redact(pod),
    checked_at: isoOf(at),
    created_at: isoOf(at),
  };
}
