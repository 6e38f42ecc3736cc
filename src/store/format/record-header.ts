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

/** Header of a record: the part that scripts read. */
export interface RecordHeader extends EvidenceStamps {
  readonly version: number;
  readonly grant: number;
  readonly nextDueAt: number;
}

const shape = /^(\d{1,16}) (\d{1,16}) (\d{1,16}(?:\/\d{1,16}\/\d{1,16})?) (\d{1,16}) \{.*\}$/s;

/** Parses a header; `undefined` for garbage, by the same rule as the scripts. */
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

/** Longest record that is read. With the unknown fields that it keeps and what a pod adds, it stays readable. */
const LONGEST_RECORD = 32_768;

/** A record as stored, with its header by the scripts' rules. Facts dated more than a day ahead are garbage. */
export function storedFrom(text: string, now: StoreTime): StoredRecord {
  const garbage: StoredRecord = { kind: 'garbage', shown: excerpt(text) };
  if (text.length > LONGEST_RECORD || headerOf(text, now) === undefined) return garbage;
  const stored = parseRecord(text);
  return stored.kind === 'record' && latestDateIn(stored.record.facts) > now + MAX_AHEAD_US ? garbage : stored;
}

/** Text of a record. `format` comes first in the JSON, so that a script sees without parsing if it may overwrite it. */
export function recordText(record: TargetRecord): string {
  return writeRecord({ ...record, facts: formatFirst(record.facts) });
}

/** JSON of a record, for the script that adds the header. */
export function factsText(facts: TargetRecord['facts']): string {
  return JSON.stringify(formatFirst(facts));
}

function formatFirst(facts: TargetRecord['facts']): TargetRecord['facts'] {
  const { format, ...rest } = facts;
  return { format, ...rest };
}
