import type { PodId, StoreTime } from '../../health/index.ts';
import type { Clock, FleetStatus, Random } from '../../ports/index.ts';
import { emptyBook, noticeOf, settled } from '../incidents/index.ts';
import type { AlertBook, AlertIncident, Notice } from '../incidents/index.ts';
import type { ReceiverQueues } from '../delivery/index.ts';

/** Targets named in the message. */
const MOST_NAMED = 5;

export interface StoreLostParts {
  readonly pod: PodId;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly queues: ReceiverQueues;
  /** Receivers of this kind of alert. */
  readonly receivers: () => readonly string[];
  readonly windowMs: () => number;
  /** Names of the targets that this pod counts as down. */
  readonly down: () => readonly string[];
}

/**
 * The alert that this pod does not reach Redis. No pod can ask another one whether it was sent, so each sends it at most once
 * per loss, after a random time: a pod whose Redis answers by then sends nothing. It says that others may send it.
 */
export class StoreLost {
  readonly #parts: StoreLostParts;
  #dueMs: number | undefined;
  #book: AlertBook = emptyBook;

  constructor(parts: StoreLostParts) {
    this.#parts = parts;
  }

  get incident(): AlertIncident | undefined {
    return this.#book.incidents[0];
  }

  get book(): AlertBook {
    return this.#book;
  }

  /** Once per tick. */
  step(status: FleetStatus): void {
    if (status.mode === 'fallback') this.#lost(status);
    else this.#answers(status);
    this.#pump();
  }

  /**
   * The pod stops. No other one can end its incident, so it does, at the receivers that got the trigger; with one attempt, as it
   * must not wait for long.
   */
  async stop(now: StoreTime): Promise<void> {
    const { queues } = this.#parts;
    await queues.idle();
    this.#settle();
    const waiting = new Set(this.#book.outbox.flatMap(({ pending }) => pending));
    const { incident } = this;
    if (incident === undefined) return;
    const receivers = incident.receivers.filter((name) => !waiting.has(name));
    this.#book = { ...this.#book, outbox: [] };
    this.#end({ ...incident, receivers }, now, '; the pod stopped');
    this.#pump();
    await queues.idle();
  }

  #pump(): void {
    this.#settle();
    this.#parts.queues.pump(this.#book.outbox, this.#book.incidents);
  }

  #settle(): void {
    const { queues } = this.#parts;
    const done = [...queues.done];
    for (const one of done) this.#book = settled(this.#book, one);
    queues.written(done);
  }

  /** Last delivery of such a message to a receiver. */
  deliveryTo(receiver: string): AlertBook['deliveries'][number] | undefined {
    return this.#book.deliveries.find((one) => one.receiver === receiver);
  }

  #lost(status: FleetStatus): void {
    const { pod, clock, random, windowMs, receivers } = this.#parts;
    const window = windowMs();
    this.#dueMs ??= clock.monotonicMs() + window * (1 + 2 * random.next());
    if (this.incident !== undefined || clock.monotonicMs() < this.#dueMs) return;
    const { now, modeSince } = status;
    const since = Math.min(modeSince, now);
    // One per pod: that one pod reaches Redis again does not end the loss of another one.
    const id = `store-lost-${pod}`;
    const incident: AlertIncident = {
      id,
      place: 'Redis',
      openedAt: now,
      members: [
        {
          key: id,
          kind: 'store-lost',
          label: this.#statement(status),
          since,
          why: status.storeProblem ?? 'Redis does not answer',
          endedAt: null,
          end: null,
          goneSince: null,
        },
      ],
      receivers: receivers(),
      updated: false,
    };
    this.#book = { ...this.#book, incidents: [incident] };
    this.#send(noticeOf(incident, 'trigger', now), incident.receivers);
  }

  #answers({ now }: FleetStatus): void {
    this.#dueMs = undefined;
    if (this.incident !== undefined) this.#end(this.incident, now, '');
  }

  #end(incident: AlertIncident, now: StoreTime, note: string): void {
    const members = incident.members.map((one) => ({
      ...one,
      label: `${one.label}${note}`,
      endedAt: now,
      end: 'up' as const,
    }));
    this.#book = { ...this.#book, incidents: [] };
    this.#send(noticeOf({ ...incident, members }, 'resolve', now), incident.receivers);
  }

  #send(notice: Notice, pending: readonly string[]): void {
    if (pending.length === 0) return;
    // A loss that follows soon may be sent while the last messages still wait.
    const outbox = [...this.#book.outbox, { notice, pending }].slice(-10);
    this.#book = { ...this.#book, outbox };
  }

  #statement({ pod, podName, members }: FleetStatus): string {
    const pods = Math.max(1, members.length);
    const others = pods === 1 ? '' : `; ${pods} pods may send this`;
    const names = this.#parts.down();
    const more = names.length - MOST_NAMED;
    const down =
      names.length === 0
        ? 'no target is down as this pod sees it'
        : `down as this pod sees it: ${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return `Redis unreachable from pod ${podName ?? pod}${others}; ${down}`;
  }
}
