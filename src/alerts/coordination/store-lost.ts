import type { PodId, StoreTime } from '../../health/index.ts';
import type { Clock, FleetStatus, Random } from '../../ports/index.ts';
import { emptyBook, noted, noticeOf, settled } from '../incidents/index.ts';
import type { AlertBook, AlertIncident, Notice } from '../incidents/index.ts';
import { Departures, lostMember } from './departures.ts';
import type { ReceiverQueues } from '../delivery/index.ts';

/** Targets named in the message. */
const MOST_NAMED = 5;
/** Shortest distance of two updates. */
const UPDATE_MS = 60_000;

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
  /** Names of the groups without a routable deployment, as this pod sees them. */
  readonly unroutable: () => readonly string[];
  /** The store's clock, as far as it is known. */
  readonly now: () => StoreTime;
}

/**
 * The alert that this pod does not reach Redis. No pod can ask another one whether it was sent, so each sends it at most once
 * per loss, after a random time: a pod whose Redis answers by then sends nothing. It says that others may send it,
 * and is critical if a group has no routable deployment.
 */
export class StoreLost {
  readonly #parts: StoreLostParts;
  readonly #departures: Departures;
  #lostMs: number | undefined;
  #dueMs: number | undefined;
  /** Since when the last message does not say what this pod sees. */
  #changedMs: number | undefined;
  #sentMs = -Infinity;
  #name = '';
  #book: AlertBook = emptyBook;

  constructor(parts: StoreLostParts) {
    this.#parts = parts;
    this.#departures = new Departures(parts);
  }

  /** Ends the incidents that pods may have sent which ended while Redis was away: no pod but the sender does. */
  get departures(): Departures {
    return this.#departures;
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
    this.#end({ ...incident, receivers }, now, `the pod stopped: ${this.#name}; it did not reach Redis`);
    this.#pump();
    await queues.idle();
  }

  #pump(): void {
    this.#settle();
    this.#parts.queues.pump(this.#book.outbox, this.#book.incidents);
  }

  #settle(): void {
    const { queues } = this.#parts;
    const [done, failures] = [[...queues.done], [...queues.failures]];
    this.#book = noted(this.#book, failures);
    for (const one of done) this.#book = settled(this.#book, one);
    queues.written(done, failures);
  }

  #lost(status: FleetStatus): void {
    const { clock, random, windowMs, receivers } = this.#parts;
    const nowMs = clock.monotonicMs();
    this.#lostMs ??= nowMs;
    this.#dueMs ??= nowMs + windowMs() * (1 + 2 * random.next());
    if (this.incident !== undefined) return this.#refresh(this.incident, status);
    if (nowMs < this.#dueMs) return;
    const { now, modeSince } = status;
    const since = Math.min(modeSince, now);
    const why = status.storeProblem ?? 'Redis does not answer';
    const member = lostMember(this.#parts.pod, { label: this.#statement(status), since, why });
    this.#name = status.podName ?? status.pod;
    this.#open('trigger', {
      id: member.key,
      place: 'Redis',
      openedAt: now,
      members: [this.#isCritical() ? { ...member, critical: true } : member],
      receivers: receivers(),
      updated: false,
    });
  }

  /** What is down changes while Redis is away. An update is due at once for a group, else at most every {@link UPDATE_MS}. */
  #refresh(incident: AlertIncident, status: FleetStatus): void {
    const [member] = incident.members;
    if (member === undefined) return;
    const label = this.#statement(status);
    const nowMs = this.#parts.clock.monotonicMs();
    if (label === member.label) this.#changedMs = undefined;
    else this.#changedMs ??= nowMs;
    if (this.#changedMs === undefined || nowMs < this.#changedMs + this.#parts.windowMs()) return;
    const rises = this.#isCritical() && member.critical !== true;
    if (!rises && nowMs < this.#sentMs + UPDATE_MS) return;
    const next = { ...member, label, ...((rises || member.critical === true) && { critical: true as const }) };
    this.#open('update', { ...incident, members: [next], updated: true });
  }

  #open(action: 'trigger' | 'update', incident: AlertIncident): void {
    this.#changedMs = undefined;
    this.#sentMs = this.#parts.clock.monotonicMs();
    this.#book = { ...this.#book, incidents: [incident] };
    this.#send(noticeOf(incident, action, this.#parts.now()), incident.receivers);
  }

  #answers(status: FleetStatus): void {
    const { clock, windowMs } = this.#parts;
    if (this.#lostMs !== undefined && clock.monotonicMs() >= this.#lostMs + windowMs()) {
      this.#departures.lost(this.#lostMs);
    }
    [this.#lostMs, this.#dueMs, this.#changedMs] = [undefined, undefined, undefined];
    this.#departures.shared(status);
    if (this.incident === undefined) return;
    const { down } = this.#seen();
    const still = down === '' ? 'no target is down as this pod sees it' : `still ${down}`;
    this.#end(this.incident, status.now, `Redis answers pod ${this.#name} again; ${still}`);
  }

  #end(incident: AlertIncident, now: StoreTime, label: string): void {
    const members = incident.members.map((one) => ({ ...one, label, endedAt: now, end: 'up' as const }));
    this.#book = { ...this.#book, incidents: [] };
    this.#send(noticeOf({ ...incident, members }, 'resolve', now), incident.receivers);
  }

  #send(notice: Notice, pending: readonly string[]): void {
    if (pending.length === 0) return;
    // A loss that follows soon may be sent while the last messages still wait.
    const outbox = [...this.#book.outbox, { notice, pending }].slice(-10);
    this.#book = { ...this.#book, outbox };
  }

  #isCritical(): boolean {
    return this.#parts.unroutable().length > 0;
  }

  #statement({ pod, podName, members }: FleetStatus): string {
    const pods = Math.max(1, members.length);
    const others = pods === 1 ? '' : `; ${pods} pods may send this`;
    const { unroutable, down } = this.#seen();
    const groups = unroutable === '' ? '' : `no routable deployment as this pod sees it: ${unroutable}; `;
    return `Redis unreachable from pod ${podName ?? pod}${others}; ${groups}${down === '' ? 'no target is down as this pod sees it' : down}`;
  }

  #seen(): { readonly unroutable: string; readonly down: string } {
    const { down, unroutable } = this.#parts;
    const names = namesOf(down());
    return { unroutable: namesOf(unroutable()), down: names === '' ? '' : `down as this pod sees it: ${names}` };
  }
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
