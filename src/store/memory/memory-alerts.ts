import type { PodId, StoreTime, Version } from '../../health/index.ts';
import type {
  AlertLead,
  AlertReport,
  AlertsWritten,
  AlertStore,
  LeadAlerts,
  StoreAnswer,
  WriteAlerts,
} from '../../ports/index.ts';
import {
  boundedText,
  isPodId,
  LONGEST_HISTORY,
  LONGEST_REPORT,
  problemOfNames,
  timeFrom,
  wholeCount,
  wholeStamp,
} from '../format/index.ts';
import { metaOf, type FleetState } from './state.ts';

interface Parts {
  readonly state: FleetState;
  readonly clockUs: () => number;
}

type Command = Pick<LeadAlerts, 'pod' | 'notAfter'>;

/** One pod's handle on the fleet's alerts: checks names and `notAfter` as the Redis adapter and its scripts do. */
export function memoryAlerts({ state, clockUs }: Parts): AlertStore {
  const run = <T>({ pod, notAfter }: Command, work: (now: StoreTime) => T): Promise<StoreAnswer<T>> => {
    const problem = problemOfNames({ pod });
    if (problem !== undefined) return Promise.resolve({ kind: 'lost', loss: { code: 'error', message: problem } });
    const now = clockUs();
    if (now > wholeStamp(notAfter)) return Promise.resolve({ kind: 'too-late', meta: metaOf(state, now) });
    const value = work(now);
    return Promise.resolve({ kind: 'ok', meta: metaOf(state, now), value });
  };
  return {
    lead: (input) => run(input, (now) => lead(state, now, input)),
    write: (input) => run(input, (now) => write(state, now, input)),
  };
}

function lead({ alerts }: FleetState, now: StoreTime, { pod, ttlMs, known, report }: LeadAlerts): AlertLead {
  const ttl = wholeCount(ttlMs) * 1_000;
  const lease = leaseFrom(alerts.get('!lease'), now);
  const taken = lease !== undefined && lease.until > now && (ttl === 0 || lease.until <= now + ttl);
  let held: { pod: PodId | null; until: StoreTime } = lease ?? { pod: null, until: now };
  if (!taken || lease.pod === pod) {
    held = ttl === 0 ? { pod: null, until: now } : { pod, until: now + ttl };
    if (ttl === 0) alerts.delete('!lease');
    else alerts.set('!lease', `${now + ttl} ${pod}`);
  }
  if (report !== undefined) keepReport(alerts, report, now);
  const reports = held.pod === pod ? reportsOf(alerts, report?.view ?? '', now) : [];
  const { version, text } = documentFrom(alerts.get('!document'), now);
  return { ...held, version, text: version === wholeStamp(known) ? null : text, reports };
}

/** As in `includes/alerts.lua`. */
const [MOST_REPORTS, MOST_FIELDS, REPORT_LIFE_US] = [8, 64, 15_000_000];

function keepReport(alerts: FleetState['alerts'], { view, text }: AlertReport, now: StoreTime): void {
  if (view === '') return;
  if (text === '') alerts.delete(`@${view}`);
  else if (Buffer.byteLength(text) <= LONGEST_REPORT) alerts.set(`@${view}`, `${now} ${text}`);
}

function reportsOf(alerts: FleetState['alerts'], view: string, now: StoreTime): readonly string[] {
  if (alerts.size > MOST_FIELDS) return [];
  const fields = [...alerts.keys()].filter((field) => field.startsWith('@') && field !== `@${view}`).toSorted();
  const texts: string[] = [];
  for (const field of fields) {
    if (texts.length >= MOST_REPORTS) break;
    const [, digits, text = ''] = /^(\d+) (.*)$/s.exec(boundedText(alerts.get(field) ?? '', LONGEST_REPORT + 20)) ?? [];
    const at = timeFrom(digits, now);
    if (at !== undefined && at <= now && now < at + REPORT_LIFE_US) texts.push(text);
    else alerts.delete(field);
  }
  return texts;
}

function write({ alerts }: FleetState, now: StoreTime, { pod, expects, above, text }: WriteAlerts): AlertsWritten {
  const lease = leaseFrom(alerts.get('!lease'), now);
  const stored = documentFrom(alerts.get('!document'), now);
  if (lease === undefined || lease.until <= now || lease.pod !== pod) return { kind: 'refused' };
  if (stored.version !== wholeStamp(expects)) return { kind: 'refused' };
  const version = Math.max(stored.version + 1, (timeFrom(String(wholeStamp(above)), now) ?? 0) + 1, now);
  alerts.set('!document', `${version} ${text}`);
  return { kind: 'written', version };
}

function leaseFrom(text: string | undefined, now: StoreTime): { pod: PodId; until: StoreTime } | undefined {
  const [, digits, pod = ''] = /^(\d+) (\S+)$/.exec(boundedText(text ?? '', 200)) ?? [];
  const until = timeFrom(digits, now);
  return until === undefined || !isPodId(pod) ? undefined : { pod, until };
}

function documentFrom(text: string | undefined, now: StoreTime): { version: Version; text: string | null } {
  const [, digits, document] = /^(\d+) (.*)$/s.exec(boundedText(text ?? '', LONGEST_HISTORY)) ?? [];
  const version = timeFrom(digits, now);
  return version === undefined ? { version: 0, text: null } : { version, text: document ?? null };
}
