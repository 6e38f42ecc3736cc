import { excerpt } from '../../../health/index.ts';
import type { StoreTime } from '../../../health/index.ts';
import {
  FORCED_REUSE_MS,
  guardOf,
  type BudgetUses,
  type ClaimAnswer,
  type ClaimInput,
  type ClaimRequest,
  type Hold,
  type StoreAnswer,
} from '../../../ports/index.ts';
import { holdFrom, useFrom, wholeCount, wholeMs } from '../../format/index.ts';
import { garbageVersion, repeatOverGarbage, shownFrom, type FoundGarbage } from './garbage.ts';
import { budgetArgs, knownArg } from './money.ts';
import { rowsOf, stampOf, unexpected } from './reply.ts';
import { writingArgs, type ScriptRunner } from './runner.ts';

/** Claims leases; see `lua/claim-leases-4.lua`. */
export function claimLeases(runner: ScriptRunner, input: ClaimInput): Promise<StoreAnswer<readonly ClaimAnswer[]>> {
  return repeatOverGarbage(input.requests, async (requests, garbage) => {
    const args = [
      ...writingArgs(runner, input),
      String(wholeMs(input.ttlMs)),
      String(FORCED_REUSE_MS),
      ...budgetArgs(input.budget),
      ...requests.flatMap((request, index) => [...requestArgs(request), garbage[index] ?? '0', ...restArgs(request)]),
    ];
    return runner.run('claim-leases', args, (body, { now }) => rowsOf(body, 7).map((row) => claimAnswer(row, now)));
  });
}

function requestArgs({ target, reason, intervalMs, everyMs, version }: ClaimRequest): string[] {
  return [target, reason, String(wholeMs(intervalMs)), String(wholeMs(everyMs)), String(version)];
}

function restArgs(request: ClaimRequest): string[] {
  const { level, paid, despite } = request;
  return [
    level ?? 'inference',
    String(guardOf(request)),
    despite ?? '-',
    paid === undefined ? '-' : String(wholeCount(paid.worstNanoUsd)),
    ...budgetArgs(paid?.budget),
    knownArg(paid?.known?.fleet),
    knownArg(paid?.known?.target),
  ];
}

function claimAnswer(row: readonly string[], now: StoreTime): FoundGarbage<ClaimAnswer> {
  const [kind, first, second, text = '', fleet = '', target = '', found = ''] = row;
  const uses: BudgetUses = { fleet: useFrom(fleet, now), target: useFrom(target, now) };
  switch (kind) {
    case 'granted': {
      const record = shownFrom(text, now);
      const counted = fleet === '' ? {} : { uses };
      const replaced = found === '' ? {} : { replaced: excerpt(found) };
      const answer = { kind, grant: stampOf(first), until: stampOf(second), record, ...counted, ...replaced } as const;
      return { answer, garbage: undefined };
    }
    case 'over-budget': {
      const owner = second === 'target' ? 'target' : 'fleet';
      return { answer: { kind, until: stampOf(first), owner, uses }, garbage: undefined };
    }
    case 'held':
      return { answer: { kind, by: first ?? '', until: stampOf(second) }, garbage: undefined };
    case 'paused':
      return { answer: { kind, hold: holdIn(text, now) }, garbage: undefined };
    case 'not-due': {
      const record = shownFrom(text, now);
      const answer: ClaimAnswer = { kind, dueAt: stampOf(first), version: stampOf(second), record };
      return { answer, garbage: garbageVersion(text, now) };
    }
    default:
      throw unexpected();
  }
}

function holdIn(text: string, now: StoreTime): Hold {
  const stored = holdFrom(text, now);
  // The script read the same header and applied the hold, even if its JSON does not parse.
  if (stored.kind !== 'hold') throw unexpected();
  return stored.hold;
}
