import type { Span } from '../../test/fleet/harness/index.ts';
import type { OutageKind, SeenOutage } from './outage.ts';
import { HIT } from './variants.ts';
import type { Variant } from './variants.ts';

/** What one outage looked like; durations in s, rates per minute unless the name says otherwise. */
export interface Figures {
  readonly variant: Variant;
  readonly kind: OutageKind;
  readonly lastsS: number;
  /** From its beginning to the last request of all pods before the first silence; null where they never stop. */
  readonly silentAfterS: Readonly<Record<Hit, number | null>>;
  /** Requests after that silence. */
  readonly laterRequests: Readonly<Record<Hit, number>>;
  readonly wastedPerMinute: Readonly<Record<Hit, number>>;
  /** Requests sent during the outage, and those without a 200, by `num_retries`. */
  readonly calls: { readonly plain: Calls; readonly retried: Calls };
  /** From the repair to the first request at each deployment; null where none came in time. */
  readonly recoveryS: Readonly<Record<Hit, number | null>>;
  /** With the bridge: from the outage to the verdict, from there to the last request, from the end of that verdict to the first one. */
  readonly verdictS: Readonly<Record<Hit, Verdict>> | null;
  readonly probesPerMinute: { readonly litellm: number; readonly allswell: number };
  readonly usdPerDay: number;
  /** Of the bridge during the outage: cooldown keys read and written. */
  readonly redisPerSecond: number;
}

type Hit = (typeof HIT)[number];

export interface Calls {
  readonly sent: number;
  readonly failed: number;
}

export interface Verdict {
  readonly downS: number | null;
  readonly avoidedS: number | null;
  readonly backS: number | null;
}

/** A probe of 12 tokens with an answer of 5, at 2.50 and 10 USD for a million. */
const PROBE_USD = (12 * 2.5 + 5 * 10) / 1_000_000;

/** Reads the figures from what was recorded. */
export function figuresOf(seen: SeenOutage): Figures {
  const { fleet, kind, span, recorded, commands } = seen;
  const lastsS = (span.to - span.from) / 1_000;
  const minutes = (recorded.to - recorded.from) / 60_000;
  const { requests } = fleet.stand;
  const perMinute = (by: 'litellm' | 'allswell'): number => requests.times(by, { span: recorded }).length / minutes;
  const probesPerMinute = { litellm: perMinute('litellm'), allswell: perMinute('allswell') };
  const commandCount = [...commands.reads, ...commands.writes].filter((at) => within(at, span)).length;
  return {
    variant: fleet.variant,
    kind,
    lastsS: rounded(lastsS),
    silentAfterS: each((model) => secondsFrom(span.from, lastBeforeSilence(wasted(seen, model), span))),
    laterRequests: each((model) => laterRequests(wasted(seen, model), span)),
    wastedPerMinute: each((model) => rounded((wasted(seen, model).length * 60) / lastsS)),
    calls: { plain: callsOf(seen, 0), retried: callsOf(seen, 2) },
    recoveryS: each((model) => secondsFrom(span.to, firstAt(seen, model, span.to))),
    verdictS: seen.verdicts === undefined ? null : each((model) => verdictOf(seen, model)),
    probesPerMinute: { litellm: rounded(probesPerMinute.litellm), allswell: rounded(probesPerMinute.allswell) },
    usdPerDay: Math.round((probesPerMinute.litellm + probesPerMinute.allswell) * 1_440 * PROBE_USD * 1_000) / 1_000,
    redisPerSecond: rounded(commandCount / lastsS),
  };
}

function verdictOf(seen: SeenOutage, model: Hit): Verdict {
  const { span, verdicts } = seen;
  const down = verdicts?.seen.find((one) => one.model === model && one.to === 'down' && within(one.at, span))?.at;
  // A first slow answer makes it degraded, which gets requests again just as well.
  const up = verdicts?.seen.find((one) => one.model === model && one.from === 'down' && one.at >= span.to)?.at;
  const last = down === undefined ? undefined : lastBeforeSilence(wasted(seen, model), { from: down, to: span.to });
  return {
    downS: secondsFrom(span.from, down),
    avoidedS: down === undefined ? null : secondsFrom(down, last),
    backS: up === undefined ? null : secondsFrom(up, firstAt(seen, model, up)),
  };
}

/** As much time without a request ends the requests of before: many come each second. */
export const SILENCE_MS = 2_000;

/**
 * The last of the times before the first silence of a span; its beginning where it begins with one, undefined where there is
 * none.
 */
export function lastBeforeSilence(times: readonly number[], { from, to }: Span): number | undefined {
  const sorted = [from, ...times.filter((at) => at >= from && at < to).toSorted((a, b) => a - b), to];
  return sorted.slice(0, -1).find((at, i) => (sorted[i + 1] ?? to) - at >= SILENCE_MS);
}

function laterRequests(times: readonly number[], span: Span): number {
  const last = lastBeforeSilence(times, span);
  return last === undefined ? 0 : times.filter((at) => at > last).length;
}

/** When requests came to a failing deployment. Where it refuses connections, LiteLLM's log is the only witness. */
function wasted({ fleet: { stand }, kind, span }: SeenOutage, model: Hit): readonly number[] {
  if (kind !== 'refused') return stand.requests.times('user', { model, span });
  return stand.litellm.flatMap((pod) => pod.failures(model).filter((at) => within(at, span)));
}

function firstAt({ fleet }: SeenOutage, model: Hit, since: number): number | undefined {
  return fleet.stand.requests.times('user', { model, span: { from: since, to: Infinity } })[0];
}

function callsOf({ traffic, span }: SeenOutage, retries: number): Calls {
  const calls = traffic.calls(span).filter((one) => one.retries === retries);
  return { sent: calls.length, failed: calls.filter(({ status }) => status !== 200).length };
}

function each<T>(of: (model: Hit) => T): Readonly<Record<Hit, T>> {
  const [dead, lone] = HIT;
  return { dead: of(dead), lone: of(lone) };
}

function within(at: number, { from, to }: Span): boolean {
  return at >= from && at < to;
}

function secondsFrom(from: number, to: number): number;
function secondsFrom(from: number, to: number | undefined): number | null;
function secondsFrom(from: number, to: number | undefined): number | null {
  return to === undefined ? null : rounded((to - from) / 1_000);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
