import type { Look, Paint } from '../../../terminal/index.ts';
import { printable } from '../../show/table.ts';
import type { Check } from './check.ts';

/** The checks of one pod, or of allswell's own side. */
export interface Verified {
  /** URL of the pod, or `allswell`. */
  readonly about: string;
  readonly checks: readonly Check[];
}

/** One line per check under the name of what was asked, and what to do under each that failed. */
export function verifyLines(verified: readonly Verified[], paint: Paint): readonly string[] {
  return [
    ...verified.flatMap(({ about, checks }) => [
      paint('strong', about),
      ...checks.flatMap((one) => checkLines(one, paint)),
    ]),
    summary(verified),
  ];
}

function checkLines({ check, result, says, todo }: Check, paint: Paint): readonly string[] {
  const line = `  ${paint(looks[result], result.padEnd(7))}  ${check}: ${printable(says)}`;
  return todo === undefined ? [line] : [line, `           To fix: ${printable(todo)}`];
}

const looks: Readonly<Record<Check['result'], Look>> = { passed: 'good', failed: 'bad', skipped: 'wary' };

function summary(verified: readonly Verified[]): string {
  const all = verified.flatMap(({ checks }) => checks);
  const count = (wanted: Check['result']): number => all.filter(({ result }) => result === wanted).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

/** The same as one JSON document. */
export function verifyJson(verified: readonly Verified[]): string {
  const all = verified.flatMap(({ about, checks }) =>
    checks.map(({ check, result, says, todo }) => ({ about, check, result, says, to_fix: todo ?? null })),
  );
  return JSON.stringify({ ok: all.every(({ result }) => result !== 'failed'), checks: all });
}
