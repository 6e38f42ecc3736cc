import { ENDED_KEPT_MS } from '../../../ports/index.ts';
import type { HoldAnswer, HoldInput, HoldKey, HoldSweepInput, KeyedHold, StoreAnswer } from '../../../ports/index.ts';
import { holdFrom, holdTail, wholeStamp } from '../../format/index.ts';
import { readFields } from './fields.ts';
import { rowsOf, unexpected } from './reply.ts';
import { writingArgs, type ScriptRunner } from './runner.ts';

export function hold(runner: ScriptRunner, input: HoldInput): Promise<StoreAnswer<readonly HoldAnswer[]>> {
  const rows = input.holds.flatMap((request) => {
    const { kind, until, json } = holdTail(request);
    const { key, version, after = 0 } = request;
    return [key, version === undefined ? `>${wholeStamp(after)}` : String(version), kind, until, json];
  });
  return runner.run('hold', [...writingArgs(runner, input), input.newEpoch, ...rows], (body, { now }) =>
    rowsOf(body, 2).map(([kind, text = '']) => {
      if (kind !== 'written' && kind !== 'known') throw unexpected();
      return { kind, stored: holdFrom(text, now) };
    }),
  );
}

export async function readHolds(
  runner: ScriptRunner,
  holdKeys: readonly HoldKey[],
): Promise<StoreAnswer<readonly KeyedHold[]>> {
  const answer = await readFields(runner, 'holds', holdKeys);
  if (answer.kind !== 'ok') return answer;
  const { now } = answer.meta;
  return { ...answer, value: answer.value.map(([key, text]) => ({ key, stored: holdFrom(text, now) })) };
}

export function sweepHolds(
  runner: ScriptRunner,
  { notAfter, holds }: HoldSweepInput,
): Promise<StoreAnswer<readonly HoldKey[]>> {
  const rows = holds.flatMap(({ key, version }) => [key, String(version)]);
  return runner.run('sweep-holds', [String(wholeStamp(notAfter)), String(ENDED_KEPT_MS), ...rows], (body) => body);
}
