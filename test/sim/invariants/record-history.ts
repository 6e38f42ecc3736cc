import { isDeepStrictEqual } from 'node:util';
import { parseRecord, transition } from '../../../src/health/index.ts';
import type { TargetId, TargetRecord } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** After a loss pods restore their copies of records, which need not follow from the stored ones. */
const RESTORE_MS = 60_000;

/** Invariant 2: each write to the store. No number in a header decreases, and no write is lost. */
export interface RecordHistory {
  /** Texts of records that a command may have written. */
  written(records: Iterable<readonly [TargetId, string]>): void;
  last(target: TargetId): TargetRecord | undefined;
  /** Evidence under this grant is, or was, in the store. */
  wasCommitted(target: TargetId, grant: number): boolean;
  /** The store lost or changed data without a command: its earlier history no longer applies. */
  reset(): void;
  /** Time since the last reset, ms. */
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

/** Evidence dated ahead of the newest answer is from before a step back of the clock, and gets a new date. */
function checkEvidence(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  if (before.evidenceAt > after.facts.last.answeredAt) return;
  if (after.evidenceAt < before.evidenceAt) throw new Violation(`invariant 2: the evidence of ${target} went back`);
}

/** Every record follows from the previous one by its newest probe. */
function checkStep(target: TargetId, before: TargetRecord, after: TargetRecord): void {
  const expected = JSON.stringify(transition(before.facts, after.facts.last));
  const found = JSON.stringify(after.facts);
  if (expected === found || isDeepStrictEqual(JSON.parse(expected), after.facts)) return;
  throw new Violation(`invariant 2: a write of ${target} was lost: ${expected} was to become ${found}`);
}
