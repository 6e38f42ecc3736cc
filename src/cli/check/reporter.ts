import { paintFor } from '../../terminal/index.ts';
import type { Look } from '../../terminal/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { holdText } from '../show/hold-text.ts';
import { printable } from '../show/table.ts';
import { targetName } from '../show/target-name.ts';
import { isWell } from './check-row.ts';
import type { CheckRow, CheckOutcome } from './check-row.ts';

/** Tells what a check finds, while it finds it. */
export interface Reporter {
  checked(row: CheckRow, of: number): void;
  done(rows: readonly CheckRow[]): void;
}

/** Lines as the answers come, with a counter below them on a terminal; or one JSON document at the end. */
export function createReporter(output: 'lines' | 'json', { stdout, stderr }: CliProcess): Reporter {
  const paint = paintFor(stdout);
  let done = 0;
  // The counter is for eyes: where a log is written it would be noise.
  const clear = stderr.isTTY ? '\r\u001B[K' : '';
  const counter = (of: number): void => void (stderr.isTTY && stderr.write(`${clear}${done} of ${of} checked`));
  const told = new Set<CheckRow>();
  const tell = (row: CheckRow): void => {
    told.add(row);
    const [look, word] =
      row.warning === null ? [looks[row.outcome], words[row.outcome]] : (['wary', 'WARNING'] as const);
    stdout.write(`${paint(look, word)} ${textOf(row)}\n`);
  };
  return {
    checked: (row, of) => {
      done += 1;
      if (clear !== '') stderr.write(clear);
      if (output === 'lines') tell(row);
      counter(of);
    },
    done: (rows) => {
      if (clear !== '') stderr.write(clear);
      const { healthy, unhealthy, notJudged, drained } = countsOf(rows);
      const warnings = rows.filter(({ warning }) => warning !== null).length;
      if (output === 'json') {
        const counts = { checked: rows.length, healthy, unhealthy, not_judged: notJudged, drained, warnings };
        stdout.write(`${JSON.stringify({ ok: isWell(rows), ...counts, targets: rows })}\n`);
        return;
      }
      for (const row of rows.filter((one) => !told.has(one))) tell(row);
      const rest = { unhealthy, 'not judged': notJudged, drained, 'with a warning': warnings };
      const parts = Object.entries(rest).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []));
      const text = [`${healthy} of ${rows.length} healthy`, ...parts].join(', ');
      stdout.write(`${paint(isWell(rows) ? 'good' : 'bad', text)}\n`);
    },
  };
}

const words: Readonly<Record<CheckOutcome, string>> = {
  healthy: 'ok     ',
  unhealthy: 'FAILED ',
  'not-judged': 'UNKNOWN',
  drained: 'DRAINED',
};
const looks: Readonly<Record<CheckOutcome, Look>> = {
  healthy: 'good',
  unhealthy: 'bad',
  'not-judged': 'wary',
  drained: 'wary',
};

function textOf(row: CheckRow): string {
  const { model, groups, outcome, state, why, hold, flags, latency_ms: latency, reused, warning } = row;
  const name = targetName(model, groups);
  if (hold !== null) return `${name}: ${holdText(hold)}; probes: ${state}, ${printable(why)}`;
  if (outcome === 'healthy') {
    const shown = [...new Set([state, ...flags, ...(warning === null ? [] : [warning])])].map(printable).join(', ');
    const earlier = reused === null ? '' : ` ${reused.seconds_ago} s ago, to ${printable(reused.pod)}`;
    return `${name}: ${shown}, answered in ${Math.round(latency ?? 0)} ms${earlier}`;
  }
  return `${name}: ${outcome === 'unhealthy' ? `${state}, ` : ''}${printable(why)}`;
}

function countsOf(
  rows: readonly CheckRow[],
): Readonly<Record<'healthy' | 'unhealthy' | 'notJudged' | 'drained', number>> {
  const count = (outcome: CheckOutcome): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    healthy: count('healthy'),
    unhealthy: count('unhealthy'),
    notJudged: count('not-judged'),
    drained: count('drained'),
  };
}
