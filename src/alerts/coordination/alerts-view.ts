import type { PodId } from '../../health/index.ts';
import type { AlertReceiver, AlertsView, FleetStatus, IncidentView, ReceiverView } from '../../ports/index.ts';
import { hostOf } from '../delivery/index.ts';
import { noticeOf } from '../incidents/index.ts';
import type { AlertBook, AlertIncident } from '../incidents/index.ts';
import type { StoreLost } from './store-lost.ts';

export interface ViewInput {
  readonly receivers: readonly AlertReceiver[];
  readonly book: AlertBook;
  readonly sender: PodId | null;
  readonly lost: StoreLost;
  readonly status: FleetStatus;
}

export function alertsView({ receivers, book, sender, lost, status }: ViewInput): AlertsView {
  const open = [...book.incidents, ...(lost.incident === undefined ? [] : [lost.incident])];
  return {
    sender,
    paused: status.pause !== null,
    receivers: receivers.map((one) => receiverView(one, book, lost)),
    incidents: open.map((incident) => incidentView(incident, status)),
  };
}

function receiverView(receiver: AlertReceiver, book: AlertBook, lost: StoreLost): ReceiverView {
  const { name, type, kinds } = receiver;
  const ofFleet = book.deliveries.find((one) => one.receiver === name);
  const ofPod = lost.deliveryTo(name);
  const last = (ofPod?.at ?? 0) > (ofFleet?.at ?? 0) ? ofPod : ofFleet;
  return {
    name,
    type,
    host: hostOf(receiver),
    kinds,
    waiting: book.outbox.filter(({ pending }) => pending.includes(name)).length,
    last: last === undefined ? null : { at: last.at, result: last.result, answer: last.answer },
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
