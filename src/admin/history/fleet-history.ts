import { parseRange, pastCsv } from '../../api/index.ts';
import type { FaultsBody, FleetHistoryBody } from '../../api/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { TimeWindow } from '../../history/index.ts';
import { bind, detailAnswer, jsonAnswer } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { findTarget, severalFound } from '../find-target.ts';
import { csvAnswer } from './csv-answer.ts';
import { fleetHistory } from './fleet-history-routes.ts';
import type { FleetHistoryQuery } from './fleet-history-routes.ts';
import { findGroup } from './find-group.ts';
import type { FoundGroup } from './find-group.ts';
import { fleetHistoryBody } from './past-body.ts';
import { readPast } from './read-past.ts';

type HistoryParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact'>;

const HOUR_MS = 3_600_000;
const LONGEST_MS = 90 * 24 * HOUR_MS;

/** `GET /fleet/history`. Waits for the store, within the deadline of a history. */
export function fleetHistoryEndpoints(admin: HistoryParts): readonly BoundRoute[] {
  return [
    bind(fleetHistory, async ({ query }) => {
      if ((query.group === undefined) === (query.target === undefined)) {
        return detailAnswer(409, { error: 'Name either a group or a target' });
      }
      const range = rangeOf(query, admin.fleet.status().now);
      if (range instanceof Response) return range;
      const meant = find(admin, query);
      if (meant instanceof Response) return meant;
      const past = await readPast(admin, meant, range);
      if (past.kind === 'store-lost') {
        return detailAnswer(503, { error: `The history could not be read: ${admin.redact(past.why)}` });
      }
      const body = fleetHistoryBody(query.group ?? null, past, admin.redact);
      return query.format === 'csv' ? csvAnswer(pastCsv(body)) : jsonAnswer<FleetHistoryBody>(body);
    }),
  ];
}

/** Time until now, ms, or a part of the past; or the answer that it is none. */
function rangeOf({ window, from, to }: FleetHistoryQuery, now: StoreTime): number | TimeWindow | Response {
  if (from === undefined && to === undefined) {
    const windowMs = Number.parseInt(window, 10) * (window.endsWith('d') ? 24 * HOUR_MS : HOUR_MS);
    return Math.min(windowMs, LONGEST_MS);
  }
  const parsed = parseRange({ from, to }, now / 1_000);
  if (parsed.kind === 'range') return { from: parsed.fromMs * 1_000, until: parsed.untilMs * 1_000 };
  return jsonAnswer<FaultsBody>(
    { detail: [{ type: 'value_error', loc: ['query', parsed.key], msg: parsed.why }] },
    422,
  );
}

type Meant = Pick<FoundGroup, 'targets' | 'hasUnprobed'>;

/** The targets that a request means, or the answer that it means none, or several. */
function find({ config }: HistoryParts, { group, target = '' }: FleetHistoryQuery): Meant | Response {
  if (group !== undefined) {
    return findGroup(config, group) ?? detailAnswer(404, { error: 'No model group has this name' });
  }
  const found = findTarget(config, target);
  if (found.kind === 'none') return detailAnswer(404, { error: 'No target has this id or name' });
  return found.kind === 'one' ? { targets: [found.id], hasUnprobed: false } : severalFound(found);
}
