import type { AlertKind, AlertReceiver } from '../../../ports/index.ts';
import type { Notice } from '../../incidents/index.ts';
import type { HttpPost } from '../http-post.ts';
import { clipped, isoOf, jsonPost } from './form.ts';
import type { FormInput, MessageForm } from './form.ts';

/** Distance between two messages about an open incident. */
export const RESEND_MS = 60_000;
/** Alertmanager ends an alert by itself when this time passes without a message. As in Prometheus: four times the distance. */
const ENDS_AFTER_MS: number = 4 * RESEND_MS;

const names: Readonly<Record<AlertKind, string>> = {
  'group-down': 'AllswellGroupDown',
  'store-lost': 'AllswellStoreLost',
  'target-down': 'AllswellTargetsDown',
  'bridge-not-publishing': 'AllswellBridgeNotPublishing',
  'budget-spent': 'AllswellBudgetSpent',
};

/** One message to `/api/v2/alerts` of Alertmanager. */
export const alertmanager: MessageForm = ({ receiver, notice, ...sender }) => [post(receiver, [notice], sender)];

type Sender = Pick<FormInput, 'fleet' | 'wallMs'>;

/** All open incidents in one message, to be repeated every {@link RESEND_MS}. */
export function activeAlerts(receiver: AlertReceiver, notices: readonly Notice[], sender: Sender): HttpPost {
  return post(receiver, notices, sender);
}

function post(receiver: AlertReceiver, notices: readonly Notice[], sender: Sender): HttpPost {
  const url = new URL(receiver.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
  return jsonPost(
    url,
    notices.map((notice) => alertOf(notice, sender)),
  );
}

/** The labels are the identity: they are the same in all messages about an incident. */
function alertOf(notice: Notice, { fleet, wallMs }: Sender): object {
  const { id, action, kind, severity, place, title, at, startedAt, down } = notice;
  const endsMs = action === 'resolve' || action === 'test' ? wallMs : wallMs + ENDS_AFTER_MS;
  return {
    labels: {
      alertname: action === 'test' ? 'AllswellTest' : names[kind],
      fleet,
      incident: id,
      place,
      severity: action === 'test' ? 'info' : severity,
    },
    annotations: {
      summary: clipped(title, 1_024),
      description: clipped(down.map(({ label, why }) => `${label}: ${why}`).join('\n'), 4_096),
    },
    // Alertmanager refuses an alert that ends before it starts.
    startsAt: isoOf(Math.min(startedAt, at, (endsMs - 1_000) * 1_000)),
    // Alertmanager compares it with its own clock, to which this machine's is nearer than the store's time of a message that waited.
    endsAt: isoOf(endsMs * 1_000),
  };
}
