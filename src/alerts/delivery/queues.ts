import type { AlertDelivery, AlertMetrics, AlertReceiver, Clock, Logger, Random } from '../../ports/index.ts';
import type { StoreTime } from '../../health/index.ts';
import { isUntold, sameMessage } from '../incidents/index.ts';
import type { AlertIncident, Notice, Outgoing, Settled } from '../incidents/index.ts';
import { addressOf, deliver } from './deliver.ts';
import type { DeliveryAttempt } from './deliver.ts';
import type { Post } from './http-post.ts';
import { TriesList } from './message-tries.ts';
import type { MessageTries } from './message-tries.ts';

/** Most attempts at one message by one pod, but for the trigger of an open incident. */
export const MOST_TRIES = 5;
const BACK_OFF_MS = 1_000;
/** Distance of two attempts at the trigger of an open incident after {@link MOST_TRIES}. */
const SLOW_MS = 60_000;

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

/**
 * Delivers messages of an outbox: of each receiver one at a time, in order, with retries. A message that cannot be delivered
 * is given up after {@link MOST_TRIES} attempts, or at once if the receiver refuses it. The trigger of an incident that is
 * still open is repeated slowly instead; meanwhile the messages about other incidents are sent.
 */
export class ReceiverQueues {
  readonly #parts: QueueParts;
  readonly #tries = new TriesList();
  /** Receivers that did not answer {@link MOST_TRIES} attempts, until they answer. */
  readonly #silent = new Set<string>();
  #open: ReadonlySet<string> = new Set();
  readonly #done: Settled[] = [];
  /** Last attempts of messages that still wait, by receiver, that are not in the shared document yet. */
  readonly #failures = new Map<string, AlertDelivery>();
  readonly #addresses = new Map<string, string>();
  readonly #attempts = new Set<Promise<void>>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Results that are not in the shared document yet. */
  get done(): readonly Settled[] {
    return this.#done;
  }

  /** Failed attempts at messages that still wait, not in the shared document yet: the last of each receiver. */
  get failures(): readonly AlertDelivery[] {
    return [...this.#failures.values()];
  }

  /** The document has these results. */
  written(results: readonly Settled[], failures: readonly AlertDelivery[]): void {
    for (const one of failures) {
      if (this.#failures.get(one.receiver) === one) this.#failures.delete(one.receiver);
    }
    for (const one of results) {
      const at = this.#done.indexOf(one);
      if (at !== -1) this.#done.splice(at, 1);
    }
  }

  /** True if none of the receivers can be reached from this pod. */
  get reachesNone(): boolean {
    const receivers = this.#parts.receivers();
    return receivers.length > 0 && receivers.every(({ name }) => this.#silent.has(name));
  }

  /** Begins the attempts that are due. */
  pump(outbox: readonly Outgoing[], open: readonly Pick<AlertIncident, 'id'>[]): void {
    this.#open = new Set(open.map(({ id }) => id));
    this.#tries.keep(outbox);
    for (const receiver of this.#parts.receivers()) {
      this.#noteAddress(receiver);
      this.#pumpOne(receiver, outbox);
    }
  }

  /** Resolves when no attempt runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#attempts);
  }

  /** What failed at another address says nothing of this one. */
  #noteAddress(receiver: AlertReceiver): void {
    const { name } = receiver;
    const address = addressOf(receiver);
    const before = this.#addresses.get(name);
    this.#addresses.set(name, address);
    if (before === undefined || before === address) return;
    this.#silent.delete(name);
    this.#failures.delete(name);
    this.#tries.begin(receiver);
  }

  #pumpOne(receiver: AlertReceiver, outbox: readonly Outgoing[]): void {
    if (this.#tries.isBusy(receiver)) return;
    const nowMs = this.#parts.clock.monotonicMs();
    // Incidents whose trigger was given up or is repeated slowly: no other message about them is sent before it.
    const slow = new Set(this.#untold(receiver));
    for (const { notice, pending } of outbox) {
      if (!pending.includes(receiver.name) || slow.has(notice.id) || this.#isDone(notice, receiver)) continue;
      const tries = this.#tries.of(notice, receiver, nowMs);
      const isSlow = tries.tries >= MOST_TRIES;
      if (isSlow && !this.#open.has(notice.id)) this.#giveUp(receiver, tries);
      else if (nowMs >= tries.nextMs) return this.#begin(receiver, tries);
      if (!isSlow) return;
      slow.add(notice.id);
    }
  }

  /** The incident of a trigger that was never delivered is over. */
  #giveUp(receiver: AlertReceiver, tries: MessageTries): void {
    const { notice, answer } = tries;
    this.#tries.remove(tries);
    this.#done.push({ notice, delivery: this.#deliveryOf(receiver, { kind: 'failed', answer }) });
    this.#parts.changed();
  }

  #untold({ name }: AlertReceiver): readonly string[] {
    return this.#done
      .filter(({ notice, delivery }) => isUntold(notice, delivery) && delivery.receiver === name)
      .map(({ notice }) => notice.id);
  }

  #isDone(notice: Notice, { name }: AlertReceiver): boolean {
    return this.#done.some((one) => sameMessage(one.notice, notice) && one.delivery.receiver === name);
  }

  #begin(receiver: AlertReceiver, tries: MessageTries): void {
    tries.attempting = true;
    const attempt = this.#attempt(receiver, tries).finally(() => this.#attempts.delete(attempt));
    this.#attempts.add(attempt);
  }

  async #attempt(receiver: AlertReceiver, running: MessageTries): Promise<void> {
    const { fleet, post, redact, clock, metrics, changed } = this.#parts;
    const { notice } = running;
    running.tries += 1;
    const input = { receiver, notice, fleet: fleet(), wallMs: clock.wallMs(), post, redact };
    const result = await deliver(input).catch(
      // A message that cannot be formed must end neither the pod nor the queue.
      (error: unknown): DeliveryAttempt => ({
        kind: 'failed',
        again: false,
        isFault: false,
        answer: `a bug: ${String(error)}`,
      }),
    );
    running.attempting = false;
    this.#noteReach(receiver, running, result);
    if (result.kind === 'failed' && result.again && this.#repeats(running)) {
      const isFirstSlow = running.tries === MOST_TRIES;
      metrics.alertSent(receiver.name, isFirstSlow ? 'failed' : 'retried');
      if (isFirstSlow) this.#report(receiver, running, result);
      running.answer = result.answer;
      this.#failures.set(receiver.name, this.#deliveryOf(receiver, result));
      const waitMs = this.#waitMs(running.tries, result.retryAfterMs);
      running.nextMs = clock.monotonicMs() + waitMs;
      clock.setTimer(waitMs, changed);
      changed();
      return;
    }
    this.#tries.remove(running);
    metrics.alertSent(receiver.name, result.kind);
    this.#report(receiver, running, result);
    const delivery = this.#deliveryOf(receiver, result);
    this.#failures.delete(receiver.name);
    this.#done.push({ notice, delivery });
    changed();
  }

  #repeats({ notice, tries }: MessageTries): boolean {
    return tries < MOST_TRIES || (notice.action === 'trigger' && this.#open.has(notice.id));
  }

  #noteReach({ name }: AlertReceiver, { tries }: MessageTries, result: DeliveryAttempt): void {
    if (result.kind === 'delivered' || !result.isFault) this.#silent.delete(name);
    else if (tries >= MOST_TRIES) this.#silent.add(name);
  }

  #deliveryOf(receiver: AlertReceiver, { kind, answer }: Pick<DeliveryAttempt, 'kind' | 'answer'>): AlertDelivery {
    const { now, redact } = this.#parts;
    return { receiver: receiver.name, address: addressOf(receiver), at: now(), result: kind, answer: redact(answer) };
  }

  #report({ name }: AlertReceiver, { notice, tries }: MessageTries, { kind, answer }: DeliveryAttempt): void {
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
    if (tries >= MOST_TRIES) return Math.max(retryAfterMs, SLOW_MS);
    const backOff = BACK_OFF_MS * 2 ** (tries - 1);
    return Math.max(retryAfterMs, Math.round(backOff * (0.5 + this.#parts.random.next() / 2)));
  }
}
