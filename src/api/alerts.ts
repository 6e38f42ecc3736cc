import { z } from 'zod';
import { count, exactly, flag, maybeTime, text, time } from './schema.ts';

/** `GET /fleet/alerts`. */
export interface AlertsBody {
  /** Pod that sends the fleet's alerts; null while none is known. */
  readonly sender: string | null;
  /** True while an operator pauses probing: only groups without a routable deployment open incidents meanwhile. */
  readonly paused: boolean;
  readonly receivers: readonly AlertReceiverBody[];
  readonly incidents: readonly AlertIncidentBody[];
  /** Conditions that damping holds back. */
  readonly held_back: readonly HeldBackBody[];
}

/** A receiver of alerts: of its URL the host only. */
export interface AlertReceiverBody {
  readonly name: string;
  readonly type: string;
  readonly host: string;
  readonly kinds: readonly string[];
  /** Messages that wait for it. */
  readonly waiting: number;
  /** Last attempt at its present address; null for none. */
  readonly last: { readonly at: string; readonly result: string; readonly answer: string } | null;
  /** The last attempt failed, and a message waits or it was less than an hour ago. */
  readonly failing: boolean;
}

/** A condition that returned soon after its end, so that it is reported later. */
export interface HeldBackBody {
  readonly kind: string;
  readonly label: string;
  readonly since: string | null;
  /** When it will be reported if it lasts. */
  readonly until: string | null;
}

/** An open incident. */
export interface AlertIncidentBody {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly started_at: string | null;
  readonly opened_at: string | null;
  readonly down: readonly string[];
  readonly ended: readonly string[];
  readonly receivers: readonly string[];
}

/** `POST /fleet/alerts/test`. */
export interface AlertsTestBody {
  readonly results: readonly {
    readonly receiver: string;
    readonly type: string;
    readonly host: string;
    readonly result: string;
    readonly answer: string;
  }[];
}

/** What a request for a test message brings. */
export interface TestAlerts {
  readonly receiver?: string | undefined;
}

const texts = z.array(text);

export const alertsSchema: z.ZodType<AlertsBody> = exactly<AlertsBody>({
  sender: text.nullable(),
  paused: flag,
  receivers: z.array(
    exactly<AlertReceiverBody>({
      name: text,
      type: text,
      host: text,
      kinds: texts,
      waiting: count,
      last: exactly<NonNullable<AlertReceiverBody['last']>>({ at: time, result: text, answer: text }).nullable(),
      failing: flag,
    }),
  ),
  incidents: z.array(
    exactly<AlertIncidentBody>({
      id: text,
      kind: text,
      title: text,
      started_at: maybeTime,
      opened_at: maybeTime,
      down: texts,
      ended: texts,
      receivers: texts,
    }),
  ),
  held_back: z.array(exactly<HeldBackBody>({ kind: text, label: text, since: maybeTime, until: maybeTime })),
});

export const alertsTestSchema: z.ZodType<AlertsTestBody> = exactly<AlertsTestBody>({
  results: z.array(
    exactly<AlertsTestBody['results'][number]>({ receiver: text, type: text, host: text, result: text, answer: text }),
  ),
});

export const testAlertsSchema: z.ZodType<TestAlerts> = z.object({
  receiver: z.string().min(1).max(64).optional().describe('name of one receiver; absent: all'),
});
