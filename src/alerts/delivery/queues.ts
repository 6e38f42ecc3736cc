import type { AlertDelivery, AlertMetrics, AlertReceiver, Clock, Logger, Random } from '../../ports/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { Notice, Outgoing, Settled } from '../incidents/index.ts';
import { deliver } from './deliver.ts';
import type { DeliveryAttempt } from './deliver.ts';
import type { Post } from './http-post.ts';

/** Most attempts at one message by one pod. */
export const MOST_TRIES = 5;
const BACK_OFF_MS = 1_000;

export interface QueueParts {
  readonly fleet: () => string;
  readonly receivers: () => readonly AlertReceiver[];
  readonly post: Post;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly logger: Logger;
  readonly metrics: AlertMetrics;
  readonly redact: (text: string) => string;
  /** The store's clock. */
  readonly now: () => StoreTime;
  /** A message was delivered or given up, or another attempt is due. */
  readonly changed: () => void;
}

interface Running {
  readonly notice: Notice;
  tries: number;
  /** On the monotonic clock. */
  nextMs: number;
  attempting: boolean;
}

/**
 * Delivers messages of an outbox: of each receiver one at a time, in order, with retries. A message that cannot be delivered
 * is given up after {@link MOST_TRIES} attempts, or at once if the receiver refuses it.
 */
export class ReceiverQueues {
  readonly #parts: QueueParts;
  readonly #running = new Map<string, Running>();
  readonly #done: Settled[] = [];
  readonly #attempts = new Set<Promise<void>>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Results that are not in the shared document yet. */
  get done(): readonly Settled[] {
    return this.#done;
  }

  /** The document has these results. */
  written(results: readonly Settled[]): void {
    for (const one of results) {
      const at = this.#done.indexOf(one);
      if (at !== -1) this.#done.splice(at, 1);
    }
  }

  /** Begins the attempts that are due. */
  pump(outbox: readonly Outgoing[]): void {
    for (const receiver of this.#parts.receivers()) {
      const next = outbox.find((one) => one.pending.includes(receiver.name) && !this.#isDone(one.notice, receiver));
      if (next !== undefined) this.#advance(receiver, next.notice);
    }
  }

  /** Resolves when no attempt runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#attempts);
  }

  #isDone(notice: Notice, { name }: AlertReceiver): boolean {
    return this.#done.some((one) => sameMessage(one.notice, notice) && one.delivery.receiver === name);
  }

  #advance(receiver: AlertReceiver, notice: Notice): void {
    const before = this.#running.get(receiver.name);
    if (before?.attempting === true) return;
    const nowMs = this.#parts.clock.monotonicMs();
    const known = before !== undefined && sameMessage(before.notice, notice) ? before : undefined;
    const running = known ?? { notice, tries: 0, nextMs: nowMs, attempting: false };
    this.#running.set(receiver.name, running);
    if (nowMs < running.nextMs) return;
    running.attempting = true;
    const attempt = this.#attempt(receiver, running).finally(() => this.#attempts.delete(attempt));
    this.#attempts.add(attempt);
  }

  async #attempt(receiver: AlertReceiver, running: Running): Promise<void> {
    const { fleet, post, clock, metrics, changed } = this.#parts;
    const { notice } = running;
    running.tries += 1;
    const input = { receiver, notice, fleet: fleet(), wallMs: clock.wallMs(), post };
    const result = await deliver(input).catch(
      // A message that cannot be formed must end neither the pod nor the queue.
      (error: unknown): DeliveryAttempt => ({ kind: 'failed', again: false, answer: `a bug: ${String(error)}` }),
    );
    running.attempting = false;
    if (result.kind === 'failed' && result.again && running.tries < MOST_TRIES) {
      metrics.alertSent(receiver.name, 'retried');
      const waitMs = this.#waitMs(running.tries, result.retryAfterMs);
      running.nextMs = clock.monotonicMs() + waitMs;
      clock.setTimer(waitMs, changed);
      return;
    }
    this.#running.delete(receiver.name);
    metrics.alertSent(receiver.name, result.kind);
    this.#report(receiver, running, result);
    const delivery = this.#deliveryOf(receiver, result);
    this.#done.push({ notice, delivery });
    changed();
  }

  #deliveryOf({ name }: AlertReceiver, { kind, answer }: DeliveryAttempt): AlertDelivery {
    return { receiver: name, at: this.#parts.now(), result: kind, answer: this.#parts.redact(answer) };
  }

  #report({ name }: AlertReceiver, { notice, tries }: Running, { kind, answer }: DeliveryAttempt): void {
    const { logger, redact } = this.#parts;
    const fields = { receiver: name, incident: notice.id, action: notice.action };
    if (kind === 'delivered') {
      logger.info(`Alert sent to ${name}: ${redact(notice.title)}`, fields);
      return;
    }
    const times = tries === 1 ? 'once' : `${tries} times`;
    logger.warn(
      `Alert not delivered to ${name}, tried ${times}: ${redact(answer)}. Its text: ${redact(notice.title)}. To fix: run allswell alerts test`,
      fields,
    );
  }

  /** Half of the back-off to all of it, at random; never shorter than the receiver asks for. */
  #waitMs(tries: number, retryAfterMs = 0): number {
    const backOff = BACK_OFF_MS * 2 ** (tries - 1);
    return Math.max(retryAfterMs, Math.round(backOff * (0.5 + this.#parts.random.next() / 2)));
  }
}

function sameMessage(a: Notice, b: Notice): boolean {
  return a.id === b.id && a.action === b.action;
}
