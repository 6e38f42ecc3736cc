import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../ports/index.ts';
import type { FaultClass, PooledRequest, ResponseHeaders, UpstreamPools } from '../../upstream/index.ts';
import type { Usage } from '../../providers/wire/index.ts';
import { readBytes } from './read-bytes.ts';
import { readEvents } from './read-events.ts';
import { readRefusal } from './read-refusal.ts';
import { readWhole } from './read-whole.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import type { ClientWire } from './errors.ts';
import type { StreamDialect } from './stream-dialects.ts';
import { watchSilence } from './silence.ts';
import type { SilenceLimits } from './silence.ts';

/** How one attempt ended. Nothing was sent to the client unless it is `answered`. */
export type AttemptEnd =
  /** The client has the whole answer. */
  | { readonly kind: 'answered'; readonly firstByteMs: number; readonly usage: Usage }
  /** The upstream answered with an error status, or with an error in place of an answer. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No answer, or none that is one. */
  | { readonly kind: 'failed'; readonly fault: AttemptFault }
  /** The answer broke off after its first byte; the client got an error event, or its connection was closed. */
  | { readonly kind: 'broken-off'; readonly fault: AttemptFault; readonly firstByteMs: number; readonly usage: Usage }
  /** The client closed its connection. */
  | { readonly kind: 'client-left' };

/** An error of the upstream, as it was sent. */
export interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As much of it as the limit allowed. */
  readonly body: Buffer;
}

export interface AttemptFault {
  readonly class: 'network' | 'timeout' | 'server' | 'local';
  /** One line; may contain host and port. */
  readonly message: string;
}

export interface AttemptInput {
  readonly request: PooledRequest;
  readonly outgoing: ServerResponse;
  readonly wire: ClientWire;
  readonly dialect: StreamDialect;
  /** What a complete answer in one piece is checked for; undefined: any bytes. */
  readonly check: AnswerCheck;
  readonly limits: SilenceLimits;
  /** Headers of the answer that the client gets. */
  readonly headers: (upstream: ResponseHeaders) => AnswerHeaders;
}

/** Reads a whole body of a 200. `error`: it holds an error in place of an answer. */
export type AnswerCheck = (
  body: Buffer,
) => { readonly kind: 'good'; readonly usage: Usage } | { readonly kind: 'error' | 'malformed'; readonly why: string };

/** What reads the body of an answer, and sends it on. */
export interface AnswerReader {
  data(chunk: Buffer): void;
  end(): void;
  /** The upstream stops in the middle. */
  broken(fault: AttemptFault): void;
}

/** What a reader may do. */
export interface ReaderParts extends Pick<AttemptInput, 'outgoing' | 'wire' | 'dialect' | 'check'> {
  readonly status: number;
  readonly upstreamHeaders: ResponseHeaders;
  /** Writes the head of the client's answer. From then on the attempt cannot be repeated. */
  readonly begin: (contentLength?: number) => void;
  /** Sends bytes on, and stops reading while the client does. */
  readonly send: (bytes: Uint8Array | string) => void;
  /** The first byte of the answer proper is there. */
  readonly heard: () => void;
  /** Ends the attempt. What the upstream still sends is not read. */
  readonly finish: (end: ReaderEnd) => void;
}

/** The parts of an {@link AttemptEnd} that a reader knows. */
export type ReaderEnd =
  | { readonly kind: 'answered'; readonly usage: Usage }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly fault: AttemptFault }
  | { readonly kind: 'broken-off'; readonly fault: AttemptFault; readonly usage: Usage };

export interface AttemptPorts {
  readonly pools: UpstreamPools;
  readonly clock: Clock;
}

/**
 * Sends one request to one upstream, and its answer to the client as it comes. Never rejects. A client that leaves closes
 * the connection to the upstream at once.
 */
export function attempt(input: AttemptInput, { pools, clock }: AttemptPorts): Promise<AttemptEnd> {
  const { outgoing, limits } = input;
  if (outgoing.destroyed) return Promise.resolve({ kind: 'client-left' });
  return new Promise((resolve) => {
    const startedMs = clock.monotonicMs();
    let firstByteMs: number | undefined;
    let reader: AnswerReader | undefined;
    let hasEnded = false;
    let isOver = false;
    let late: Timer | undefined;

    const settle = (end: AttemptEnd, connection: 'close' | 'close-if-open'): void => {
      if (hasEnded) return;
      hasEnded = true;
      silence.stop();
      outgoing.off('close', onClose);
      outgoing.off('drain', onDrain);
      if (connection === 'close') control.abort();
      else if (!isOver) late = clock.setTimer(CLOSE_AFTER_MS, () => control.abort());
      resolve(end);
    };
    const over = (): void => {
      isOver = true;
      late?.cancel();
    };
    const onClose = (): void => settle({ kind: 'client-left' }, 'close');
    const onDrain = (): void => {
      silence.resume();
      control.resume();
    };
    const finish = (end: ReaderEnd): void => {
      const heardMs = firstByteMs ?? clock.monotonicMs() - startedMs;
      if (end.kind === 'answered') settle({ ...end, firstByteMs: heardMs }, 'close-if-open');
      else if (end.kind === 'broken-off') settle({ ...end, firstByteMs: heardMs }, 'close');
      else settle(end, isOver ? 'close-if-open' : 'close');
    };
    const fail = (fault: AttemptFault): void => {
      if (reader === undefined) settle({ kind: 'failed', fault }, 'close');
      else reader.broken(fault);
    };
    const silence = watchSilence(limits, clock, (message) => fail({ class: 'timeout', message }));

    outgoing.on('close', onClose);
    outgoing.on('drain', onDrain);
    const control = pools.send(input.request, {
      head: (status, headers) => {
        if (hasEnded) return;
        reader = readerFor({
          ...input,
          status,
          upstreamHeaders: headers,
          begin: (contentLength) => {
            const own = contentLength === undefined ? {} : { 'content-length': contentLength };
            outgoing.writeHead(status, { ...input.headers(headers), ...own });
          },
          send: (bytes) => {
            if (outgoing.write(bytes)) return;
            silence.pause();
            control.pause();
          },
          heard: () => {
            firstByteMs ??= clock.monotonicMs() - startedMs;
            silence.heard();
          },
          finish,
        });
      },
      data: (chunk) => {
        if (!hasEnded) reader?.data(chunk);
      },
      end: () => {
        over();
        if (!hasEnded) reader?.end();
      },
      failed: ({ class: name, message }) => {
        over();
        if (!hasEnded) fail({ class: faultClasses[name], message });
      },
    });
  });
}

/** An upstream that says that its answer is complete gets this long to end it, so that its connection can be used again. */
const CLOSE_AFTER_MS = 1_000;

const faultClasses: Readonly<Record<FaultClass, AttemptFault['class']>> = {
  network: 'network',
  timeout: 'timeout',
  local: 'local',
  'not-http': 'server',
  // The upstream was not asked: this pod made a request that cannot be sent.
  'bad-request': 'local',
};

function readerFor(parts: ReaderParts): AnswerReader {
  if (parts.status > 299) return readRefusal(parts);
  const type = String(parts.upstreamHeaders['content-type'] ?? '');
  if (type.startsWith('text/event-stream')) return readEvents(parts);
  return type.startsWith('application/json') || type === '' ? readWhole(parts) : readBytes(parts);
}
