import type { AlertKind, AlertReceiver } from '../../../ports/index.ts';
import type { Notice } from '../../incidents/index.ts';
import type { HttpPost } from '../http-post.ts';
import { clipped, isoOf, jsonPost } from './form.ts';
import type { MessageForm } from './form.ts';

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
export const alertmanager: MessageForm = ({ receiver, notice, fleet }) => [post(receiver, [notice], fleet)];

/** All open incidents in one message, to be repeated every {@link RESEND_MS}. */
export function activeAlerts(receiver: AlertReceiver, notices: readonly Notice[], fleet: string): HttpPost {
  return post(receiver, notices, fleet);
}

function post(receiver: AlertReceiver, notices: readonly Notice[], fleet: string): HttpPost {
  const base = receiver.url.replace(/\/+$/, '');
  return jsonPost(
    `${base}/api/v2/alerts`,
    notices.map((notice) => alertOf(notice, fleet)),
  );
}

/** The labels are the identity: they are the same in all messages about an incident. */
function alertOf({ id, action, kind, severity, place, title, at, startedAt, down }: Notice, fleet: string): object {
  const isOver = action === 'resolve' || action === 'test';
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
    startsAt: isoOf(Math.min(startedAt, at)),
    endsAt: isoOf(isOver ? at + 1_000 : at + ENDS_AFTER_MS * 1_000),
  };
}
