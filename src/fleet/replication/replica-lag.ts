import type { StoreTime } from '../../health/index.ts';
import type { Clock, MemberLag, StoreMeta } from '../../ports/index.ts';

const SLOT_MS = 10_000;
/** The last minute. */
const SLOTS = 6;
/**
 * Steps of the published lag, s. Every change of a heartbeat is sent to all pods, so the exact value would be sent with
 * each heartbeat.
 */
const STEPS = [60, 10, 1, 0.1, 0] as const;

/** What the lag is computed from. */
export interface ReplicaLagParts {
  readonly clock: Clock;
  readonly now: () => StoreTime;
  /** The latest that the store's clock can be now, so that no lag is too small. */
  readonly latest: () => StoreTime;
}

interface Behind {
  readonly sinceMs: number;
  /** The replica equals the store again once events up to this sequence are applied … */
  readonly seq: number;
  /** … and, if true, the records were read again. */
  readonly needsResync: boolean;
}

/**
 * How far the replica is behind the store: from the store's time of an event, or of an answer that was not ahead, until
 * the replica had it; and while it is known to be behind, the time since the first sign of it. A sign can come late: a
 * silent channel is noticed after 1.75 s.
 */
export class ReplicaLag {
  readonly #parts: ReplicaLagParts;
  /** Longest lag by slot of time, oldest first, s. */
  #slots: { readonly index: number; peak: number }[] = [];
  #behind: Behind | undefined;
  #synced = false;
  /** The store is unreachable: the lag counts anew from the next resync. */
  #lost = false;
  #published: MemberLag | undefined;

  constructor(parts: ReplicaLagParts) {
    this.#parts = parts;
  }

  /** Longest lag of the last minute, s; undefined until the first resync. While the store is unreachable, it grows. */
  get longestSeconds(): number | undefined {
    if (!this.#synced) return undefined;
    return Math.max(this.#behindSeconds, ...this.#lastMinute());
  }

  /**
   * The lag for heartbeats: the highest step that was reached in two of the last six slots of ten seconds. One pause of
   * the store, which all pods see at once, changes nothing, and a lag ends a minute after its last signs.
   */
  publish(): MemberLag | undefined {
    if (!this.#synced || this.#lost) return this.#published;
    this.#note(this.#behindSeconds);
    const [, second = 0] = this.#lastMinute().toSorted((a, b) => b - a);
    const seconds = STEPS.find((step) => step <= second) ?? 0;
    if (seconds !== this.#published?.seconds) {
      this.#published = { seconds, since: Math.floor(this.#parts.now() / 1000) };
    }
    return this.#published;
  }

  /** The store answered, and the replica has its events up to `appliedSeq`. */
  answered({ now, seq }: StoreMeta, appliedSeq: number): void {
    if (seq > appliedSeq) this.#fallBehind(seq);
    else if (this.#behind === undefined) this.#noteSince(now);
  }

  /** An event that the store published at `at` was applied. */
  applied(at: StoreTime, appliedSeq: number): void {
    this.#noteSince(at);
    if (this.#behind?.needsResync === false && this.#behind.seq <= appliedSeq) this.#catchUp();
  }

  /** Events were missed, or can be missed from now on. */
  needsResync(): void {
    this.#fallBehind();
  }

  storeUnreachable(): void {
    this.#lost = true;
    this.#fallBehind();
  }

  /** The store's clock was set, so earlier times cannot be compared with it. */
  clockSet(): void {
    this.#slots = [];
  }

  /**
   * All records were read.
   *
   * @param startedMs when the read began: without the push channel, the replica is behind from then on
   */
  resynced(
    startedMs: number,
    { appliedSeq, follows }: { readonly appliedSeq: number; readonly follows: boolean },
  ): void {
    if (this.#lost || !this.#synced) {
      this.#slots = [];
      this.#behind = undefined;
    }
    this.#lost = false;
    this.#synced = true;
    const { seq = 0 } = this.#behind ?? {};
    if (seq <= appliedSeq) this.#catchUp();
    if (!follows) this.#behind = { sinceMs: startedMs, seq, needsResync: true };
    else if (this.#behind !== undefined) this.#behind = { ...this.#behind, needsResync: false };
  }

  get #behindSeconds(): number {
    return this.#behind === undefined ? 0 : (this.#parts.clock.monotonicMs() - this.#behind.sinceMs) / 1000;
  }

  #fallBehind(seq?: number): void {
    const { sinceMs = this.#parts.clock.monotonicMs(), seq: earlier = 0, needsResync = false } = this.#behind ?? {};
    this.#behind = { sinceMs, seq: Math.max(earlier, seq ?? 0), needsResync: needsResync || seq === undefined };
  }

  #catchUp(): void {
    this.#note(this.#behindSeconds);
    this.#behind = undefined;
  }

  #noteSince(at: StoreTime): void {
    this.#note((this.#parts.latest() - at) / 1_000_000);
  }

  #note(seconds: number): void {
    const index = this.#index;
    const newest = this.#slots.at(-1);
    if (newest?.index === index) newest.peak = Math.max(newest.peak, seconds);
    else this.#slots = [...this.#slots, { index, peak: Math.max(0, seconds) }].slice(-SLOTS);
  }

  #lastMinute(): number[] {
    const oldest = this.#index - SLOTS;
    return this.#slots.filter(({ index }) => index > oldest).map(({ peak }) => peak);
  }

  get #index(): number {
    return Math.floor(this.#parts.clock.monotonicMs() / SLOT_MS);
  }
}
