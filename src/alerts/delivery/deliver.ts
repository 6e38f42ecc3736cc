import { createHash } from 'node:crypto';
import type { AlertReceiver, ReceiverType } from '../../ports/index.ts';
import type { Notice } from '../incidents/index.ts';
import { alertmanager } from './forms/alertmanager.ts';
import type { MessageForm } from './forms/form.ts';
import { pagerduty } from './forms/pagerduty.ts';
import { slack } from './forms/slack.ts';
import { webhook } from './forms/webhook.ts';
import type { HttpPost, Post } from './http-post.ts';

/** Longest time of one request. */
export const TIMEOUT_MS = 5_000;

/** Result of one attempt at a message. `answer`: one line, such as `HTTP 200` or the fault. */
export type DeliveryAttempt = { readonly kind: 'delivered'; readonly answer: string } | FailedAttempt;

interface FailedAttempt {
  readonly kind: 'failed';
  readonly answer: string;
  /** A later attempt may succeed. */
  readonly again: boolean;
  /** There was no answer at all. */
  readonly isFault: boolean;
  readonly retryAfterMs?: number;
}

const forms: Readonly<Record<ReceiverType, MessageForm>> = { slack, webhook, pagerduty, alertmanager };

export interface DeliveryInput {
  readonly receiver: AlertReceiver;
  readonly notice: Notice;
  readonly fleet: string;
  readonly wallMs: number;
  readonly post: Post;
  readonly redact: (text: string) => string;
}

/** Sends a message to one receiver, once. */
export async function deliver({ post, redact, ...input }: DeliveryInput): Promise<DeliveryAttempt> {
  let last: DeliveryAttempt = { kind: 'delivered', answer: 'nothing to send' };
  for (const request of forms[input.receiver.type](input)) {
    last = await attempt(request, { post, redact });
    if (last.kind === 'failed') return last;
  }
  return last;
}

/** Sends one request. The answer has no secret: it is redacted before it is cut. */
export async function attempt(
  request: HttpPost,
  { post, redact }: Pick<DeliveryInput, 'post' | 'redact'>,
): Promise<DeliveryAttempt> {
  const answer = await post(request, TIMEOUT_MS);
  if (answer.kind === 'fault') return { kind: 'failed', answer: redact(answer.message), again: true, isFault: true };
  const { status, text, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', answer: `HTTP ${status}` };
  const said = firstLine(redact(text));
  return {
    kind: 'failed',
    answer: said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`,
    again: status === 408 || status === 429 || status >= 500,
    isFault: false,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function firstLine(text: string): string {
  return (
    text
      .split('\n', 1)[0]
      ?.replaceAll(/[^\x20-\x7E]/g, ' ')
      .trim()
      .slice(0, 120) ?? ''
  );
}

/** Host of a receiver: what may be shown of its URL. */
export function hostOf({ url }: Pick<AlertReceiver, 'url'>): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** Name for the address of a receiver, which shows neither it nor a secret: another one after a change of host, path or key. */
export function addressOf({ url, routingKey = '' }: Pick<AlertReceiver, 'routingKey' | 'url'>): string {
  const { host, pathname, search } = new URL(url);
  return createHash('sha256').update([host, pathname, search, routingKey].join('\n')).digest('hex').slice(0, 8);
}
