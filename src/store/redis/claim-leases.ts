import {
  FORCED_REUSE_MS,
  GUARD_PER_INTERVAL,
  type ClaimAnswer,
  type ClaimInput,
  type ClaimRequest,
  type StoreAnswer,
} from '../../ports/index.ts';
import { wholeMs } from '../format/index.ts';
import { garbageVersion, repeatOverGarbage, shownFrom, type Found } from './garbage.ts';
import { rowsOf, stampOf, unexpected } from './reply.ts';
import { writingArgs, type Runner } from './runner.ts';

/** Asks for leases; see `lua/claim-leases-2.lua`. */
export function claimLeases(runner: Runner, input: ClaimInput): Promise<StoreAnswer<readonly ClaimAnswer[]>> {
  return repeatOverGarbage(input.requests, async (requests, garbage) => {
    const args = [
      ...writingArgs(runner, input),
      String(wholeMs(input.ttlMs)),
      String(FORCED_REUSE_MS),
      String(GUARD_PER_INTERVAL),
      ...requests.flatMap((request, index) => [...requestArgs(request), garbage[index] ?? '0']),
    ];
    return runner.run('claim-leases', args, (body) => rowsOf(body, 4).map(claimAnswer));
  });
}

function requestArgs({ target, reason, intervalMs, everyMs, version }: ClaimRequest): string[] {
  return [target, reason, String(wholeMs(intervalMs)), String(wholeMs(everyMs)), String(version)];
}

function claimAnswer([kind, first, second, text = '']: readonly string[]): Found<ClaimAnswer> {
  switch (kind) {
    case 'granted': {
      const record = shownFrom(text);
      return { answer: { kind, grant: stampOf(first), until: stampOf(second), record }, garbage: undefined };
    }
    case 'held':
      return { answer: { kind, by: first ?? '', until: stampOf(second) }, garbage: undefined };
    case 'not-due': {
      const record = shownFrom(text);
      const answer: ClaimAnswer = { kind, dueAt: stampOf(first), version: stampOf(second), record };
      return { answer, garbage: garbageVersion(text) };
    }
    default:
      throw unexpected();
  }
}
