import type { StoreTime } from '../../health/index.ts';
import type { FleetEvent, PlacedHold } from '../../ports/index.ts';
import { holdFrom } from './hold.ts';
import { isName, isPlace, isPodId, isTargetId } from './names.ts';
import { storedFrom } from './record-header.ts';
import { stampFrom } from './stamps.ts';

/**
 * Reads what a script published: `<kind> <epoch> <seq> <store time> <pod>`, then a line per target. Lease events carry
 * no epoch and no sequence ("-" and "0"). `undefined` for anything else; a part of an event is never believed.
 */
export function eventFrom(text: string): FleetEvent | undefined {
  const [head = '', ...lines] = text.split('\n');
  const [kind, epoch = '', seqText, atText, pod = '', ...rest] = head.split(' ');
  const seq = stampFrom(seqText);
  const at = stampFrom(atText);
  if (seq === undefined || at === undefined || !isName(epoch) || !isPodId(pod) || rest.length > 0) return undefined;
  switch (kind) {
    case 'commit': {
      const records = all(lines.map((line) => recordLine(line, at)));
      return records && { kind, epoch, seq, at, pod, records };
    }
    case 'forget': {
      const targets = all(lines.map((line) => (isTargetId(line) ? line : undefined)));
      return targets && { kind, epoch, seq, at, pod, targets };
    }
    case 'hold': {
      const holds = all(lines.map((line) => holdLine(line, at)));
      return holds && { kind, epoch, seq, at, pod, holds };
    }
    case 'lease': {
      const leases = all(lines.map(leaseLine));
      return leases && { kind, at, pod, leases };
    }
    default:
      return undefined;
  }
}

type RecordLine = Extract<FleetEvent, { kind: 'commit' }>['records'][number];
type LeaseLine = Extract<FleetEvent, { kind: 'lease' }>['leases'][number];

function recordLine(line: string, at: StoreTime): RecordLine | undefined {
  const space = line.indexOf(' ');
  const target = line.slice(0, Math.max(0, space));
  return isTargetId(target) ? { target, stored: storedFrom(line.slice(space + 1), at) } : undefined;
}

function holdLine(line: string, at: StoreTime): PlacedHold | undefined {
  const space = line.indexOf(' ');
  const place = line.slice(0, Math.max(0, space));
  return isPlace(place) ? { place, stored: holdFrom(line.slice(space + 1), at) } : undefined;
}

function leaseLine(line: string): LeaseLine | undefined {
  const [target = '', grantText, untilText, ...rest] = line.split(' ');
  const grant = stampFrom(grantText);
  const until = stampFrom(untilText);
  if (!isTargetId(target) || grant === undefined || until === undefined || rest.length > 0) return undefined;
  return { target, grant, until };
}

function all<T>(parts: readonly (T | undefined)[]): T[] | undefined {
  return parts.includes(undefined) ? undefined : (parts as T[]);
}
