import type { StoreTime, TargetId, TargetRecord } from '../health/index.ts';
import { MAX_BATCH } from '../ports/index.ts';
import type { Timer } from '../ports/index.ts';
import type { Holds } from './holds.ts';
import type { StoreLink } from './link.ts';
import type { FleetOptions } from './options.ts';
import { plainRankOf } from './rank.ts';
import type { FleetView } from './view.ts';

const SWEEP_MS = 600_000;
const KEPT_MS = 86_400_000;
const KEPT_INTERVALS = 10;
/** Not a target: only a name to choose the sweeping pod by, as targets choose theirs. */
const SWEEPER_SEAT: TargetId = '@sweep';

/** What the sweeper looks at. */
export interface SweeperParts {
  readonly view: FleetView;
  readonly holds: Pick<Holds, 'sweep'>;
  readonly others: () => readonly string[];
  readonly now: () => number;
}

/** Forgets holds that are long over, and targets nobody has looked at for a day or ten intervals. One pod does it; two at once do no harm. */
export class Sweeper {
  readonly #options: FleetOptions;
  readonly #link: StoreLink;
  readonly #parts: SweeperParts;
  #timer: Timer | undefined;

  constructor(options: FleetOptions, link: StoreLink, parts: SweeperParts) {
    this.#options = options;
    this.#link = link;
    this.#parts = parts;
  }

  start(): void {
    const delayMs = SWEEP_MS * (0.5 + this.#options.random.next());
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      void this.sweep();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** One round, if it is this pod's turn. */
  async sweep(): Promise<void> {
    const { view, holds, others, now } = this.#parts;
    const { pod, logger, targets } = this.#options;
    if (plainRankOf(SWEEPER_SEAT, pod, others()) !== 0) return;
    await holds.sweep();
    const longest = Math.max(0, ...targets.map(({ intervalMs }) => intervalMs));
    const keptUs = Math.max(KEPT_MS, KEPT_INTERVALS * longest) * 1000;
    const old = [...view.known()].filter((id) => lookedAt(view.record(id)) < now() - keptUs);
    for (let i = 0; i < old.length; i += MAX_BATCH) {
      const records = old.slice(i, i + MAX_BATCH).map((target) => ({ target, version: view.version(target) }));
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#link.call('sweep', (store, notAfter) => store.sweep({ pod, notAfter, records }));
      if (answer.kind !== 'ok') return;
      for (const target of answer.value) view.forget(target);
      if (answer.value.length > 0) logger.info(`Forgot ${answer.value.length} targets that no pod has probed for long`);
    }
  }
}

/** Free looks refresh no evidence, and somebody looked all the same. */
function lookedAt(record: TargetRecord | undefined): StoreTime {
  if (record === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(record.evidenceAt, record.facts.lastProbe.at);
}
