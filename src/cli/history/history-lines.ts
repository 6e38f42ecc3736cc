import { csvOf } from '../../api/index.ts';
import { counted } from '../../health/index.ts';
import type { Paint } from '../../terminal/index.ts';
import type { NamePods } from '../show/pod-names.ts';
import { printable, tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { agoInWords } from '../show/times.ts';
import type { PastResult, ShownHistory } from './read-histories.ts';

interface HistoryLook {
  /** Time of the pod. */
  readonly now: string;
  readonly namePod: NamePods;
  readonly paint: Paint;
}

/** One line per result under a line about the target. */
export function historyLines(
  { name, history: { results } }: ShownHistory,
  { now, namePod, paint }: HistoryLook,
): readonly string[] {
  const failed = results.filter(({ ok }) => !ok).length;
  const head = paint('strong', `${printable(name)}: ${counted(results.length, 'result')}, ${failed} failed`);
  if (results.length === 0) return [`${head} (the history has none)`];
  const rows = results.map((one): Cell[] => [
    `  ${one.at}`,
    agoInWords(one.at, now),
    { text: wordOf(one), look: one.ok ? (one.error === null ? 'good' : 'wary') : 'bad' },
    `${Math.round(one.latency_ms)} ms`,
    ...originOf(one),
    namePod(one.pod),
    one.error ?? '',
  ]);
  return [head, ...tableLines(rows, paint)];
}

const COLUMNS = 'target,model,groups,upstream_host,region,at,ok,class,error,latency_ms,level,reason,pod';

/** Results as CSV: a row for each. */
export function historyCsv(histories: readonly ShownHistory[]): string {
  const textOf = (text: string | null) => (text === null ? null : { text });
  const rows = histories.flatMap(({ history: { target, model, groups, upstream_host: host, region, results } }) => {
    const whose = [target, textOf(model), textOf(groups.join(' ')), textOf(host), textOf(region)];
    return results.map(({ at, ok, class: name, error, latency_ms: latency, level, reason, pod }) =>
      whose.concat([at, String(ok), name, textOf(error), String(latency), level, reason, textOf(pod)]),
    );
  });
  return csvOf(COLUMNS, rows);
}

/** Level and reason of a probe. What is learned from requests has neither. */
function originOf({ source, level, reason }: PastResult): readonly [string, string] {
  if (source === null) return [level, reason];
  return [source === 'external' ? 'reports' : 'requests', ''];
}

/** What is not good and not a failure either is a rate limit or a rejected probe: the class says which. */
function wordOf({ ok, error, class: name }: PastResult): string {
  if (!ok) return 'failed';
  return error === null ? 'good' : (name ?? 'not good');
}
