import { HISTORY_LIMITS } from '../../../ports/index.ts';
import type { CommitAnswer, CommitInput, CommitRequest, HistoryLimits, StoreAnswer } from '../../../ports/index.ts';
import { stampsText } from '../../../health/index.ts';
import type { StoreTime } from '../../../health/index.ts';
import {
  factsText,
  pointText,
  totalsNumbers,
  wholeCount,
  wholeMs,
  wholeStamp,
  wholeStamps,
} from '../../format/index.ts';
import { garbageVersion, repeatOverGarbage, shownFrom, type FoundGarbage } from './garbage.ts';
import { rowsOf, stampOf, unexpected } from './reply.ts';
import { writingArgs, type ScriptRunner } from './runner.ts';

/** Writes records; see `lua/commit-records-4.lua`. */
export function commitRecords(runner: ScriptRunner, input: CommitInput): Promise<StoreAnswer<readonly CommitAnswer[]>> {
  return repeatOverGarbage(input.commits, async (commits, garbage) => {
    const args = [
      ...writingArgs(runner, input),
      input.newEpoch,
      ...historyArgs(input.history),
      ...commits.flatMap((commit, index) => [
        ...commitArgs(commit),
        garbage[index] ?? '0',
        ...billArgs(commit),
        commit.point === undefined ? '' : pointText(commit.point),
      ]),
    ];
    return runner.run('commit-records', args, (body, { now }) => rowsOf(body, 3).map((row) => commitAnswer(row, now)));
  });
}

function historyArgs({ points, fleetPoints, keptMs }: HistoryLimits = HISTORY_LIMITS): string[] {
  return [wholeCount(points), wholeCount(fleetPoints), wholeMs(keptMs)].map(String);
}

function commitArgs(commit: CommitRequest): string[] {
  const { target, grant, expectedVersion, nextDueAt, facts } = commit;
  const times = [stampsText(wholeStamps(commit)), String(wholeStamp(nextDueAt))];
  return [target, grant === undefined ? '-' : String(grant), String(expectedVersion), ...times, factsText(facts)];
}

function billArgs({ cost }: CommitRequest): string[] {
  if (cost === undefined) return ['-', ''];
  return [String(wholeCount(cost.nanoUsd)), totalsNumbers(cost.totals).join(' ')];
}

function commitAnswer([kind, version, text = '']: readonly string[], now: StoreTime): FoundGarbage<CommitAnswer> {
  const garbage = garbageVersion(text, now);
  switch (kind) {
    case 'ok':
      return { answer: { kind, version: stampOf(version) }, garbage };
    case 'stale':
      return { answer: { kind }, garbage };
    case 'conflict':
      return { answer: { kind, record: shownFrom(text, now) }, garbage };
    default:
      throw unexpected();
  }
}
