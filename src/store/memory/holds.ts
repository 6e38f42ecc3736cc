import type { StoreTime } from '../../health/index.ts';
import { MAX_AHEAD_US, ENDED_KEPT_MS } from '../../ports/index.ts';
import type { HoldAnswer, HoldInput, HoldKey, HoldRequest, HoldSweepInput, KeyedHold } from '../../ports/index.ts';
import { holdFrom, holdHeaderOf, holdTail, wholeStamp, type HoldHeader } from '../format/index.ts';
import { holdTextOf, nextEvent, type FleetState } from './state.ts';

/** The rules of `HoldInput`; equal to `lua/hold-2.lua`. */
export function hold(state: FleetState, now: StoreTime, input: HoldInput): readonly HoldAnswer[] {
  const written = new Set<HoldKey>();
  const answers = input.holds.map((request): HoldAnswer => {
    const text = holdTextOf(state, request.key);
    const header = holdHeaderOf(text, now);
    // A version ahead of the clock was forged, and would override all decisions until then.
    const future = (request.version ?? 0) > now + MAX_AHEAD_US;
    if (future || (header !== undefined && isKnown(text, header, request))) {
      return { kind: 'known', stored: holdFrom(text, now) };
    }
    const after = wholeStamp(request.after ?? 0);
    const version =
      request.version ?? Math.max((header?.version ?? 0) + 1, after > now + MAX_AHEAD_US ? 1 : after + 1, now);
    const next = `${version} ${tailOf(request)}`;
    state.holds.set(request.key, next);
    written.add(request.key);
    return { kind: 'written', stored: holdFrom(next, now) };
  });
  if (written.size > 0) {
    const { epoch, seq } = nextEvent(state, input.newEpoch);
    const holds = [...written].map((key): KeyedHold => {
      return { key, stored: holdFrom(state.holds.get(key) ?? '', now) };
    });
    state.publish({ kind: 'hold', epoch, seq, at: now, pod: input.pod, holds });
  }
  return answers;
}

export function readHolds(state: FleetState, now: StoreTime, holdKeys: readonly HoldKey[]): readonly KeyedHold[] {
  return holdKeys.flatMap((key) => {
    return state.holds.has(key) ? [{ key, stored: holdFrom(holdTextOf(state, key), now) }] : [];
  });
}

export function sweepHolds(state: FleetState, now: StoreTime, { holds }: HoldSweepInput): readonly HoldKey[] {
  const gone = holds.filter(({ key, version }) => {
    const header = holdHeaderOf(holdTextOf(state, key), now);
    if (header === undefined || header.version !== version || !isLongOver(header, now)) return false;
    return state.holds.delete(key);
  });
  return gone.map(({ key }) => key);
}

function isKnown(text: string, header: HoldHeader, request: HoldRequest): boolean {
  if (request.version !== undefined) return header.version >= request.version;
  return header.version >= (request.after ?? 0) && text.slice(text.indexOf(' ') + 1) === tailOf(request);
}

function tailOf(request: HoldRequest): string {
  const { kind, until, json } = holdTail(request);
  return `${kind} ${until} ${json}`;
}

function isLongOver({ kind, version, until }: HoldHeader, now: StoreTime): boolean {
  const ended = kind === 'none' || until > 0;
  return ended && Math.max(version, kind === 'none' ? 0 : until) < now - ENDED_KEPT_MS * 1000;
}
