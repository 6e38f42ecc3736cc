import type { Clock, FleetStatus, Random } from '../../ports/index.ts';
import { emptyBook, noticeOf, settled } from '../incidents/index.ts';
import type { AlertBook, AlertIncident, Notice } from '../incidents/index.ts';
import type { ReceiverQueues } from '../delivery/index.ts';

/** Key of the incident: the same in all pods, so receivers with dedup keys show one. */
const ID = 'store-lost';
/** Targets named in the message. */
const MOST_NAMED = 5;

export interface StoreLostParts {
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
  #incident: AlertIncident | undefined;
  #book: AlertBook = emptyBook;

  constructor(parts: StoreLostParts) {
    this.#parts = parts;
  }

  get incident(): AlertIncident | undefined {
    return this.#incident;
  }

  /** Once per tick. */
  step(status: FleetStatus): void {
    if (status.mode === 'fallback') this.#lost(status);
    else this.#answers(status);
    const { queues } = this.#parts;
    const done = [...queues.done];
    for (const one of done) this.#book = settled(this.#book, one);
    queues.written(done);
    queues.pump(this.#book.outbox, this.#incident === undefined ? [] : [this.#incident]);
  }

  /** Last delivery of such a message to a receiver. */
  deliveryTo(receiver: string): AlertBook['deliveries'][number] | undefined {
    return this.#book.deliveries.find((one) => one.receiver === receiver);
  }

  #lost(status: FleetStatus): void {
    const { clock, random, windowMs, receivers } = this.#parts;
    const window = windowMs();
    this.#dueMs ??= clock.monotonicMs() + window * (1 + 2 * random.next());
    if (this.#incident !== undefined || clock.monotonicMs() < this.#dueMs) return;
    const { now, modeSince } = status;
    const since = Math.min(modeSince, now);
    this.#incident = {
      id: ID,
      place: 'Redis',
      openedAt: now,
      members: [
        {
          key: ID,
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
    this.#send(noticeOf(this.#incident, 'trigger', now));
  }

  #answers({ now }: FleetStatus): void {
    this.#dueMs = undefined;
    if (this.#incident === undefined) return;
    const members = this.#incident.members.map((one) => ({ ...one, endedAt: now, end: 'up' as const }));
    this.#send(noticeOf({ ...this.#incident, members }, 'resolve', now));
    this.#incident = undefined;
  }

  #send(notice: Notice): void {
    const pending = this.#incident?.receivers ?? [];
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
