import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import type { Clock, Timer } from '../ports/index.ts';
import { faultClassOf, faultMessageOf } from '../system/index.ts';
import type { UpstreamFault, FaultClass, Phase } from '../system/index.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bound for DNS, TCP and TLS together. */
  readonly connectMs: number;
  /** Longest silence once the answer has begun. How long an answer may take as a whole is the caller's to say. */
  readonly idleMs: number;
  /** Reading stops beyond this. */
  readonly maxBytes: number;
}

/** What came back, whatever its status. */
export interface ExchangeAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; or as much of it as the bound allowed. */
  readonly text: string;
  readonly extent: 'whole' | 'cut';
  /** From the first byte sent until the last one read. */
  readonly latencyMs: number;
}

export interface ExchangeInput {
  readonly request: TransportRequest;
  readonly socket: Socket;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Sends one request on a fresh connection, reads the answer and closes. No retries, no redirects. */
export function exchange({ request, socket, clock, signal }: ExchangeInput): Promise<ExchangeAnswer | UpstreamFault> {
  const startedMs = clock.monotonicMs();
  // A client for one request: the probe never rides on an idle connection, which the other side may be closing just
  // now, and would blame its target for that.
  const client = new Client(request.url.origin, {
    connect: handOverOnce(socket),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return new Promise((resolve) => {
    let phase: Phase = 'first-byte';
    let silence: Timer | undefined;
    const finish = (outcome: ExchangeAnswer | UpstreamFault): void => {
      silence?.cancel();
      signal.removeEventListener('abort', abort);
      client.destroy().catch(() => undefined);
      socket.destroy();
      resolve(outcome);
    };
    const elapsedMs = (): number => clock.monotonicMs() - startedMs;
    const fail = (name: FaultClass, message: string): void =>
      finish({ kind: 'fault', class: name, phase, message, latencyMs: elapsedMs() });
    const abort = (): void => fail('local', 'aborted');
    const heard = (): void => {
      phase = 'body';
      silence?.cancel();
      silence = clock.setTimer(request.idleMs, () =>
        fail('timeout', `no data for ${request.idleMs} ms in the middle of its answer`),
      );
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    client.dispatch(dispatchOptions(request), {
      ...collect(request.maxBytes, heard, (answer) => finish({ ...answer, latencyMs: elapsedMs() })),
      onResponseError: (_controller, error) => fail(faultClassOf(error), faultMessageOf(error)),
    });
  });
}

/**
 * Gives the client its one connection, in a later microtask, as it expects of a real connect. Where that connection
 * ends before the request was written, the client would quietly open another: that would be a retry.
 */
function handOverOnce(socket: Socket): NonNullable<Client.Options['connect']> {
  let left: Socket | undefined = socket;
  return (_options, callback) => {
    const given = left;
    left = undefined;
    queueMicrotask(() => {
      if (given === undefined) callback(Object.assign(new Error('connection closed'), { code: 'ECONNRESET' }), null);
      else callback(null, given);
    });
  };
}

function dispatchOptions({ method, url, headers, body }: TransportRequest): Dispatcher.DispatchOptions {
  return { method, path: `${url.pathname}${url.search}`, headers, body: body ?? null, reset: true };
}

function collect(
  maxBytes: number,
  heard: () => void,
  done: (answer: Omit<ExchangeAnswer, 'latencyMs'>) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let status = 0;
  let headers: Record<string, string> = {};
  const end = (extent: ExchangeAnswer['extent']): void =>
    done({ kind: 'answer', status, headers, text: Buffer.concat(chunks).toString('utf8'), extent });
  return {
    onRequestStart: () => undefined,
    onResponseStart(_controller, statusCode, received) {
      // Such as 103: the answer is still to come.
      if (statusCode < 200) return;
      heard();
      status = statusCode;
      headers = plain(received);
    },
    onResponseData(_controller, chunk) {
      heard();
      const room = maxBytes - bytes;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) end('cut');
    },
    onResponseEnd: () => end('whole'),
  };
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
