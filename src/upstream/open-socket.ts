import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../ports/index.ts';
import { faultClassOf, faultMessageOf } from '../system/index.ts';
import type { UpstreamFault, FaultClass } from '../system/index.ts';

export interface OpenSocketInput {
  readonly url: URL;
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Authorities to trust instead of the system's, PEM text. */
  readonly ca?: string | undefined;
}

export type OpenedSocket = { readonly kind: 'open'; readonly socket: Socket } | UpstreamFault;

/** Opens a connection, with the TLS handshake where the URL is https. An abort closes it in the middle of either. */
export function openSocket({ url, connectMs, clock, signal, ca }: OpenSocketInput): Promise<OpenedSocket> {
  const startedMs = clock.monotonicMs();
  return new Promise((resolve) => {
    const socket = url.protocol === 'https:' ? openTls(url, ca) : connectTcp(addressOf(url));
    const settle = (answer: OpenedSocket): void => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
      if (answer.kind === 'fault') socket.destroy();
      resolve(answer);
    };
    const fail = (name: FaultClass, message: string): void =>
      settle({
        kind: 'fault',
        class: name,
        phase: 'connect',
        message,
        latencyMs: clock.monotonicMs() - startedMs,
      });
    const abort = (): void => fail('local', 'aborted');
    const timer = clock.setTimer(connectMs, () => fail('timeout', `no connection within ${connectMs} ms`));
    signal.addEventListener('abort', abort);
    // Stays for the whole life of the socket: an `error` event without a listener would end the process.
    socket.on('error', (error) => fail(faultClassOf(error), faultMessageOf(error)));
    socket.once('close', () => fail('network', 'connection closed by the other side'));
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => settle({ kind: 'open', socket }));
    if (signal.aborted) abort();
  });
}

function openTls(url: URL, ca: string | undefined): Socket {
  const { host, port } = addressOf(url);
  // A server name is a name: an address in it is against the standard.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ALPNProtocols: ['http/1.1'], ...name, ...(ca === undefined ? {} : { ca }) });
}

function addressOf(url: URL): { host: string; port: number } {
  const standard = url.protocol === 'https:' ? 443 : 80;
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? standard : Number(url.port) };
}
