import type { PodId, StoreTime } from '../../health/index.ts';
import type {
  AlertReceiver,
  AlertSettings,
  AlertsView,
  FleetStatus,
  IncidentView,
  ReceiverView,
} from '../../ports/index.ts';
import { addressOf, hostOf } from '../delivery/index.ts';
import { heldBack, noticeOf } from '../incidents/index.ts';
import type { AlertBook, AlertIncident } from '../incidents/index.ts';
import type { StoreLost } from './store-lost.ts';

export interface ViewInput {
  readonly settings: AlertSettings;
  readonly book: AlertBook;
  readonly sender: PodId | null;
  readonly lost: StoreLost;
  readonly status: FleetStatus;
}

export function alertsView({ settings, book, sender, lost, status }: ViewInput): AlertsView {
  const open = [...book.incidents, ...(lost.incident === undefined ? [] : [lost.incident])];
  return {
    sender,
    paused: status.pause !== null,
    receivers: settings.receivers.map((one) => receiverView(one, { book, lost, now: status.now })),
    incidents: open.map((incident) => incidentView(incident, status)),
    heldBack: heldBack(book, settings),
  };
}

/** A message that was given up is a finding for this time. */
const FAILING_US = 3_600_000_000;

function receiverView(
  receiver: AlertReceiver,
  { book, lost, now }: Pick<ViewInput, 'book' | 'lost'> & { readonly now: StoreTime },
): ReceiverView {
  const { name, type, kinds } = receiver;
  const address = addressOf(receiver);
  const [last] = [...book.deliveries, ...lost.book.deliveries]
    .filter((one) => one.receiver === name && (one.address === undefined || one.address === address))
    .toSorted((a, b) => b.at - a.at);
  const outbox = [...book.outbox, ...lost.book.outbox];
  const waiting = outbox.filter(({ pending }) => pending.includes(name)).length;
  return {
    name,
    type,
    host: hostOf(receiver),
    kinds,
    waiting,
    last: last === undefined ? null : { at: last.at, result: last.result, answer: last.answer },
    failing: last?.result === 'failed' && (waiting > 0 || now - last.at < FAILING_US),
  };
}

function incidentView(incident: AlertIncident, { now }: FleetStatus): IncidentView {
  const { kind, title, startedAt, down, ended } = noticeOf(incident, 'trigger', now);
  return {
    id: incident.id,
    kind,
    title,
    startedAt,
    openedAt: incident.openedAt,
    down: down.map(({ label }) => label),
    ended: ended.map(({ label }) => label),
    receivers: incident.receivers,
  };
}
