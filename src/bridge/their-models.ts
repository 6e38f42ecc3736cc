import type { BridgeStore, Clock, OtherModels } from '../ports/index.ts';
import type { BridgeLines } from './lines.ts';
import { otherModels } from './other-models.ts';

/** LiteLLM's pods may publish again and again; whoever reads all of it does so once in this time. */
const READ_MS = 60_000;
/** Thousands of deployments; more would keep this pod busy for too long. */
const MOST_BYTES = 4_000_000;

export interface TheirModelsParts {
  readonly store: Pick<BridgeStore, 'text'>;
  readonly clock: Clock;
  readonly lines: BridgeLines;
  /** Of every deployment that this pod vouches for. */
  readonly rows: () => readonly object[];
}

/** Whether LiteLLM's pods have the models that this pod has: asked where results of their own are found. */
export class TheirModels {
  readonly #parts: TheirModelsParts;
  #readMs = -Infinity;
  /** As of the last results of theirs that were read; null while none were. */
  others: OtherModels | null = null;

  constructor(parts: TheirModelsParts) {
    this.#parts = parts;
  }

  /** To be called before they are overwritten. */
  async read(): Promise<void> {
    const { store, clock, lines, rows } = this.#parts;
    if (clock.monotonicMs() - this.#readMs < READ_MS) return;
    this.#readMs = clock.monotonicMs();
    const answer = await store.text(MOST_BYTES);
    const found = answer.kind === 'ok' ? otherModels(answer.value, rows()) : undefined;
    if (found === undefined) return;
    this.others = found;
    lines.others(found);
  }
}
