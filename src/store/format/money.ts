import type { Grant, StoreTime, TargetId } from '../../health/index.ts';
import { DAY_US, FLEET_DAYS, HOUR_US, TARGET_DAYS } from '../../ports/index.ts';
import type { BudgetUse, DayTotals, FleetMoney, KnownUse, NanoUsd, ProbeTotals } from '../../ports/index.ts';
import { LATEST_STAMP, stampFrom } from './stamps.ts';

/** Field of the fleet's budget. */
export const FLEET_USE = '!fleet';

/** Amount reserved for a running probe, under `<target>:held`. */
export interface Reserved {
  readonly grant: Grant;
  readonly hour: number;
  readonly day: number;
  readonly nanoUsd: NanoUsd;
}

export function hourOf(now: StoreTime): number {
  return Math.floor(now / HOUR_US);
}

export function dayOf(now: StoreTime): number {
  return Math.floor(now / DAY_US);
}

/** An amount or count as written: whole, not negative, and small enough to stay exact in a double. */
export function wholeCount(count: number): number {
  return Math.min(Math.max(0, Math.round(count)), LATEST_STAMP);
}

/** Text `<hour> <probes> <day> <nano dollars>`. */
export function useText({ hour, probes, day, nanoUsd }: BudgetUse): string {
  return [hour, wholeCount(probes), day, wholeCount(nanoUsd)].join(' ');
}

/** Text `<epoch> <use>`; `!` for a null epoch, because no epoch begins with an exclamation mark. */
export function knownText({ epoch, ...use }: KnownUse): string {
  return `${epoch ?? '!'} ${useText(use)}`;
}

/** Future hours and days that still count. */
const HOURS_AHEAD = 24;
const DAYS_AHEAD = 1;

/**
 * Use that counts now. Use of a future hour or day, within a day, was counted before the clock was set back and still counts.
 * A text that does not parse, or is of a later time, counts as no use: it would never expire.
 */
export function useFrom(text: string | undefined, now: StoreTime): BudgetUse {
  const [hour, day] = [hourOf(now), dayOf(now)];
  const found = numbersFrom(text, 4);
  if (found === undefined) return { hour, probes: 0, day, nanoUsd: 0 };
  const [atHour = 0, probes = 0, atDay = 0, nanoUsd = 0] = found;
  return {
    hour,
    probes: atHour >= hour && atHour <= hour + HOURS_AHEAD ? probes : 0,
    day,
    nanoUsd: atDay >= day && atDay <= day + DAYS_AHEAD ? nanoUsd : 0,
  };
}

/** Text `<grant> <hour> <day> <nano dollars>`. */
export function reservedText({ grant, hour, day, nanoUsd }: Reserved): string {
  return [grant, hour, day, nanoUsd].join(' ');
}

export function reservedFrom(text: string | undefined): Reserved | undefined {
  const [grant, hour, day, nanoUsd] = numbersFrom(text, 4) ?? [];
  if (grant === undefined || hour === undefined || day === undefined || nanoUsd === undefined) return undefined;
  return { grant, hour, day, nanoUsd };
}

const TOTAL_NAMES: readonly (keyof ProbeTotals)[] = [
  'probes',
  'unpriced',
  'spent',
  'savedBySharing',
  'savedByAlias',
  'savedByCache',
];

/** Numbers of the totals, in the order of the text. */
export function totalsNumbers(totals: ProbeTotals): number[] {
  return TOTAL_NAMES.map((name) => wholeCount(totals[name]));
}

/** Text `<day> <number> …`. */
export function dayText({ day, ...totals }: DayTotals): string {
  return [day, ...totalsNumbers(totals)].join(' ');
}

export function dayFrom(text: string | undefined): DayTotals | undefined {
  const found = numbersFrom(text, TOTAL_NAMES.length + 1);
  if (found === undefined) return undefined;
  const [day = 0, probes = 0, unpriced = 0, spent = 0, savedBySharing = 0, savedByAlias = 0, savedByCache = 0] = found;
  return { day, probes, unpriced, spent, savedBySharing, savedByAlias, savedByCache };
}

/** Field of a day's totals. It replaces the day that is `kept` days older, so the number of fields is bounded. */
export function dayField(owner: string, day: number, kept: number): string {
  return `${owner}:${day % kept}`;
}

/** Totals of the days that are kept, newest first. */
export function daysFrom(texts: readonly (string | undefined)[], kept: number, now: StoreTime): readonly DayTotals[] {
  const today = dayOf(now);
  const found = texts.flatMap((text) => dayFrom(text) ?? []);
  return found.filter(({ day }) => day <= today && day > today - kept).toSorted((a, b) => b.day - a.day);
}

/** Parses the texts of the fleet and of targets: for each its use, then its days, in the order of their fields. */
export function moneyFrom(
  texts: readonly (string | undefined)[],
  targets: readonly TargetId[],
  now: StoreTime,
): FleetMoney {
  const account = (from: number, kept: number): Omit<FleetMoney, 'targets'> => ({
    use: useFrom(texts[from], now),
    days: daysFrom(texts.slice(from + 1, from + 1 + kept), kept, now),
  });
  const width = 1 + TARGET_DAYS;
  return {
    ...account(0, FLEET_DAYS),
    targets: targets.map((target, i) => ({ target, ...account(1 + FLEET_DAYS + i * width, TARGET_DAYS) })),
  };
}

/** Fields of one owner: use, then days. */
export function accountFields(owner: string, kept: number): readonly string[] {
  return [owner, ...Array.from({ length: kept }, (_, place) => `${owner}:${place}`)];
}

function numbersFrom(text: string | undefined, count: number): readonly number[] | undefined {
  const numbers = (text ?? '').split(' ').flatMap((part) => stampFrom(part) ?? []);
  return numbers.length === count && text?.split(' ').length === count ? numbers : undefined;
}
