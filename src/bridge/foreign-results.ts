import type { StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, OtherModel, OtherModels, OwnModel, ResultsFingerprint } from '../ports/index.ts';
import type { BridgeLog } from './bridge-log.ts';
import { otherModels } from './other-models.ts';
import { readResults } from './read-results.ts';

/** Shortest interval of reads of the whole text, and the interval after a failed read. */
const READ_MS = 1_000;
const READ_AGAIN_MS = 30_000;
/** Room for thousands of deployments. Larger texts would keep this pod busy for too long. */
const MOST_BYTES = 4_000_000;

export interface ForeignResultParts {
  readonly store: Pick<BridgeStore, 'readText'>;
  readonly clock: Clock;
  readonly now: () => StoreTime;
  readonly lines: BridgeLog;
  /** Every deployment that this pod publishes. */
  readonly models: () => readonly OwnModel[];
  /** Deployments that this pod does not probe. */
  readonly unprobed: () => readonly OwnModel[];
}

/** Results that this pod did not write. Each is read once, since it stays until LiteLLM's next round. */
export class ForeignResults {
  readonly #parts: ForeignResultParts;
  #nextMs = -Infinity;
  #read: { readonly fingerprint: ResultsFingerprint; readonly sound: boolean } | undefined;
  #models: { readonly foreign: readonly OtherModel[]; readonly seenAt: StoreTime } | undefined;

  constructor(parts: ForeignResultParts) {
    this.#parts = parts;
  }

  /** Difference between LiteLLM's deployments, as last seen, and this pod's; null until some were seen. */
  get others(): OtherModels | null {
    if (this.#models === undefined) return null;
    const { foreign, seenAt } = this.#models;
    return { ...otherModels(foreign, this.#parts.models(), this.#parts.unprobed()), seenAt };
  }

  /** True if LiteLLM's pods can use the results; undefined while that is unknown. */
  async isSound(fingerprint: ResultsFingerprint): Promise<boolean | undefined> {
    if (this.#read?.fingerprint === fingerprint) return this.#read.sound;
    const { store, clock, now, lines } = this.#parts;
    if (clock.monotonicMs() < this.#nextMs) return undefined;
    const answer = await store.readText(MOST_BYTES);
    this.#nextMs = clock.monotonicMs() + (answer.kind === 'ok' ? READ_MS : READ_AGAIN_MS);
    if (answer.kind !== 'ok') return undefined;
    const { models, sound } = readResults(answer.value, now());
    // A missing text, or one that is too long, does no harm.
    this.#read = { fingerprint, sound: sound || answer.value === '' };
    if (models.length > 0) {
      this.#models = { foreign: models, seenAt: now() };
      if (this.others !== null) lines.others(this.others);
    }
    return this.#read.sound;
  }
}
