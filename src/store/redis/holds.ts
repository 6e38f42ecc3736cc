import { ENDED_KEPT_MS } from '../../ports/index.ts';
import type { HoldAnswer, HoldInput, HoldPage, HoldPlace, HoldSweepInput, StoreAnswer } from '../../ports/index.ts';
import { holdFrom, holdTail, isPlace, wholeStamp } from '../format/index.ts';
import { rowsOf, unexpected } from './reply.ts';
import { writingArgs, type Runner } from './runner.ts';

/** Holds in one page, about. */
const PAGE = 200;

export function hold(runner: Runner, input: HoldInput): Promise<StoreAnswer<readonly HoldAnswer[]>> {
  const rows = input.holds.flatMap((request) => {
    const { kind, until, json } = holdTail(request);
    const { place, version, after = 0 } = request;
    return [place, version === undefined ? `>${wholeStamp(after)}` : String(version), kind, until, json];
  });
  return runner.run('hold', [...writingArgs(runner, input), input.newEpoch, ...rows], (body, { now }) =>
    rowsOf(body, 2).map(([kind, text = '']) => {
      if (kind !== 'written' && kind !== 'known') throw unexpected();
      return { kind, stored: holdFrom(text, now) };
    }),
  );
}

export function readHolds(runner: Runner, cursor: string): Promise<StoreAnswer<HoldPage>> {
  return runner.run('read-holds', [cursor, String(PAGE)], ([next = '0', ...fields], { now }) => ({
    cursor: next,
    holds: rowsOf(fields, 2).flatMap(([place = '', text = '']) =>
      isPlace(place) ? [{ place, stored: holdFrom(text, now) }] : [],
    ),
  }));
}

export function sweepHolds(
  runner: Runner,
  { notAfter, holds }: HoldSweepInput,
): Promise<StoreAnswer<readonly HoldPlace[]>> {
  const rows = holds.flatMap(({ place, version }) => [place, String(version)]);
  return runner.run('sweep-holds', [String(wholeStamp(notAfter)), String(ENDED_KEPT_MS), ...rows], (body) => body);
}
