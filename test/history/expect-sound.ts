import { expect } from 'vitest';
import { CHECKS } from './checks/index.ts';
import { permittedCalls } from './checks/permits.ts';
import { entriesOf } from './entry.ts';
import type { History } from './entry.ts';
import { openRecorder } from './record/recorder.ts';
import { recordHistory } from './record-history.ts';
import type { HistoryInput } from './record-history.ts';

const SHOWN = 20;
/** A history lasts about a minute and a half. */
export const HISTORY_LIMIT_MS = 240_000;

/** Seeds of this run: one, or as many as `ALLSWELL_HISTORY_ROUNDS` says, from `ALLSWELL_HISTORY_SEED` on. */
export function seeds(): number[] {
  const rounds = Number(process.env['ALLSWELL_HISTORY_ROUNDS'] ?? 1);
  const first = Number(process.env['ALLSWELL_HISTORY_SEED'] ?? 1);
  return Array.from({ length: rounds }, (_, i) => first + i);
}

/** Records one history and runs every check on it. If one fails, the files are kept and the message names them. */
export async function expectSound(input: HistoryInput): Promise<void> {
  const recorder = openRecorder();
  const { history, file } = recorder;
  await recordHistory(recorder, input).catch((error: unknown) => {
    recorder.close('keep');
    throw new Error(`the recording in ${file} broke off: ${String(error)}`, { cause: error });
  });
  console.log(`${input.topology}, seed ${input.seed}: ${summaryOf(history)}`);
  const violations = Object.entries(CHECKS).flatMap(([promise, check]) =>
    check(history).map(({ at, what }) => `${new Date(at).toISOString()} ${promise}: ${what}`),
  );
  recorder.close(violations.length === 0 ? 'remove' : 'keep');
  const shown = violations.toSorted().slice(0, SHOWN).join('\n');
  expect(violations.length, `${violations.length} violations in ${file}:\n${shown}`).toBe(0);
}

/** Counts of the recorded entries, and of probes per permit. */
function summaryOf(history: History): string {
  const count = (kind: Parameters<typeof entriesOf>[1]): string => `${entriesOf(history, kind).length} ${kind}s`;
  const faults = entriesOf(history, 'fault').filter(({ edge }) => edge === 'begin');
  const kinds = permittedCalls(history).map(({ permit }) => permit.kind);
  const calls = [...new Set(kinds)]
    .map((kind) => `${kinds.filter((one) => one === kind).length} by ${kind}`)
    .join(', ');
  return `${[count('lease'), count('commit'), count('view')].join(', ')}, ${faults.length} faults; probes: ${calls}`;
}
