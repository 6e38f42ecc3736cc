import { isDeepStrictEqual } from 'node:util';
import { parseRecord, transition } from '../../../src/health/index.ts';
import type { TargetId, TargetRecord } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** After a loss pods bring back what they still know, as it was: that is no step from what the store holds. */
const RESTORE_MS = 60_000;

/** Invariant 2: what the store held, write by write. Nothing in a header goes back, and no write is lost. */
export interface RecordHistory {
  /** Texts of records that a command may have written. */
  written(records: Iterable<readonly [TargetId, string]>): void;
  last(target: TargetId): TargetRecord | undefined;
  /** Whether evidence under this grant is, or was, in the store. */
  wasCommitted(target: TargetId, grant: number): boolean;
  /** The store lost or changed data by itself: what was known of its history no longer binds. */
  reset(): void;
  /** How long ago that was, ms. */
  resetAgoMs(): number;
}

export function recordHistory(nowMs: () => number, checked: Checked): RecordHistory {
  const known = new Map<TargetId, { text: string; record: TargetRecord }>();
  const committed = new Set<string>();
  let resetAtMs = Number.NEGATIVE_INFINITY;
  return {
    written(records) {
      for (const [target, text] of records) {
        const before = known.get(target);
        if (before?.text === text) continue;
        const parsed = parseRecord(text);
        if (parsed.kind !== 'record') throw new Violation(`invariant 2: garbage was written for ${target}: ${text}`);
        known.set(target, { text, record: parsed.record });
        committed.add(`${target} ${parsed.record.grant}`);
        if (before === undefined) continue;
        checkHeader(target, before.record, parsed.record);
        if (nowMs() - resetAtMs >= RESTORE_MS) {
          checkEvidence(target, before.record, parsed.record);
          checkStep(target, before.record, parsed.record);
        }
        checked('2: a record follows from the one before');
      }
    },
    last: (target) => known.get(target)?.record,
    wasCommitted: (target, grant) => committed.has(`${target} ${grant}`),
    reset() {
      known.clear();
      resetAtMs = nowMs();
    },
    resetAgoMs: () => nowMs() - resetAtMs,
  };
}

function checkHeader(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  if (after.version <= before.version) {
    throw new Violation(`invariant 2: ${target} went from version ${before.version} to ${after.version}`);
  }
  if (after.grant < before.grant) {
    throw new Violation(`invariant 2: ${target} went from grant ${before.grant} to ${after.grant}`);
  }
}

/** Evidence that was dated ahead of the newest answer is from before the store's clock was set back: it is dated anew. */
function checkEvidence(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  if (before.evidenceAt > after.facts.last.answeredAt) return;
  if (after.evidenceAt < before.evidenceAt) throw new Violation(`invariant 2: the evidence of ${target} went back`);
}

/** Every record follows from the one before by its newest probe. */
function checkStep(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  const expected = JSON.stringify(transition(before.facts, after.facts.last));
  const found = JSON.stringify(after.facts);
  if (expected === found || isDeepStrictEqual(JSON.parse(expected), after.facts)) return;
  throw new Violation(`invariant 2: a write of ${target} was lost: ${expected} was to become ${found}`);
}
