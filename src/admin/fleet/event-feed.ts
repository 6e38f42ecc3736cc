import type { ByteSource } from '../../http/index.ts';
import type { Clock, FleetChange, Timer } from '../../ports/index.ts';
import { boundedQueue } from './bounded-queue.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import { changeOf, snapshotOf } from './event-data.ts';
import type { EventParts } from './event-data.ts';

const encoder = new TextEncoder();

/** A comment: shows that the stream lives, to proxies as well. */
const heartbeat: Uint8Array = encoder.encode(': heartbeat\n\n');

/** Readers at once; each may hold a queue and a connection. */
const MAX_READERS = 100;
/** Changes kept for readers who come back. */
const KEPT_CHANGES = 1_000;
/** What a reader may leave unread, beside its snapshot. */
const SLACK_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;
/** How long a reader has its place for sure. After that it gives it up where another one finds none. */
const PLACE_MS = 30_000;

export interface EventFeedOptions extends EventParts {
  readonly clock: Clock;
}

/** The fleet view as a stream for many readers. */
export interface EventFeed {
  /**
   * A snapshot and then every change; or, after the event that the reader saw last, the changes since. Where all places
   * are taken, the reader that has been there longest gives up its own, unless it came just now: nothing shows whether a
   * client still reads, and one that does comes back and misses nothing.
   */
  open(lastEventId: string | null): OpenedStream;
  /** A new snapshot for everybody: the list of targets is another. */
  renew(): void;
  /** Ends all streams, and opens no more. */
  close(): void;
}

export type OpenedStream =
  | { readonly kind: 'open'; readonly stream: ByteSource }
  /** All places are taken by readers that came just now; the first of them may have to leave then. */
  | { readonly kind: 'full'; readonly retryAfterMs: number }
  | { readonly kind: 'closed' };

/** Starts to listen at once, so that a reader who comes back finds what happened in between. */
export function createEventFeed(options: EventFeedOptions): EventFeed {
  const { fleet, clock } = options;
  // In the order in which they came, with the time of that.
  const readers = new Map<BoundedQueue, number>();
  // An id names the pod, too: another one numbers its events otherwise.
  const life = fleet.status().pod;
  let kept: { readonly number: number; readonly text: Uint8Array }[] = [];
  let newest = 0;
  let timer: Timer | undefined;
  let closed = false;

  const send = (text: Uint8Array): void => readers.forEach((_since, reader) => reader.push(text));
  const idOf = (number: number): string => `${life}-${number}`;
  const snapshot = (): Uint8Array =>
    serverSentEvent({ id: idOf(newest), event: 'snapshot', data: snapshotOf(options) });
  const beat = (): void => {
    send(heartbeat);
    timer = readers.size === 0 || closed ? undefined : clock.setTimer(HEARTBEAT_MS, beat);
  };

  const unlisten = fleet.onChange((change: FleetChange) => {
    newest += 1;
    const text = serverSentEvent({ id: idOf(newest), event: change.kind, data: changeOf(change, options) });
    kept.push({ number: newest, text });
    if (kept.length > KEPT_CHANGES) kept.shift();
    send(text);
  });

  /** Everything after the event with this id, if all of it is still here. */
  const since = (lastEventId: string | null): readonly Uint8Array[] | undefined => {
    if (lastEventId === null || !lastEventId.startsWith(`${life}-`)) return undefined;
    const seen = Number(lastEventId.slice(life.length + 1));
    const oldest = kept[0]?.number ?? newest + 1;
    if (!Number.isSafeInteger(seen) || seen > newest || seen < oldest - 1) return undefined;
    return kept.filter(({ number }) => number > seen).map(({ text }) => text);
  };

  /** Makes room for one more reader; the time until that is possible, where it is not. */
  const makeRoom = (): number => {
    const [longest] = readers;
    if (longest === undefined || readers.size < MAX_READERS) return 0;
    const [reader, cameMs] = longest;
    const leftMs = cameMs + PLACE_MS - clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    readers.delete(reader);
    reader.end();
    return 0;
  };

  return {
    open(lastEventId) {
      if (closed) return { kind: 'closed' };
      const retryAfterMs = makeRoom();
      if (retryAfterMs > 0) return { kind: 'full', retryAfterMs };
      const first = since(lastEventId) ?? [snapshot()];
      const size = first.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const reader = boundedQueue(size + SLACK_BYTES, () => readers.delete(reader));
      for (const text of first) reader.push(text);
      // Headers are sent with the first byte: without it a client would wait for a change to learn that the stream is open.
      if (first.length === 0) reader.push(heartbeat);
      readers.set(reader, clock.monotonicMs());
      timer ??= clock.setTimer(HEARTBEAT_MS, beat);
      return { kind: 'open', stream: reader.chunks };
    },
    renew() {
      newest += 1;
      kept = [];
      send(snapshot());
    },
    close() {
      closed = true;
      unlisten();
      timer?.cancel();
      for (const reader of readers.keys()) reader.end();
      readers.clear();
    },
  };
}

/** One event as its reader gets it. The data is one line, for JSON has no other breaks. */
function serverSentEvent({ id, event, data }: { id: string; event: string; data: unknown }): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
