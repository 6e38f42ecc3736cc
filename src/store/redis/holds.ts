import { ENDED_KEPT_MS } from '../../ports/index.ts';
import type { HoldAnswer, HoldInput, HoldPage, HoldPlace, HoldSweepInput, StoreAnswer } from '../../ports/index.ts';
import { holdFrom, holdTail, isPlace, wholeStamp } from '../format/index.ts';
import { fieldPages } from './field-pages.ts';
import { rowsOf, unexpected } from './reply.ts';
import { writingArgs, type Runner } from './runner.ts';

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

/** Reads pages of holds; one of it for each store, for it remembers what is still to be read. */
export function holdPages(): (runner: Runner, cursor: string) => Promise<StoreAnswer<HoldPage>> {
  const read = fieldPages('holds', isPlace);
  return async (runner, from) => {
    const answer = await read(runner, from);
    if (answer.kind !== 'ok') return answer;
    const { cursor, rows } = answer.value;
    const holds = rows.map(([place, text]) => ({ place, stored: holdFrom(text, answer.meta.now) }));
    return { ...answer, value: { cursor, holds } };
  };
}

export function sweepHolds(
  runner: Runner,
  { notAfter, holds }: HoldSweepInput,
): Promise<StoreAnswer<readonly HoldPlace[]>> {
  const rows = holds.flatMap(({ place, version }) => [place, String(version)]);
  return runner.run('sweep-holds', [String(wholeStamp(notAfter)), String(ENDED_KEPT_MS), ...rows], (body) => body);
}
