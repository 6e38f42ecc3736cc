import type { Clock } from '../ports/index.ts';
import { exchange } from './exchange.ts';
import type { ExchangeAnswer, TransportRequest } from './exchange.ts';
import type { UpstreamFault } from '../system/index.ts';
import { openSocket } from './open-socket.ts';

/** Real HTTP, one fresh connection per request. Nothing here rejects, retries or reads without a bound. */
export interface Transport {
  /** Opens a connection, with the TLS handshake where the URL is https, and closes it again. */
  connect(input: ConnectRequest, signal: AbortSignal): Promise<Connected | UpstreamFault>;
  request(request: TransportRequest, signal: AbortSignal): Promise<ExchangeAnswer | UpstreamFault>;
  /** Gives up what is running and takes no more. Safe to repeat. */
  close(): Promise<void>;
}

export interface ConnectRequest {
  readonly url: URL;
  readonly connectMs: number;
}

export interface Connected {
  readonly kind: 'connected';
  readonly latencyMs: number;
}

export interface TransportOptions {
  readonly clock: Clock;
  /** Connections to one origin at a time; one more is a `local` fault, not a queue that eats the deadline. */
  readonly maxPerOrigin?: number;
  /** Authorities to trust instead of the system's, PEM text. */
  readonly ca?: string;
}

/** @example const transport = createTransport({ clock }); */
export function createTransport({ clock, maxPerOrigin = 64, ca }: TransportOptions): Transport {
  const running = new Set<Attempt>();
  let closed = false;

  const attempt = async <T>(
    url: URL,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<T | UpstreamFault>,
  ): Promise<T | UpstreamFault> => {
    if (closed) return localFault('closed');
    const same = [...running].filter(({ origin }) => origin === url.origin).length;
    if (same >= maxPerOrigin) return localFault(`all ${maxPerOrigin} connections to this host are in use`);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    const outcome = run(stop.signal);
    const entry: Attempt = { origin: url.origin, abort, outcome };
    running.add(entry);
    try {
      return await outcome;
    } finally {
      running.delete(entry);
      signal.removeEventListener('abort', abort);
    }
  };

  return {
    connect: ({ url, connectMs }, signal) =>
      attempt(url, signal, async (stop) => {
        const startedMs = clock.monotonicMs();
        const opened = await openSocket({ url, connectMs, clock, signal: stop, ca });
        if (opened.kind === 'fault') return opened;
        opened.socket.destroy();
        return { kind: 'connected', latencyMs: clock.monotonicMs() - startedMs };
      }),
    request: (request, signal) =>
      attempt(request.url, signal, async (stop) => {
        const { url, connectMs } = request;
        const opened = await openSocket({ url, connectMs, clock, signal: stop, ca });
        return opened.kind === 'fault' ? opened : exchange({ request, socket: opened.socket, clock, signal: stop });
      }),
    close: async () => {
      closed = true;
      for (const { abort } of running) abort();
      await Promise.allSettled([...running].map(({ outcome }) => outcome));
    },
  };
}

interface Attempt {
  readonly origin: string;
  readonly abort: () => void;
  readonly outcome: Promise<unknown>;
}

function localFault(message: string): UpstreamFault {
  return { kind: 'fault', class: 'local', phase: 'connect', message, latencyMs: 0 };
}
