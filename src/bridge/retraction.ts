import type { PodId, StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, SeenResults } from '../ports/index.ts';
import type { BridgeLog } from './bridge-log.ts';
import type { ForeignResults } from './foreign-results.ts';
import { authorOf } from './author.ts';
import type { Writer } from './writer.ts';

/**
 * Time for which a pod without a document leaves another allswell pod's results in place. After a restart it soon has
 * its predecessor's verdicts, and without results all LiteLLM pods would probe.
 */
const GRACE_MS = 10_000;

export interface RetractionParts {
  readonly pod: PodId;
  readonly store: Pick<BridgeStore, 'retract'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly now: () => StoreTime;
  readonly writer: Writer;
  readonly foreign: ForeignResults;
  readonly lines: BridgeLog;
}

type Found = Exclude<SeenResults, { kind: 'none' }>;

/**
 * Retracts results that are not current while this pod has none to replace them, because LiteLLM's pods would use them
 * instead of probing. Valid results of LiteLLM's pods stay.
 */
export class Retraction {
  readonly #parts: RetractionParts;
  #withheldMs: number | undefined;

  constructor(parts: RetractionParts) {
    this.#parts = parts;
  }

  /** The grace for a predecessor's results starts again whenever this pod gets the lease. */
  begin(): void {
    this.#withheldMs = undefined;
  }

  /** Must be called with the stored results after every read. */
  async clear(found: SeenResults): Promise<void> {
    const { pod, store, clock, deadlineMs, now, writer, lines } = this.#parts;
    const { composed } = writer;
    if (composed?.kind !== 'withheld') {
      this.#withheldMs = undefined;
      return;
    }
    this.#withheldMs ??= clock.monotonicMs();
    if (found.kind === 'none' || !(await this.#mustGo(found))) return;
    const { publication } = writer;
    const answer = await store.retract({ pod, fingerprint: found.fingerprint, notAfter: now() + deadlineMs * 1_000 });
    if (answer.kind !== 'ok' || answer.value === 'kept') return;
    // Only if nothing was published in the meantime.
    if (writer.publication === publication) writer.publication = null;
    if (found.kind === 'other') lines.retracted(authorOf(found.checkedBy, pod), composed);
  }

  async #mustGo(found: Found): Promise<boolean> {
    if (found.kind === 'published') return true;
    const { pod, clock, foreign } = this.#parts;
    const author = authorOf(found.checkedBy, pod);
    if (author === 'this pod') return true;
    if (author === 'a pod of ours') return clock.monotonicMs() - (this.#withheldMs ?? 0) >= GRACE_MS;
    return (await foreign.isSound(found.fingerprint)) === false;
  }
}
