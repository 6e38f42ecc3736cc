import type { PastIncidentBody, UptimeBody } from '../../api/index.ts';
import type { UptimePage } from '../ask/index.ts';
import { counted } from '../../health/index.ts';
import type { Look, Paint } from '../../terminal/index.ts';
import { printable, tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import type { NamePods } from '../show/pod-names.ts';
import { ageWords } from '../show/times.ts';

export interface UptimeLook {
  /** The part of the past in words, such as `last 7d`. */
  readonly span: string;
  readonly namePod: NamePods;
  /** Reasons why the record may have gaps. */
  readonly notes: readonly string[];
}

/** Uptime of a group: the window, each day, each target, and its incidents. */
export function uptimeLines(body: UptimePage, { span, namePod, notes }: UptimeLook, paint: Paint): readonly string[] {
  const { group, days, targets, incidents, incidents_left_out: more } = body;
  const total = counted(incidents.length + more, 'incident');
  return [
    paint('strong', `${printable(group ?? '')}, ${span}: ${inSentence(body)}, ${total}`),
    ...notes.map((note) => paint('wary', `  ${printable(note)}`)),
    ...tableLines(
      [...days.map((day) => rowOf(day.from.slice(0, 10), day)), ...targets.map((one) => rowOf(one.model, one))],
      paint,
    ),
    ...tableLines(
      incidents.map((one) => incidentRow(one, namePod)),
      paint,
    ),
    ...(more === 0 ? [] : [`  and ${counted(more, 'older incident')}`]),
  ];
}

function inSentence({
  uptime,
  known,
  up_s: up,
  down_s: down,
  from,
  until,
  known_from: begins = null,
}: UptimePage): string {
  if (uptime === null) return 'nothing is known';
  if (begins === null || begins <= from) {
    return `${percent(uptime)} up in the ${percent(known)} of the time that is known`;
  }
  const share = Math.min(1, ((up + down) * 1_000) / (Date.parse(until) - Date.parse(begins)));
  const part = share > 0.999 ? '' : `, in the ${percent(share)} of that time that is known`;
  return `${percent(uptime)} up since the record begins at ${begins}${part}`;
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

function incidentRow(
  { started_at: from, start, ended_at: until, end, down_s: down, cause, pods }: PastIncidentBody,
  namePod: NamePods,
): Cell[] {
  return [
    `  ${from}${start === 'unknown' ? ' or earlier' : ''}`,
    end === 'ongoing' ? 'until now' : `until ${until}${end === 'unknown' ? ' or later' : ''}`,
    ageWords(down),
    cause ?? '',
    pods.length === 0 ? '' : `seen by ${pods.map(namePod).join(', ')}`,
  ];
}

/** Rounded down, so that only time without an outage is 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}
