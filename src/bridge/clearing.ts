import type { PodId, StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, SeenResults } from '../ports/index.ts';
import type { BridgeLines } from './lines.ts';
import type { Theirs } from './theirs.ts';
import { authorOf } from './whose.ts';
import type { Writer } from './writer.ts';

/**
 * How long a pod that cannot vouch for anything leaves what another pod of ours published: after a restart it knows soon
 * what its predecessor knew, and LiteLLM's pods would all probe meanwhile.
 */
const GRACE_MS = 10_000;

export interface ClearingParts {
  readonly pod: PodId;
  readonly store: Pick<BridgeStore, 'retract'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly now: () => StoreTime;
  readonly writer: Writer;
  readonly theirs: Theirs;
  readonly lines: BridgeLines;
}

type Found = Exclude<SeenResults, { kind: 'none' }>;

/**
 * Takes away what nobody vouches for, while this pod has nothing to put in its place: LiteLLM's pods would go on
 * believing it, and not look. What they found out themselves is left to them.
 */
export class Clearing {
  readonly #parts: ClearingParts;
  #withheldMs: number | undefined;

  constructor(parts: ClearingParts) {
    this.#parts = parts;
  }

  /** A predecessor's time begins anew with each turn of this pod. */
  begin(): void {
    this.#withheldMs = undefined;
  }

  /** To be told what lies there at every look. */
  async clear(found: SeenResults): Promise<void> {
    const { pod, store, clock, deadlineMs, now, writer, lines } = this.#parts;
    if (writer.composed?.kind !== 'withheld') {
      this.#withheldMs = undefined;
      return;
    }
    this.#withheldMs ??= clock.monotonicMs();
    if (found.kind === 'none' || !(await this.#mustGo(found))) return;
    const { standing } = writer;
    const answer = await store.retract({ pod, print: found.print, notAfter: now() + deadlineMs * 1_000 });
    if (answer.kind !== 'ok' || answer.value === 'left') return;
    // Unless something was published meanwhile.
    if (writer.standing === standing) writer.standing = null;
    if (found.kind === 'other') lines.tookAway(authorOf(found.checkedBy, pod));
  }

  async #mustGo(found: Found): Promise<boolean> {
    if (found.kind === 'published') return true;
    const { pod, clock, theirs } = this.#parts;
    const author = authorOf(found.checkedBy, pod);
    if (author === 'this pod') return true;
    if (author === 'a pod of ours') return clock.monotonicMs() - (this.#withheldMs ?? 0) >= GRACE_MS;
    return (await theirs.isSound(found.print)) === false;
  }
}
