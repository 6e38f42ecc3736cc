/** A date, or a moment, as Python's `datetime` has it. */
export interface PythonDate {
  readonly day: readonly [year: number, month: number, day: number];
  readonly time?: readonly [hour: number, minute: number, second: number, microsecond: number];
  /** East of Greenwich. */
  readonly offsetMinutes?: number;
}

/** A date as PyYAML reads it. Undefined for other text and for days that do not exist, which PyYAML refuses. */
export function readDate(text: string): PythonDate | undefined {
  const found = onlyDay.exec(text)?.groups ?? moment.exec(text)?.groups;
  if (found === undefined) return undefined;
  const of = (name: string): number => Number(found[name] ?? 0);
  const date: PythonDate = {
    day: [of('year'), of('month'), of('day')],
    ...(found['hour'] !== undefined && {
      time: [of('hour'), of('minute'), of('second'), Number((found['part'] ?? '').slice(0, 6).padEnd(6, '0'))],
    }),
    ...(found['zone'] !== undefined && {
      offsetMinutes: (found['sign'] === '-' ? -1 : 1) * (of('hours') * 60 + of('minutes')),
    }),
  };
  return exists(date) ? date : undefined;
}

const onlyDay = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/;
const moment =
  /^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)(?:[Tt]|[ \t]+)(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<part>\d*))?(?:[ \t]*(?<zone>Z|(?<sign>[-+])(?<hours>\d\d?)(?::(?<minutes>\d\d))?))?$/;

function exists({
  day: [year, month, day],
  time: [hour, minute, second] = [0, 0, 0, 0],
  offsetMinutes = 0,
}: PythonDate): boolean {
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days;
  return isDay && hour < 24 && minute < 60 && second < 60 && Math.abs(offsetMinutes) < DAY_MINUTES;
}

const DAY_MINUTES = 1_440;

/** The date as Python's `str()` prints it. */
export function dateText({ day: [year, month, day], time, offsetMinutes }: PythonDate): string {
  const date = `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
  if (time === undefined) return date;
  const [hour, minute, second, micro] = time;
  const part = micro === 0 ? '' : `.${padded(micro, 6)}`;
  return `${date} ${padded(hour)}:${padded(minute)}:${padded(second)}${part}${offsetText(offsetMinutes)}`;
}

function offsetText(minutes: number | undefined): string {
  if (minutes === undefined) return '';
  const east = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(east / 60))}:${padded(east % 60)}`;
}

function padded(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}

/** The date as Python's `repr()` prints it, which applies inside a list. */
export function dateRepr({ day, time, offsetMinutes }: PythonDate): string {
  if (time === undefined) return `datetime.date(${day.join(', ')})`;
  const [hour, minute, second, micro] = time;
  const parts = [
    ...day,
    hour,
    minute,
    ...(second === 0 && micro === 0 ? [] : [second]),
    ...(micro === 0 ? [] : [micro]),
  ];
  const zone = offsetMinutes === undefined ? '' : `, tzinfo=${zoneRepr(offsetMinutes * 60)}`;
  return `datetime.datetime(${parts.join(', ')}${zone})`;
}

function zoneRepr(seconds: number): string {
  if (seconds === 0) return 'datetime.timezone.utc';
  const delta = seconds < 0 ? `days=-1, seconds=${DAY_MINUTES * 60 + seconds}` : `seconds=${seconds}`;
  return `datetime.timezone(datetime.timedelta(${delta}))`;
}
