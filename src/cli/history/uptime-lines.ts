import type { FleetHistoryBody, PastIncidentBody, UptimeBody } from '../../api/index.ts';
import { counted } from '../../health/index.ts';
import type { Look, Paint } from '../../terminal/index.ts';
import { printable, tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { ageWords } from '../show/times.ts';

/** Uptime of a group: the window, each day, each target, and its incidents. */
export function uptimeLines(body: FleetHistoryBody, window: string, paint: Paint): readonly string[] {
  const { group, days, targets, incidents, incidents_left_out: more } = body;
  const total = counted(incidents.length + more, 'incident');
  return [
    paint('strong', `${printable(group ?? '')}, last ${window}: ${inSentence(body)}, ${total}`),
    ...tableLines(
      [...days.map((day) => rowOf(day.from.slice(0, 10), day)), ...targets.map((one) => rowOf(one.model, one))],
      paint,
    ),
    ...tableLines(incidents.map(incidentRow), paint),
    ...(more === 0 ? [] : [`  and ${counted(more, 'older incident')}`]),
  ];
}

function inSentence({ uptime, known }: UptimeBody): string {
  return uptime === null
    ? 'nothing is known'
    : `${percent(uptime)} up in the ${percent(known)} of the time that is known`;
}

function rowOf(name: string, row: UptimeBody): Cell[] {
  const { uptime, known, down_s: down } = row;
  const look: Look = uptime === null ? 'faint' : uptime === 1 ? 'good' : 'bad';
  return [
    `  ${name}`,
    { text: uptime === null ? 'unknown' : `${percent(uptime)} up`, look },
    `down ${ageWords(down)}`,
    `known ${percent(known)}`,
  ];
}

function incidentRow({ started_at: from, start, ended_at: until, end, down_s: down, cause }: PastIncidentBody): Cell[] {
  return [
    `  ${from}${start === 'unknown' ? ' or earlier' : ''}`,
    end === 'ongoing' ? 'until now' : `until ${until}${end === 'unknown' ? ' or later' : ''}`,
    ageWords(down),
    cause ?? '',
  ];
}

/** Rounded down, so that only time without an outage is 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}
