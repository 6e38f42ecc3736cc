import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** The secret with which webhooks are signed. */
export const WEBHOOK_SECRET = 'whsec_c2VjcmV0LW9mLXRlc3Rz';

const iso = z.iso.datetime();

// As documented by Slack (incoming webhooks, Block Kit).
const mrkdwn = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3_000) });
const slack = z.strictObject({
  text: z.string().min(1),
  blocks: z
    .array(
      z.union([
        z.strictObject({ type: z.literal('section'), text: mrkdwn }),
        z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn).min(1).max(10) }),
      ]),
    )
    .min(1)
    .max(50),
});

// As documented by PagerDuty (Events API v2, alert events).
const pagerduty = z
  .strictObject({
    routing_key: z.string().length(32),
    event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
    dedup_key: z.string().min(1).max(255),
    client: z.string().optional(),
    payload: z
      .strictObject({
        summary: z.string().min(1).max(1_024),
        source: z.string().min(1),
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        timestamp: iso,
        component: z.string(),
        group: z.string(),
        class: z.string(),
        custom_details: z.record(z.string(), z.unknown()),
      })
      .optional(),
  })
  .refine(({ event_action: action, payload }) => action !== 'trigger' || payload !== undefined);

// As in Alertmanager's OpenAPI document, `postableAlerts`.
const texts = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string());
const alertmanager = z
  .array(
    z
      .strictObject({ labels: texts, annotations: texts, startsAt: iso, endsAt: iso })
      .refine(({ labels }) => labels['alertname'] !== undefined)
      .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt)),
  )
  .min(1);

const webhook = z.looseObject({
  version: z.literal(1),
  incident: z.string(),
  action: z.enum(['trigger', 'update', 'resolve', 'test']),
  title: z.string(),
  at: iso,
  started_at: iso,
});

export type ReceiverName = 'slack' | 'pagerduty' | 'alertmanager' | 'webhook';

const schemas: Readonly<Record<ReceiverName, z.ZodType>> = { slack, pagerduty, alertmanager, webhook };

/** A request that a receiver got, checked by the schema of its API. */
export interface ReceivedAlert {
  readonly receiver: ReceiverName;
  /** Complete body. */
  readonly text: string;
  /** `trigger`, `resolve` and so on, as far as the form shows it. */
  readonly action: string;
  readonly problem: string | undefined;
}

/** How a receiver answers: a status, or not at all. */
export type ReceiverAnswer = { readonly status: number; readonly retryAfterS?: number } | 'hangs';

/** All kinds of receivers on one loopback port. */
export interface AlertReceivers {
  readonly received: readonly ReceivedAlert[];
  of(receiver: ReceiverName): readonly ReceivedAlert[];
  /** Answers the next requests to a receiver so, each once; then 200. */
  answer(receiver: ReceiverName, ...answers: readonly ReceiverAnswer[]): void;
  /** `fleet_health.alerts.receivers`. */
  readonly entries: readonly object[];
  readonly port: number;
  close(): Promise<void>;
}

export async function startAlertReceivers(): Promise<AlertReceivers> {
  const received: ReceivedAlert[] = [];
  const answers = new Map<ReceiverName, ReceiverAnswer[]>();
  const server = createServer((request, response) => {
    const receiver = receiverOf(request.url ?? '');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (receiver === undefined) return response.writeHead(404).end();
      received.push(readAlert(receiver, text, request.headers));
      const answer = answers.get(receiver)?.shift() ?? { status: 200 };
      if (answer === 'hangs') return undefined;
      const wait = answer.retryAfterS === undefined ? {} : { 'retry-after': String(answer.retryAfterS) };
      return response.writeHead(answer.status, wait).end('ok');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  return {
    received,
    port,
    of: (receiver) => received.filter((one) => one.receiver === receiver),
    answer: (receiver, ...next) => void answers.set(receiver, [...next]),
    entries: [
      { name: 'slack', type: 'slack', url: `${base}/services/T0/B0/secret-of-the-slack-webhook` },
      { name: 'hook', type: 'webhook', url: `${base}/webhook`, secret: WEBHOOK_SECRET },
      { name: 'pager', type: 'pagerduty', url: `${base}/pagerduty`, routing_key: 'r'.repeat(32) },
      { name: 'am', type: 'alertmanager', url: `${base}/am/` },
    ],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function receiverOf(path: string): ReceiverName | undefined {
  if (path.startsWith('/services/')) return 'slack';
  if (path === '/webhook') return 'webhook';
  if (path === '/pagerduty') return 'pagerduty';
  return path === '/am/api/v2/alerts' ? 'alertmanager' : undefined;
}

function readAlert(receiver: ReceiverName, text: string, headers: IncomingHttpHeaders): ReceivedAlert {
  const body: unknown = JSON.parse(text);
  const read = schemas[receiver].safeParse(body);
  const problem = read.success ? signatureProblem(receiver, text, headers) : z.prettifyError(read.error);
  return { receiver, text, action: actionOf(receiver, text), problem };
}

/** As the page about alerts says: how a receiver checks a webhook. */
function signatureProblem(receiver: ReceiverName, text: string, headers: IncomingHttpHeaders): string | undefined {
  if (receiver !== 'webhook') return undefined;
  const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  if (Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000) > 60) return 'the timestamp is not of now';
  return headers['webhook-signature'] === expected ? undefined : 'the signature is wrong';
}

function actionOf(receiver: ReceiverName, text: string): string {
  if (receiver === 'slack') return text.includes('Resolved after') ? 'resolve' : 'trigger';
  if (receiver === 'pagerduty') return (JSON.parse(text) as { event_action: string }).event_action;
  if (receiver === 'webhook') return (JSON.parse(text) as { action: string }).action;
  const ends = (JSON.parse(text) as { endsAt: string }[]).map(({ endsAt }) => Date.parse(endsAt));
  return ends.every((at) => at > Date.now() + 10_000) ? 'trigger' : 'resolve';
}
