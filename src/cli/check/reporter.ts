import { paintFor } from '../../terminal/index.ts';
import type { Look } from '../../terminal/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { printable } from '../show/table.ts';
import type { CheckRow, Outcome } from './check-row.ts';

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
    stdout.write(`${paint(looks[row.outcome], words[row.outcome])} ${textOf(row)}\n`);
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
      const { healthy, unhealthy, notJudged } = countsOf(rows);
      if (output === 'json') {
        const ok = healthy === rows.length;
        const counts = { checked: rows.length, healthy, unhealthy, not_judged: notJudged };
        stdout.write(`${JSON.stringify({ ok, ...counts, targets: rows })}\n`);
        return;
      }
      for (const row of rows.filter((one) => !told.has(one))) tell(row);
      const rest = [unhealthy > 0 && `${unhealthy} unhealthy`, notJudged > 0 && `${notJudged} not judged`];
      const text = [`${healthy} of ${rows.length} healthy`, ...rest.filter((part) => part !== false)].join(', ');
      stdout.write(`${paint(healthy === rows.length ? 'good' : 'bad', text)}\n`);
    },
  };
}

const words: Readonly<Record<Outcome, string>> = { healthy: 'ok     ', unhealthy: 'FAILED ', 'not-judged': 'UNKNOWN' };
const looks: Readonly<Record<Outcome, Look>> = { healthy: 'good', unhealthy: 'bad', 'not-judged': 'wary' };

function textOf({ model, groups, outcome, state, why, latency_ms: latency }: CheckRow): string {
  const name = groups.length === 0 ? model : `${groups.join(', ')} (${model})`;
  if (outcome === 'healthy') return `${name}: ${state}, answered in ${Math.round(latency ?? 0)} ms`;
  return `${name}: ${outcome === 'unhealthy' ? `${state}, ` : ''}${printable(why)}`;
}

function countsOf(rows: readonly CheckRow[]): { healthy: number; unhealthy: number; notJudged: number } {
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  return { healthy: count('healthy'), unhealthy: count('unhealthy'), notJudged: count('not-judged') };
}
