import { Agent, request } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { detailAnswer } from '../../http/index.ts';
import { addressOf } from '../http/address-of.ts';

/** Shorter than the primary process keeps an idle connection, so it never closes one that is just taken. */
const IDLE_MS = 30_000;
const MAX_IDLE = 16;

/** Tells the primary process the address of the client. */
export const PEER_HEADER = 'x-allswell-peer';

/** Headers between two neighbours, which are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  // A client must not set it.
  PEER_HEADER,
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export interface PrimaryProxy {
  /** Passes a request to the primary process, and its answer back. */
  readonly pass: RequestListener;
  close(): void;
}

/** Passes requests to the primary process of the pod, so that every worker gives the same answers. */
export function createPrimaryProxy(port: number): PrimaryProxy {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS, maxFreeSockets: MAX_IDLE });
  return {
    pass: (incoming, outgoing) => passOn(incoming, outgoing, { agent, port }),
    close: () => agent.destroy(),
  };
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, to: { agent: Agent; port: number }): void {
  const { method, url } = incoming;
  const passed = request({ ...to, host: '127.0.0.1', method, path: url, headers: requestHeaders(incoming) });
  passed.once('response', (answer) => {
    const headers = endToEnd(answer.rawHeaders);
    // An answer before the end of the body: its rest would be parsed as the next request of the client's connection.
    if (answer.headers.connection === 'close') headers.push('connection', 'close');
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    // The head of an event stream must not wait for its first event.
    outgoing.flushHeaders();
    // Either side that breaks off ends the other.
    pipeline(answer, outgoing, () => {});
  });
  passed.on('error', () => void unavailable(outgoing));
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) passed.destroy();
  });
  incoming.pipe(passed);
}

/** Of a body without a length the length is unknown here, too. */
function requestHeaders({ rawHeaders, headers, socket }: IncomingMessage): string[] {
  const passed = endToEnd(rawHeaders);
  const peer = addressOf(socket);
  if (peer !== undefined) passed.push(PEER_HEADER, peer);
  // HTTP/1.0 has no Host header.
  if (headers.host === undefined) passed.push('host', 'localhost');
  if (headers['transfer-encoding'] !== undefined) passed.push('transfer-encoding', 'chunked');
  return passed;
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, rawHeaders[at + 1] ?? '');
  }
  return kept;
}

/** The primary process is ending, or so busy that it refuses connections. */
async function unavailable(outgoing: ServerResponse): Promise<void> {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const answer = detailAnswer(503, "The pod's primary process does not answer");
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'retry-after': '1', connection: 'close' });
  outgoing.end(await answer.text());
}
