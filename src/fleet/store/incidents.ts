import { counted } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { Clock, Incident, IncidentKind, Logger } from '../../ports/index.ts';

const MINUTE_MS = 60_000;
/** An incident is shown for this long after its last occurrence. */
const SHOWN_US = 600_000_000;

/** Data that this pod restores after a loss. */
export interface RestoredCounts {
  readonly records: number;
  readonly holds: number;
}

/**
 * Incidents of the store: it lost its data, or a client that is no pod wrote to it or to its channel. Each kind is
 * logged in one WARNING line per minute, and shown while it is recent.
 */
export class Incidents {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #now: () => StoreTime;
  readonly #seen = new Map<IncidentKind, Incident>();
  readonly #loggedMs = new Map<string, number>();

  constructor({ logger, clock }: { readonly logger: Logger; readonly clock: Clock }, now: () => StoreTime) {
    this.#logger = logger;
    this.#clock = clock;
    this.#now = now;
  }

  /** Incidents of the last ten minutes. */
  recent(): readonly Incident[] {
    const from = this.#now() - SHOWN_US;
    return Array.from(this.#seen.values()).filter(({ at }) => at > from);
  }

  dataLost({ records, holds }: RestoredCounts): void {
    const counts = `${counted(records, 'record')}, ${counted(holds, 'hold')} and its budget counts`;
    // Two pods restore each record, so nothing may be left for this one.
    const nothing = records + holds === 0;
    const restored = nothing ? 'other pods restore the records' : `this pod restores ${counts}`;
    // The note is read minutes later.
    this.note('store-lost-data', nothing ? 'other pods restored the records' : `this pod restored ${counts}`);
    if (!this.#isDue('store-lost-data')) return;
    this.#logger.warn(
      `Redis lost its data or its latest writes: ${restored}. To fix: find out what flushed or restarted it; if you need earlier spend sums, enable persistence`,
    );
  }

  /** The channel announced a hold that the store does not have. */
  forgedHold(name: string): void {
    this.note('forged-messages', `ignored a message that announced a hold on ${name}: Redis has no such hold`);
    if (!this.#isDue('forged-hold')) return;
    this.#logger.warn(
      `Ignored a message on the fleet's channel that announced a hold on ${name}: Redis has no such hold, so no pod sent it. To fix: restrict the channel to the pods' user`,
    );
  }

  /** Most sampled data belongs to targets that no pod lists. */
  foreignData(unlisted: number, sampled: number): void {
    this.note('foreign-data', `${unlisted} of ${sampled} sampled names belong to targets in no pod's model list`);
    if (!this.#isDue('foreign-data')) return;
    this.#logger.warn(
      `Redis holds data of ${unlisted} of ${sampled} sampled targets that no pod lists: the pods remove it within about a day. To fix: find the client that writes it`,
    );
  }

  /** Records an incident that is logged elsewhere. */
  note(kind: IncidentKind, what: string): void {
    const at = this.#now();
    const before = this.#seen.get(kind);
    const same = before !== undefined && before.at > at - SHOWN_US;
    this.#seen.set(kind, { kind, what, at, count: same ? before.count + 1 : 1 });
  }

  #isDue(line: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#loggedMs.get(line) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false;
    this.#loggedMs.set(line, nowMs);
    return true;
  }
}
