import { parseJson } from './json.ts';
import { LONGEST_BODY_HASH, LONGEST_PARAMETER } from './adaptation.ts';
import { RECORD_FORMAT } from './facts.ts';
import type { Facts, TargetRecord } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { MAX_WITNESSES, MAX_COUNT } from './failure-series.ts';
import { LEVELS } from './level.ts';
import { stampsText, parseStamps } from './evidence-stamps.ts';

/**
 * A parsed record; `garbage` if the text does not parse or has an older format, whose number it then names; `newer` if a
 * newer version wrote it.
 */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: TargetRecord }
  | { readonly kind: 'garbage'; readonly shown: string; readonly olderFormat?: number }
  | { readonly kind: 'newer'; readonly version: number; readonly format: number };

/** Text of a record: `<version> <grant> <stamps> <nextDueAt> <json>`. Scripts read the header without parsing JSON. */
export function writeRecord(record: TargetRecord): string {
  const { version, grant, nextDueAt, facts } = record;
  return `${version} ${grant} ${stampsText(record)} ${nextDueAt} ${JSON.stringify(facts)}`;
}

/** Longest duration that a pod writes, ms: a day. */
const LONGEST_MS = 86_400_000;

const header = /^(\d{1,16}) (\d{1,16}) (\d{1,16}(?:\/\d{1,16}\/\d{1,16})?) (\d{1,16}) (\{.*\})$/s;

/** Parses {@link writeRecord}'s text. Unknown fields are kept; anything else unexpected is `garbage`. Never throws. */
export function parseRecord(text: string): ParsedRecord {
  const match = header.exec(text);
  const garbage: ParsedRecord = { kind: 'garbage', shown: excerpt(text) };
  if (match === null) return garbage;
  const facts = parseJson(match[5] ?? '');
  if (!isObject(facts)) return garbage;
  const [version, grant, nextDueAt] = [match[1], match[2], match[4]].map(Number) as [number, number, number];
  const format = facts['format'];
  if (typeof format === 'number' && format > RECORD_FORMAT) return { kind: 'newer', version, format };
  if (typeof format === 'number' && isCount(format) && format > 0 && format < RECORD_FORMAT) {
    return { ...garbage, olderFormat: format };
  }
  if (version === 0 || !isFacts(facts) || latestBesideProbe(facts) > facts.last.at) return garbage;
  return { kind: 'record', record: { version, grant, ...parseStamps(match[3] ?? ''), nextDueAt, facts } };
}

/** Latest time in the facts. */
export function latestDateIn(facts: Facts): StoreTime {
  return Math.max(facts.last.answeredAt, facts.last.at, latestBesideProbe(facts));
}

/** Latest time in the facts except the newest observation. A pod never writes one that is later than that observation. */
function latestBesideProbe({ run, lastSuccess, failureRun, overload, rejected }: Facts): StoreTime {
  const series = [failureRun, failureRun?.previous, overload].flatMap((one) => one ?? []);
  return Math.max(
    run.since,
    ...Object.values(lastSuccess),
    rejected?.at ?? 0,
    rejected?.since ?? 0,
    ...[failureRun, failureRun?.previous].map((one) => one?.afterSince ?? 0),
    ...series.flatMap(({ at, since, aloneSince = 0, witnesses }) => [
      at,
      since,
      aloneSince,
      ...witnesses.map((one) => one.at),
    ]),
  );
}

/** At most 40 printable characters of an untrusted value, for a log line. */
export function excerpt(text: string): string {
  const shown = text.slice(0, 40).replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length > 40 ? `${shown}… (${text.length} characters)` : shown;
}

function isFacts(value: Record<string, unknown>): value is Record<string, unknown> & Facts {
  const { format, run, lastSuccess, last, failureRun, overload, rejected, usualMs, adapted } = value;
  return (
    format === RECORD_FORMAT &&
    isRun(run) &&
    isObject(lastSuccess) &&
    Object.values(lastSuccess).every(isTime) &&
    isProbe(last) &&
    (failureRun === undefined ? run['kind'] !== 'failed' : isFailureRun(failureRun)) &&
    (overload === undefined || (isSeries(overload) && typeof overload['message'] === 'string')) &&
    (rejected === undefined || isRejection(rejected)) &&
    (usualMs === undefined || (isObject(usualMs) && Object.values(usualMs).every(isDuration))) &&
    (adapted === undefined || isAdaptation(adapted))
  );
}

function isRun(run: unknown): run is Record<string, unknown> {
  return (
    isObject(run) &&
    ['ok', 'failed', 'none'].includes(String(run['kind'])) &&
    isCount(run['length']) &&
    isTime(run['since'])
  );
}

function isFailureRun(failureRun: unknown): boolean {
  return (
    isSeries(failureRun) &&
    typeof failureRun['class'] === 'string' &&
    typeof failureRun['message'] === 'string' &&
    isPhase(failureRun['phase']) &&
    (failureRun['ofClass'] === undefined || isCount(failureRun['ofClass'])) &&
    isCount(failureRun['after']) &&
    isTime(failureRun['afterSince']) &&
    (failureRun['previous'] === undefined || isFailureRun(failureRun['previous']))
  );
}

function isSeries(series: unknown): series is Record<string, unknown> {
  return (
    isObject(series) &&
    isLevel(series['level']) &&
    (series['status'] === undefined || Number.isInteger(series['status'])) &&
    isTime(series['since']) &&
    isTime(series['at']) &&
    isCount(series['length']) &&
    (series['aloneSince'] === undefined || isTime(series['aloneSince'])) &&
    (series['quietMs'] === undefined || isDuration(series['quietMs'])) &&
    Array.isArray(series['witnesses']) &&
    series['witnesses'].every(isWitness)
  );
}

function isRejection(rejected: unknown): boolean {
  return (
    isObject(rejected) &&
    typeof rejected['message'] === 'string' &&
    isLevel(rejected['level']) &&
    (rejected['status'] === undefined || Number.isInteger(rejected['status'])) &&
    (rejected['host'] === undefined || typeof rejected['host'] === 'string') &&
    (rejected['hosts'] === undefined || isHosts(rejected['hosts'])) &&
    isTime(rejected['since']) &&
    isTime(rejected['at']) &&
    isCount(rejected['length'])
  );
}

function isHosts(hosts: unknown): boolean {
  return Array.isArray(hosts) && hosts.length <= MAX_WITNESSES && hosts.every((host) => typeof host === 'string');
}

function isWitness(witness: unknown): boolean {
  return (
    isObject(witness) &&
    typeof witness['pod'] === 'string' &&
    (witness['host'] === undefined || typeof witness['host'] === 'string') &&
    isTime(witness['at']) &&
    isCount(witness['position'])
  );
}

function isProbe(probe: unknown): boolean {
  return (
    isObject(probe) &&
    isTime(probe['at']) &&
    isTime(probe['answeredAt']) &&
    typeof probe['pod'] === 'string' &&
    typeof probe['source'] === 'string' &&
    typeof probe['reason'] === 'string' &&
    typeof probe['ok'] === 'boolean' &&
    isLevel(probe['level']) &&
    isDuration(probe['latencyMs']) &&
    (probe['failure'] === undefined || isFailure(probe['failure'])) &&
    [probe['inputTokens'], probe['outputTokens'], probe['costUsd']].every(
      (one) => one === undefined || isAmount(one),
    ) &&
    (probe['limits'] === undefined || isTexts(probe['limits'])) &&
    (probe['overBudget'] === undefined || isOverBudget(probe['overBudget'])) &&
    (probe['adapted'] === undefined || isAdaptation(probe['adapted']))
  );
}

function isAdaptation(adapted: unknown): boolean {
  return (
    isObject(adapted) &&
    isShortText(adapted['parameter'], LONGEST_PARAMETER) &&
    (adapted['renamedTo'] === undefined || isShortText(adapted['renamedTo'], LONGEST_PARAMETER)) &&
    isShortText(adapted['bodyHash'], LONGEST_BODY_HASH)
  );
}

function isShortText(text: unknown, longest: number): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= longest;
}

function isFailure(failure: unknown): boolean {
  return (
    isObject(failure) &&
    typeof failure['class'] === 'string' &&
    typeof failure['message'] === 'string' &&
    (failure['status'] === undefined || Number.isInteger(failure['status'])) &&
    isPhase(failure['phase']) &&
    (failure['retryAfterMs'] === undefined || isDuration(failure['retryAfterMs']))
  );
}

function isPhase(phase: unknown): boolean {
  return phase === undefined || phase === 'connect';
}

function isTexts(limits: unknown): boolean {
  return isObject(limits) && Object.values(limits).every((text) => typeof text === 'string');
}

function isLevel(level: unknown): boolean {
  return LEVELS.some((known) => known === level);
}

function isOverBudget(found: unknown): boolean {
  return isObject(found) && ['fleet', 'target'].includes(String(found['owner'])) && isTime(found['until']);
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A whole number no larger than {@link MAX_COUNT}, so that sums stay exact. */
function isCount(value: unknown): boolean {
  return isTime(value) && isAmount(value);
}

function isDuration(value: unknown): boolean {
  return isAmount(value) && Number(value) <= LONGEST_MS;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_COUNT;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
