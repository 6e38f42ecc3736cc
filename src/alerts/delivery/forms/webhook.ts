import { createHmac } from 'node:crypto';
import type { Notice } from '../../incidents/index.ts';
import { isoOf, jsonPost } from './form.ts';
import type { MessageForm } from './form.ts';

/** Body of a generic webhook. Times are ISO texts, durations seconds. */
export interface WebhookBody {
  readonly version: 1;
  readonly fleet: string;
  readonly incident: string;
  readonly action: Notice['action'];
  readonly kind: Notice['kind'];
  readonly severity: Notice['severity'];
  readonly place: string;
  readonly title: string;
  readonly at: string;
  readonly started_at: string;
  readonly duration_s: number | null;
  readonly down: Notice['down'];
  readonly down_count: number;
  readonly ended: Notice['ended'];
  readonly ended_count: number;
}

/**
 * A signed request by the rules of Standard Webhooks. `webhook-id` is the same in every attempt at a message, so a receiver
 * can drop a repeated one.
 */
export const webhook: MessageForm = ({ receiver, notice, fleet, wallMs }) => {
  const { id, action, at } = notice;
  const request = jsonPost(receiver.url, bodyOf(notice, fleet));
  const message = `${id}/${action}/${Math.round(at)}`;
  const timestamp = String(Math.floor(wallMs / 1_000));
  const signature =
    receiver.secret === undefined
      ? {}
      : { 'webhook-signature': signatureOf(receiver.secret, `${message}.${timestamp}.${request.body}`) };
  return [
    {
      ...request,
      headers: { ...request.headers, 'webhook-id': message, 'webhook-timestamp': timestamp, ...signature },
    },
  ];
};

function bodyOf(notice: Notice, fleet: string): WebhookBody {
  const { id, action, kind, severity, place, title, at, startedAt, durationMs } = notice;
  return {
    version: 1,
    fleet,
    incident: id,
    action,
    kind,
    severity,
    place,
    title,
    at: isoOf(at),
    started_at: isoOf(startedAt),
    duration_s: durationMs === null ? null : Math.round(durationMs / 1_000),
    down: notice.down,
    down_count: notice.downCount,
    ended: notice.ended,
    ended_count: notice.endedCount,
  };
}

/** `v1,` and the HMAC-SHA256, Base64. A secret that begins with `whsec_` is Base64 itself. */
function signatureOf(secret: string, text: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}
