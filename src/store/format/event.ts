import type { StoreTime } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { FleetEvent, KeyedHold, StoreListener } from '../../ports/index.ts';
import { holdFrom } from './hold.ts';
import { isName, isHoldKey, isPodId, isTargetId } from './names.ts';
import { storedFrom } from './record-header.ts';
import { LONGEST_TEXT } from './sizes.ts';
import { stampFrom } from './stamps.ts';

/** Longest message of a script: a batch of the longest values with their names. */
const LONGEST_EVENT = MAX_BATCH * (LONGEST_TEXT + 300);
const LONGEST_HEAD = 300;

/** Filter for the rows of an event; see `StoreListener.wants`. */
export type WantedRows = NonNullable<StoreListener['wants']>;

/**
 * Parses an event: `<kind> <epoch> <seq> <store time> <pod>`, then a line per target. Lease events have no epoch and no
 * sequence ("-" and "0"). `undefined` if any part does not parse, except the bodies of rows that `wants` rejects, which are
 * not read.
 */
export function eventFrom(text: string, wants: WantedRows = () => true): FleetEvent | undefined {
  if (text.length > LONGEST_EVENT) return undefined;
  const end = text.indexOf('\n');
  const head = end === -1 ? text : text.slice(0, end);
  if (head.length > LONGEST_HEAD) return undefined;
  const [kind, epoch = '', seqText, atText, pod = '', ...rest] = head.split(' ');
  const seq = stampFrom(seqText);
  const at = stampFrom(atText);
  if (seq === undefined || at === undefined || !isName(epoch) || !isPodId(pod) || rest.length > 0) return undefined;
  const lines = end === -1 ? [] : text.slice(end + 1).split('\n', MAX_BATCH + 1);
  if (lines.length > MAX_BATCH) return undefined;
  switch (kind) {
    case 'commit': {
      const records = rowsOf(lines, isTargetId, (name) => wants(kind, name), recordRow(at));
      return records && { kind, epoch, seq, at, pod, records };
    }
    case 'forget': {
      const targets = rowsOf(
        lines,
        isTargetId,
        (name) => wants(kind, name),
        (target, body) => (body === '' ? target : undefined),
      );
      return targets && { kind, epoch, seq, at, pod, targets };
    }
    case 'hold': {
      const holds = rowsOf(lines, isHoldKey, (name) => wants(kind, name), holdRow(at));
      return holds && { kind, epoch, seq, at, pod, holds };
    }
    case 'lease': {
      const leases = rowsOf(lines, isTargetId, (name) => wants(kind, name), leaseRow);
      return leases && { kind, at, pod, leases };
    }
    default:
      return undefined;
  }
}

/** An event without the rows that `wants` rejects, for a store whose events are objects. */
export function wantedOf(event: FleetEvent, wants: WantedRows = () => true): FleetEvent {
  switch (event.kind) {
    case 'commit':
      return { ...event, records: event.records.filter(({ target }) => wants(event.kind, target)) };
    case 'forget':
      return { ...event, targets: event.targets.filter((target) => wants(event.kind, target)) };
    case 'hold':
      return { ...event, holds: event.holds.filter(({ key }) => wants(event.kind, key)) };
    case 'lease':
      return { ...event, leases: event.leases.filter(({ target }) => wants(event.kind, target)) };
  }
}

type RecordRow = Extract<FleetEvent, { kind: 'commit' }>['records'][number];
type LeaseRow = Extract<FleetEvent, { kind: 'lease' }>['leases'][number];

/** Parses lines `<name> <body>`; `undefined` if one is not such a row. */
function rowsOf<Name extends string, Row>(
  lines: readonly string[],
  isNamed: (text: string) => text is Name,
  wants: (name: Name) => boolean,
  read: (name: Name, body: string) => Row | undefined,
): Row[] | undefined {
  const rows: Row[] = [];
  for (const line of lines) {
    const space = line.indexOf(' ');
    const name = space === -1 ? line : line.slice(0, space);
    if (!isNamed(name)) return undefined;
    if (!wants(name)) continue;
    const row = read(name, space === -1 ? '' : line.slice(space + 1));
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return rows;
}

function recordRow(at: StoreTime): (target: string, body: string) => RecordRow {
  return (target, body) => ({ target, stored: storedFrom(body, at) });
}

function holdRow(at: StoreTime): (key: string, body: string) => KeyedHold {
  return (key, body) => ({ key, stored: holdFrom(body, at) });
}

function leaseRow(target: string, body: string): LeaseRow | undefined {
  const [grantText, untilText, ...rest] = body.split(' ');
  const grant = stampFrom(grantText);
  const until = stampFrom(untilText);
  return grant === undefined || until === undefined || rest.length > 0 ? undefined : { target, grant, until };
}
