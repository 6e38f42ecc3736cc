import type { AlertMetrics, Logger } from '../../ports/index.ts';
import type { ReceiverQueues } from '../delivery/index.ts';
import { MOST_OUTGOING, noted, settled } from '../incidents/index.ts';
import type { AlertBook, Outgoing } from '../incidents/index.ts';
import { textOfBook } from './book-text.ts';
import { fittedBook } from './fitted-book.ts';
import type { SharedBook } from './shared-book.ts';

export interface BookWriterParts {
  readonly shared: SharedBook;
  readonly queues: ReceiverQueues;
  readonly logger: Pick<Logger, 'warn'>;
  readonly metrics: AlertMetrics;
  readonly redact: (text: string) => string;
}

/** Writes the book with the results of deliveries, within its bounds, and says what does not fit. */
export class BookWriter {
  readonly #parts: BookWriterParts;
  #isFull = false;

  constructor(parts: BookWriterParts) {
    this.#parts = parts;
  }

  /** False if nothing was written. */
  async write(book: AlertBook): Promise<boolean> {
    const { shared, queues, logger } = this.#parts;
    const [done, failures] = [[...queues.done], [...queues.failures]];
    let next = noted(book, failures);
    for (const one of done) next = settled(next, one);
    const { book: fitted, isFull, dropped } = fittedBook(next, shared.book);
    if (isFull && !this.#isFull) {
      logger.warn(
        'Alerts: their document is full, so new incidents are not reported until others end. To fix: see why so many are open',
      );
    }
    this.#isFull = isFull;
    const kept = this.#withoutDropped(fitted, dropped);
    // What was refused is tried at each step: it must not be written each time.
    if (isFull && done.length === 0 && textOfBook(kept) === textOfBook(shared.book)) return false;
    if (!(await shared.write(kept))) return false;
    queues.written(done, failures);
    this.#report(dropped);
    return true;
  }

  /** A receiver gets no other message about an incident whose trigger was dropped, and its last result says so. */
  #withoutDropped(book: AlertBook, dropped: readonly Outgoing[]): AlertBook {
    let next = book;
    for (const { notice, pending } of dropped) {
      for (const receiver of pending) {
        const at = book.deliveries.find((one) => one.receiver === receiver)?.at ?? notice.at;
        const answer = `dropped: more than ${MOST_OUTGOING} messages waited`;
        next = settled(next, { notice, delivery: { receiver, at: Math.max(at, notice.at), result: 'failed', answer } });
      }
    }
    return next;
  }

  #report(dropped: readonly Outgoing[]): void {
    const { logger, metrics, redact } = this.#parts;
    const [first] = dropped;
    if (first === undefined) return;
    for (const receiver of dropped.flatMap(({ pending }) => pending)) metrics.alertSent(receiver, 'dropped');
    logger.warn(
      `Alerts: ${dropped.length} messages dropped, because too many wait. The first: ${redact(first.notice.title)}. To fix: see why receivers do not take them: allswell alerts`,
    );
  }
}
