import { incidentsOf, uptimeByDay, uptimeOf } from '../../history/index.ts';
import type { DayUptime, PastIncident, Uptime } from '../../history/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { FleetReader, Hold } from '../../ports/index.ts';
import type { FoundGroup } from '../history/find-group.ts';
import { recordBegins } from '../history/record-begins.ts';
import type { PastOutcome } from '../history/read-past.ts';
import type { StateWords } from './state-words.ts';

const INCIDENTS = 20;

/** All that the page shows; what is not here cannot be shown. */
export interface ShownStatus {
  readonly title: string;
  readonly asOf: StoreTime;
  readonly groups: readonly ShownGroup[];
}

export interface ShownGroup {
  readonly name: string;
  readonly state: StateWords;
  /** Start of the newest evidence; null without any. */
  readonly evidenceAt: StoreTime | null;
  /** Null while the history cannot be read. */
  readonly past: ShownPast | null;
  /** Reasons of drains; empty unless the configuration shows them. */
  readonly notes: readonly string[];
}

export interface ShownPast {
  readonly total: Uptime;
  /** Time at which the record begins, if that is within the window. */
  readonly begins: StoreTime | null;
  readonly days: readonly DayUptime[];
  /** Newest first. Without pods and causes: they name upstreams. */
  readonly incidents: readonly Pick<PastIncident, 'startedAt' | 'start' | 'endedAt' | 'end'>[];
}

export function shownPast(past: PastOutcome): ShownPast | null {
  if (past.kind === 'store-lost') return null;
  const { spans, window } = past;
  const begins = recordBegins(spans, window);
  const incidents = incidentsOf(spans, [], window).slice(0, INCIDENTS);
  return {
    total: uptimeOf(spans, { ...window, ...(begins !== null && { from: begins }) }),
    begins,
    days: uptimeByDay(spans, window),
    incidents: incidents.map(({ startedAt, start, endedAt, end }) => ({ startedAt, start, endedAt, end })),
  };
}

/** Reasons why operators took targets of a group out of traffic, each once. */
export function drainReasons(fleet: Pick<FleetReader, 'target'>, group: FoundGroup | undefined): readonly string[] {
  const holds = (group?.targets ?? []).map((id): Hold | null => fleet.target(id)?.hold ?? null);
  return [...new Set(holds.flatMap((hold) => (hold?.kind === 'drain' ? [hold.reason] : [])))];
}
