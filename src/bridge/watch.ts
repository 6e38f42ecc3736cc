import type { PodId, StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, Displacement, Seen, SeenResults, StoreLoss } from '../ports/index.ts';
import type { Retraction } from './retraction.ts';
import type { BridgeLog } from './bridge-log.ts';
import type { SeenPods } from './seen-pods.ts';
import type { ForeignResults } from './foreign-results.ts';
import { authorOf } from './author.ts';
import { ReadSigns } from './read-signs.ts';
import type { Writer } from './writer.ts';

/** Far below any TTL of results, so that a LiteLLM pod with a fast clock or a shorter TTL still accepts them. */
const REFRESH_MS = 5_000;
/** Interval of attempts while there is nothing to publish. */
const RETRY_MS = 1_000;

/** The expiry of published results is known to the millisecond; a server under load sets it a little later. */
const EXPIRY_ERROR_MS = 100;

/** Interval of reads of the key without a namespace. */
const UNNAMESPACED_MS = 10_000;

export interface WatchParts {
  readonly pod: PodId;
  readonly store: Pick<BridgeStore, 'readAccess' | 'readResults' | 'readUnnamespaced'>;
  readonly retraction: Retraction;
  readonly clock: Clock;
  readonly now: () => StoreTime;
  readonly writer: Writer;
  readonly pods: SeenPods;
  readonly foreign: ForeignResults;
  readonly lines: BridgeLog;
}

/** Reads LiteLLM's keys, and publishes when a refresh is due or when the published results were replaced. */
export class Watch {
  readonly #parts: WatchParts;
  #readMs = -Infinity;
  #triedMs = -Infinity;
  #unnamespacedMs = -Infinity;
  readonly #reads = new ReadSigns();
  /** The user lacks the rights to see the expiry of the results, so each check reads them. */
  #readsAlways = false;
  unnamespacedKey: string | null = null;
  readonly displaced: Record<Displacement, number> = { litellm: 0, unknown: 0, vanished: 0 };
  litellmResultsAt: StoreTime | null = null;
  loss: StoreLoss | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Returns the time for which the publication was in place since the last read, ms. */
  async read(allowed: () => boolean): Promise<number> {
    const { clock, writer } = this.#parts;
    const { attempts } = writer;
    const readMs = clock.monotonicMs();
    const seen = (await this.#checkExpiry()) ?? (await this.#readResults());
    if (seen === 'no answer') return 0;
    if (readMs >= this.#unnamespacedMs) await this.#checkUnnamespaced(readMs);
    const { results, lockOwner } = seen;
    const sinceMs = Math.min(readMs - this.#readMs, 1_000);
    this.#readMs = readMs;
    if (lockOwner !== null) this.#parts.pods.add(lockOwner);
    // A publication during this read makes its result obsolete.
    if (attempts !== writer.attempts) return 0;
    const isInPlace = results.kind === 'published';
    if (!isInPlace) await this.#displacedBy(results);
    if ((!isInPlace || this.#refreshDue()) && this.#tryDue()) {
      this.#triedMs = readMs;
      await writer.publish(allowed);
    }
    await this.#parts.retraction.clear(results);
    return isInPlace ? sinceMs : 0;
  }

  /**
   * Recognises the published results by their expiry, without reading them: a read would hide those of LiteLLM's pods.
   * Undefined where only a read can tell.
   */
  async #checkExpiry(): Promise<Seen | 'no answer' | undefined> {
    const { store, writer, pods } = this.#parts;
    const { publication, attempts } = writer;
    if (!writer.isInPlace || publication === null || this.#refreshDue() || this.#readsAlways) return undefined;
    const answer = await store.readAccess();
    if (answer.kind === 'lost' && answer.loss.code === 'no-permission') {
      this.#readsAlways = true;
      pods.readsVisible = false;
      return undefined;
    }
    this.loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind !== 'ok') return 'no answer';
    const { lifeMs, idleMs, lockOwner } = answer.value;
    const expectedMs = (publication.expiresAt - answer.meta.now) / 1_000;
    const isOurs = lifeMs !== null && Math.abs(lifeMs - expectedMs) <= EXPIRY_ERROR_MS;
    if (!isOurs || writer.attempts !== attempts) return undefined;
    pods.readsVisible = idleMs !== null;
    if (idleMs !== null && this.#reads.isRead(idleMs, attempts)) pods.sign('read');
    return { results: { kind: 'published', fingerprint: publication.fingerprint }, lockOwner };
  }

  async #readResults(): Promise<Seen | 'no answer'> {
    const { store, writer } = this.#parts;
    const answer = await store.readResults(writer.isInPlace ? (writer.publication?.fingerprint ?? null) : null);
    this.#reads.used();
    this.loss = answer.kind === 'lost' ? answer.loss : null;
    return answer.kind === 'ok' ? answer.value : 'no answer';
  }

  /** True also while results are withheld, because they may be publishable again. */
  #refreshDue(): boolean {
    const { ageMs, publication, composed } = this.#parts.writer;
    return composed?.kind === 'withheld' || ageMs >= Math.min(REFRESH_MS, (publication?.lifeMs ?? 0) / 3);
  }

  #tryDue(): boolean {
    const { writer, clock } = this.#parts;
    return writer.composed?.kind !== 'withheld' || clock.monotonicMs() - this.#triedMs >= RETRY_MS;
  }

  async #checkUnnamespaced(nowMs: number): Promise<void> {
    const { store, pod } = this.#parts;
    const answer = await store.readUnnamespaced();
    // A user without the right to read that key, as with the minimal rights of a bridge, does not get it later.
    const never = answer === null || (answer.kind === 'lost' && answer.loss.code === 'no-permission');
    this.#unnamespacedMs = never ? Infinity : nowMs + UNNAMESPACED_MS;
    if (answer?.kind !== 'ok') return;
    const { key, results } = answer.value;
    this.unnamespacedKey = results.kind === 'other' && authorOf(results.checkedBy, pod) === 'LiteLLM' ? key : null;
  }

  async #displacedBy(results: Exclude<SeenResults, { kind: 'published' }>): Promise<void> {
    const { pod, pods, foreign, writer, lines, now } = this.#parts;
    const by = results.kind === 'other' ? results.checkedBy : null;
    const author = authorOf(by, pod);
    // A publication whose answer was lost, or that of the previous holder, is not a displacement.
    if (author === 'this pod' || author === 'a pod of ours') return;
    const displacement = results.kind === 'none' ? 'vanished' : author === 'LiteLLM' ? 'litellm' : 'unknown';
    if (results.kind === 'other' && displacement === 'litellm' && by !== null) {
      pods.add(by);
      await foreign.isSound(results.fingerprint);
    }
    if (!writer.isInPlace) return;
    this.displaced[displacement] += 1;
    if (displacement === 'litellm') this.litellmResultsAt = now();
    lines.displaced(displacement, by);
  }
}
