import type { Facts, TargetRecord } from './facts.ts';

/** A record's text does not parse (`garbage`) or was written by a newer version (`newer`). */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: TargetRecord }
  | { readonly kind: 'garbage'; readonly shown: string }
  | { readonly kind: 'newer'; readonly version: number; readonly format: number };

/** The text of a record: `<version> <grant> <evidenceAt> <nextDueAt> <json>`; scripts read the header without JSON. */
export function writeRecord(record: TargetRecord): string {
  const { version, grant, evidenceAt, nextDueAt, facts } = record;
  return `${version} ${grant} ${evidenceAt} ${nextDueAt} ${JSON.stringify(facts)}`;
}

const header = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\{.*\})$/s;

/** Reads what {@link writeRecord} wrote. Unknown fields are kept; anything else unexpected is garbage, never a throw. */
export function parseRecord(text: string): ParsedRecord {
  const match = header.exec(text);
  const garbage: ParsedRecord = { kind: 'garbage', shown: excerpt(text) };
  if (match === null) return garbage;
  const facts = parseJson(match[5] ?? '');
  if (!isObject(facts)) return garbage;
  const [version, grant, evidenceAt, nextDueAt] = match.slice(1, 5).map(Number) as [number, number, number, number];
  if (typeof facts['format'] === 'number' && facts['format'] > 1) {
    return { kind: 'newer', version, format: facts['format'] };
  }
  if (version === 0 || !isFacts(facts)) return garbage;
  return { kind: 'record', record: { version, grant, evidenceAt, nextDueAt, facts } };
}

/** At most 40 printable characters of a foreign value, for a log line. */
export function excerpt(text: string): string {
  const shown = text.slice(0, 40).replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length > 40 ? `${shown}… (${text.length} characters)` : shown;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFacts(value: Record<string, unknown>): value is Record<string, unknown> & Facts {
  const { format, run, lastOk, lastProbe, trouble } = value;
  return (
    format === 1 &&
    isRun(run) &&
    isObject(lastOk) &&
    Object.values(lastOk).every(isTime) &&
    isProbe(lastProbe) &&
    (trouble === undefined ? run['kind'] !== 'failed' : isTrouble(trouble))
  );
}

function isRun(run: unknown): run is Record<string, unknown> {
  return (
    isObject(run) &&
    ['ok', 'overloaded', 'failed'].includes(String(run['kind'])) &&
    isTime(run['length']) &&
    isTime(run['since']) &&
    (run['level'] === undefined || typeof run['level'] === 'string') &&
    (run['until'] === undefined || isTime(run['until']))
  );
}

function isTrouble(trouble: unknown): boolean {
  return (
    isObject(trouble) &&
    typeof trouble['class'] === 'string' &&
    typeof trouble['message'] === 'string' &&
    typeof trouble['level'] === 'string' &&
    isTime(trouble['since']) &&
    isTime(trouble['at']) &&
    isTime(trouble['length']) &&
    isTime(trouble['after']) &&
    isTime(trouble['afterSince']) &&
    Array.isArray(trouble['witnesses']) &&
    trouble['witnesses'].every(isWitness)
  );
}

function isWitness(witness: unknown): boolean {
  return isObject(witness) && typeof witness['pod'] === 'string' && isTime(witness['at']);
}

function isProbe(probe: unknown): boolean {
  return (
    isObject(probe) &&
    isTime(probe['at']) &&
    typeof probe['pod'] === 'string' &&
    typeof probe['ok'] === 'boolean' &&
    typeof probe['level'] === 'string' &&
    typeof probe['latencyMs'] === 'number' &&
    (probe['overBudget'] === undefined || isOverBudget(probe['overBudget']))
  );
}

function isOverBudget(found: unknown): boolean {
  return isObject(found) && ['fleet', 'target'].includes(String(found['owner'])) && isTime(found['until']);
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
