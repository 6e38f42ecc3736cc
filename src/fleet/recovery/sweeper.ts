import { counted } from '../../health/index.ts';
import type { StoreTime, TargetId, TargetRecord } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { SampledTarget, Timer } from '../../ports/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Incidents, StoreCircuitBreaker } from '../store/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import { plainRankOf } from '../membership/index.ts';
import type { Replica } from '../replication/index.ts';

const SWEEP_MS = 600_000;
const SAMPLE_MS = 60_000;
const FIRST_SAMPLE_MS = 10_000;
/** Records of another model list lie there for a day after a deploy: half of a sample, if the whole list was replaced. */
const FOREIGN_FROM = { names: 40, share: 0.6, removed: 1_000 } as const;
const KEPT_MS = 86_400_000;
const KEPT_INTERVALS = 10;
/** Samples of one round: a day of rounds meets all that 10,000 targets have, and a hundred thousand planted fields are gone in hours. */
const MIN_SAMPLES = 5;
const MAX_SAMPLES = 100;
/** Not a target: only a name to choose the sweeping pod by, as targets choose theirs. */
const SWEEPER_NAME: TargetId = '@sweep';

/** What the sweeper looks at. */
export interface SweeperParts {
  readonly replica: Replica;
  readonly holds: Pick<Holds, 'sweep'>;
  readonly membership: Pick<Membership, 'isListed'>;
  readonly incidents: Pick<Incidents, 'foreignData'>;
  readonly others: () => readonly string[];
  readonly now: () => number;
}

/**
 * Forgets holds that are long over, targets that no pod has looked at for a day or ten intervals, and what is left of
 * targets without a record that no pod lists. One pod does it; two at once do no harm.
 */
export class Sweeper {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #parts: SweeperParts;
  #timer: Timer | undefined;
  #sampleTimer: Timer | undefined;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, parts: SweeperParts) {
    this.#options = options;
    this.#circuit = circuit;
    this.#parts = parts;
  }

  start(): void {
    const delayMs = SWEEP_MS * (0.5 + this.#options.random.next());
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      void this.sweep();
      this.start();
    });
    this.#sampleTimer ??= this.#sampleIn(FIRST_SAMPLE_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#sampleTimer?.cancel();
  }

  /** One sample: where most of it is of targets that no pod lists, that is told, and a round begins at once. */
  async sampleOnce(): Promise<void> {
    if (!this.#isMyTurn()) return;
    const { pod } = this.#options;
    const answer = await this.#circuit.call('sample', (store, notAfter) => store.sample({ pod, notAfter }));
    if (answer.kind !== 'ok') return;
    const { targets } = answer.value;
    const unlisted = targets.filter(({ target }) => this.#isUnlisted(target)).length;
    if (unlisted < FOREIGN_FROM.names || unlisted < targets.length * FOREIGN_FROM.share) return;
    this.#parts.incidents.foreignData(unlisted, targets.length);
    await this.sweep();
  }

  #sampleIn(delayMs: number): Timer {
    return this.#options.clock.setTimer(delayMs, () => {
      void this.sampleOnce();
      this.#sampleTimer = this.#sampleIn(SAMPLE_MS);
    });
  }

  #isMyTurn(): boolean {
    return plainRankOf(SWEEPER_NAME, this.#options.pod, this.#parts.others()) === 0;
  }

  /** One round, if it is this pod's turn: samples for as long as they have much that nobody needs. */
  async sweep(): Promise<void> {
    const { holds } = this.#parts;
    const { pod, logger } = this.#options;
    if (!this.#isMyTurn()) return;
    const removed = { old: 0, orphaned: 0, sampled: 0 };
    await holds.sweep();
    for (let samples = 1; samples <= MAX_SAMPLES; samples += 1) {
      // oxlint-disable-next-line no-await-in-loop -- bounded answers, one after another
      const answer = await this.#circuit.call('sample', (store, notAfter) => store.sample({ pod, notAfter }));
      if (answer.kind !== 'ok') break;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await holds.sweep(answer.value.holds);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const [old, stray] = await this.#remove(answer.value.targets);
      removed.sampled += answer.value.targets.length;
      removed.old += old;
      removed.orphaned += stray;
      if (samples >= MIN_SAMPLES && old + stray === 0) break;
    }
    if (removed.old > 0) {
      logger.info(`Removed the records of ${removed.old} targets: no pod has probed them for more than a day`);
    }
    if (removed.orphaned >= FOREIGN_FROM.removed) {
      this.#parts.incidents.foreignData(removed.orphaned, removed.sampled);
    }
    if (removed.orphaned > 0) {
      logger.info(
        `Removed leases, spend or history of ${removed.orphaned} targets: they have no record and are in no pod's model list`,
      );
    }
  }

  /** Answers how many were too old, and of how many something was left that no pod needs. */
  async #remove(sampled: readonly SampledTarget[]): Promise<[old: number, stray: number]> {
    const { pod, targets } = this.#options;
    const longest = Math.max(0, ...targets.map(({ intervalMs }) => intervalMs));
    const oldest = this.#parts.now() - Math.max(KEPT_MS, KEPT_INTERVALS * longest) * 1000;
    const unneeded = sampled.filter((one) => this.#isUnneeded(one, oldest));
    const recorded = new Set(unneeded.flatMap(({ target, stored }) => (stored?.kind === 'record' ? [target] : [])));
    let old = 0;
    let orphaned = 0;
    for (let i = 0; i < unneeded.length; i += MAX_BATCH) {
      const records = unneeded.slice(i, i + MAX_BATCH).map(({ target, version }) => ({ target, version }));
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('sweep', (store, notAfter) => store.sweep({ pod, notAfter, records }));
      if (answer.kind !== 'ok') break;
      for (const target of answer.value) {
        this.#parts.replica.forget(target);
        if (recorded.has(target)) old += 1;
        else orphaned += 1;
      }
    }
    return [old, orphaned];
  }

  /** Too old, or without a record that can be read, and of a target that no pod lists. */
  #isUnneeded({ target, stored }: SampledTarget, oldest: StoreTime): boolean {
    if (stored?.kind === 'record') return newestProbeAt(stored.record) < oldest;
    return stored?.kind !== 'newer' && this.#isUnlisted(target);
  }

  /** Whether all lists are known, and none has it. */
  #isUnlisted(target: TargetId): boolean {
    return this.#parts.membership.isListed(target) === false;
  }
}

/** Free looks refresh no evidence, and somebody looked all the same. */
function newestProbeAt({ evidenceAt, facts }: TargetRecord): StoreTime {
  return Math.max(evidenceAt, facts.last.at);
}
