import {
  excerpt,
  latestDateIn,
  parseRecord,
  parseStamps,
  writeRecord,
  type EvidenceStamps,
  type StoreTime,
  type TargetRecord,
} from '../../health/index.ts';
import { MAX_AHEAD_US } from '../../ports/index.ts';
import type { StoredRecord } from '../../ports/index.ts';
import { stampFrom, timeFrom } from './stamps.ts';

/** The part of a record's text that scripts read: all they need, and no JSON. */
export interface RecordHeader extends EvidenceStamps {
  readonly version: number;
  readonly grant: number;
  readonly nextDueAt: number;
}

const shape = /^(\d{1,16}) (\d{1,16}) (\d{1,16}(?:\/\d{1,16}\/\d{1,16})?) (\d{1,16}) \{.*\}$/s;

/** Reads a header; `undefined` where the scripts, too, take the text for garbage. */
export function headerOf(text: string, now: StoreTime): RecordHeader | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [version, grant] = [match[1], match[2]].map((stamp) => timeFrom(stamp, now));
  const nextDueAt = stampFrom(match[4]);
  const stamps = match[3] ?? '';
  if (version === undefined || version === 0 || grant === undefined || nextDueAt === undefined) return undefined;
  if (stamps.split('/').some((stamp) => timeFrom(stamp, now) === undefined)) return undefined;
  return { version, grant, ...parseStamps(stamps), nextDueAt };
}

/** Unknown fields of a record are kept: with what a pod adds it stays below the longest text that is read at all. */
const LONGEST_RECORD = 32_768;

/** A record as found, with the scripts' opinion of its header. Facts of a time to come, more than a day ahead, are garbage, too. */
export function storedFrom(text: string, now: StoreTime): StoredRecord {
  const garbage: StoredRecord = { kind: 'garbage', shown: excerpt(text) };
  if (text.length > LONGEST_RECORD || headerOf(text, now) === undefined) return garbage;
  const stored = parseRecord(text);
  return stored.kind === 'record' && latestDateIn(stored.record.facts) > now + MAX_AHEAD_US ? garbage : stored;
}

/** A record's text. `format` comes first in the JSON, so that a script sees without parsing that it may overwrite it. */
export function recordText(record: TargetRecord): string {
  return writeRecord({ ...record, facts: formatFirst(record.facts) });
}

/** The JSON of a record's text alone, for the script that puts the header before it. */
export function factsText(facts: TargetRecord['facts']): string {
  return JSON.stringify(formatFirst(facts));
}

function formatFirst(facts: TargetRecord['facts']): TargetRecord['facts'] {
  const { format, ...rest } = facts;
  return { format, ...rest };
}
