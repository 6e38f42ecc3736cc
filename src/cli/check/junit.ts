import { holdText } from '../show/hold-text.ts';
import type { CheckRow } from './check-row.ts';

/** One suite with a case per target, as build servers read it. */
export function junitReport(rows: readonly CheckRow[]): string {
  const count = (outcome: CheckRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const counts = `tests="${rows.length}" failures="${count('unhealthy')}" errors="${count('not-judged')}" skipped="${count('drained')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="allswell" ${counts}>`,
    `  <testsuite name="allswell check" ${counts}>`,
    ...rows.map(caseOf),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf({ model, groups, outcome, state, hold, why, latency_ms: latency }: CheckRow): string {
  const name = attribute(groups.length === 0 ? model : groups.join(', '));
  const open = `    <testcase classname="${attribute(model)}" name="${name}" time="${(latency ?? 0) / 1_000}"`;
  if (outcome === 'healthy') return `${open}/>`;
  const wanted = attribute(hold === null ? why : holdText(hold));
  if (outcome === 'drained') return `${open}><skipped message="${wanted}"/></testcase>`;
  const element = outcome === 'unhealthy' ? 'failure' : 'error';
  return `${open}><${element} type="${state}" message="${attribute(why)}"/></testcase>`;
}

const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text between quotation marks. What XML 1.0 cannot hold, however it is written, becomes a replacement character. */
function attribute(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (sign) => names[sign] ?? sign)
    .replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
