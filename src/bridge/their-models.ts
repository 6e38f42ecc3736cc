import type { StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, OtherModel, OtherModels } from '../ports/index.ts';
import type { BridgeLines } from './lines.ts';
import { modelsIn, otherModels } from './other-models.ts';

/** LiteLLM's pods may publish again and again; whoever reads all of it does so once in this time. */
const READ_MS = 60_000;
/** Thousands of deployments; more would keep this pod busy for too long. */
const MOST_BYTES = 4_000_000;

export interface TheirModelsParts {
  readonly store: Pick<BridgeStore, 'text'>;
  readonly clock: Clock;
  readonly now: () => StoreTime;
  readonly lines: BridgeLines;
  /** Every deployment that this pod vouches for. */
  readonly models: () => readonly OtherModel[];
}

/** Whether LiteLLM's pods have the models that this pod has: asked where results of their own are found. */
export class TheirModels {
  readonly #parts: TheirModelsParts;
  #readMs = -Infinity;
  #read: { readonly theirs: readonly OtherModel[]; readonly seenAt: StoreTime } | undefined;

  constructor(parts: TheirModelsParts) {
    this.#parts = parts;
  }

  /** By the last results of theirs that were read, and by what this pod vouches for now; null while none were. */
  get others(): OtherModels | null {
    if (this.#read === undefined) return null;
    const { theirs, seenAt } = this.#read;
    return { ...otherModels(theirs, this.#parts.models()), seenAt };
  }

  /** To be called before they are overwritten. */
  async read(): Promise<void> {
    const { store, clock, now, lines } = this.#parts;
    if (clock.monotonicMs() - this.#readMs < READ_MS) return;
    this.#readMs = clock.monotonicMs();
    const answer = await store.text(MOST_BYTES);
    const theirs = answer.kind === 'ok' ? modelsIn(answer.value) : [];
    if (theirs.length === 0) return;
    this.#read = { theirs, seenAt: now() };
    if (this.others !== null) lines.others(this.others);
  }
}
