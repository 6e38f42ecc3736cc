import { createServer, ServerResponse } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { AllswellError } from '../../errors.ts';
import { isStreamAnswer } from '../../http/index.ts';
import type { Handle, HotHandler } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';
import { addressOf } from './address-of.ts';
import { sendAnswer } from './send-answer.ts';
import { watchConnections } from './connections.ts';

export interface Listener {
  /** The port in use, also if 0 was configured. */
  readonly port: number;
  /** From now on every answer that has not begun closes its connection, so that no client sends another request on it. */
  drain(): void;
  /** Accepts no more connections, waits up to `withinMs` for running requests, has them ended, then drops them. */
  close(withinMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** `reuse-port`: other processes may listen on the port, too, and the kernel spreads connections. Default: `exclusive`. */
  readonly sharing?: 'exclusive' | 'reuse-port';
  /** Longest time for which a client may read nothing while bytes wait for it; a minute by default. */
  readonly stallMs?: number;
  /** What clients may take of this pod; by default as `node:http` has it. */
  readonly limits?: ListenLimits;
  /** Called for each request before the router; the router gets those that it declines. */
  readonly hot?: HotHandler;
  /** Path under which all paths answer, too, such as `/llm`. Default: none. */
  readonly rootPath?: string;
  /** Called when the time for running requests has passed: ends their answers. */
  readonly cut?: () => void;
  /** Header from which the address of the client is taken, where a process of this pod passes requests on. */
  readonly peerHeader?: string;
  /** Gets the errors of streamed answers. */
  readonly logger: Logger;
}

/** Limits of connections and of slow clients. */
export interface ListenLimits {
  /** Open connections; further ones are closed at once. */
  readonly maxConnections: number;
  /** For the head of a request. A slower one is answered 408. */
  readonly headerTimeoutMs: number;
  /** For its body, from the end of the head. A slower one is answered 408. */
  readonly bodyTimeoutMs: number;
}

/** How often connections are checked for slow requests. */
const CHECK_MS = 500;

/**
 * Time for which an idle connection stays open. The client or load balancer must close it first (they wait for up to a minute):
 * a request that it sends while the pod closes the connection is lost, with an error for its caller. Node's own 5 s lost some.
 */
const KEEP_ALIVE_MS = 75_000;

/**
 * Listens for HTTP requests.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, or the system's error for an address that cannot be used
 */
export async function listen(handle: Handle, options: ListenOptions): Promise<Listener> {
  return await listenWith(routerOf(handle, options), options);
}

/** Listens with another `router`, of the requests that no hot handler takes, than that of {@link listen}; it throws the same. */
export async function listenWith(
  router: RequestListener,
  options: Omit<ListenOptions, 'logger' | 'peerHeader'>,
): Promise<Listener> {
  const { host, port, sharing = 'exclusive', stallMs, limits, hot, cut } = options;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, ...(limits && serverLimits(limits)) },
    inOriginForm(underRoot(options.rootPath ?? '', hot === undefined ? router : hotFirst(hot, router))),
  );
  const connections = watchConnections(server, stallMs);
  if (limits !== undefined) server.maxConnections = limits.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host, port }, error) : error,
      );
    });
    server.listen({ port, host, reusePort: sharing === 'reuse-port' }, resolve);
  });
  // A connection that could not be accepted is no reason to exit. The descriptor watch logs the usual cause.
  server.on('error', () => {});
  return {
    port: (server.address() as AddressInfo).port,
    drain: () => connections.drain(),
    close: async (withinMs) => {
      connections.drain();
      await closeWithin(server, withinMs, cut);
      connections.stop();
    },
  };
}

function routerOf(
  handle: Handle,
  { logger, peerHeader }: Pick<ListenOptions, 'logger' | 'peerHeader'>,
): RequestListener {
  const answer = async (request: Request, { incoming, outgoing }: HttpBindings | Http2Bindings): Promise<Response> => {
    const given = await handle(request, peerOf(incoming, peerHeader));
    if (!(outgoing instanceof ServerResponse) || !isStreamAnswer(given)) return given;
    // The adapter would print an error of the stream past the logger, and before the first part send it to the client.
    const sent = await sendAnswer(outgoing, given);
    if (sent.kind === 'source-failed') {
      const { method, url } = request;
      logger.error(
        `Building a streamed response failed: ${sent.why} (${method} ${new URL(url).pathname}). To fix: the client must reconnect`,
      );
    }
    return RESPONSE_ALREADY_SENT;
  };
  // HTTP/1.0 has no Host header, and HAProxy's default check sends none. Node refuses HTTP/1.1 without one.
  const routed = getRequestListener(answer, { hostname: 'localhost', overrideGlobalObjects: false });
  return (incoming, outgoing) => void routed(incoming, outgoing);
}

function peerOf(
  { socket, headers }: HttpBindings['incoming'] | Http2Bindings['incoming'],
  peerHeader?: string,
): string | undefined {
  const passed = peerHeader === undefined ? undefined : headers[peerHeader];
  return typeof passed === 'string' ? passed : addressOf(socket);
}

function serverLimits({ headerTimeoutMs, bodyTimeoutMs }: ListenLimits): ServerOptions {
  return {
    headersTimeout: headerTimeoutMs,
    // From the first byte of the request until its last.
    requestTimeout: headerTimeoutMs + bodyTimeoutMs,
    connectionsCheckingInterval: CHECK_MS,
  };
}

/** Takes scheme and host off a target such as `http://pod/v1/models`, which a client may send as to a proxy (RFC 9112, 3.2.2). */
function inOriginForm(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const { url = '/' } = incoming;
    const host = url.startsWith('/') ? undefined : /^https?:\/\/[^/?]*/i.exec(url)?.[0];
    if (host !== undefined) {
      const rest = url.slice(host.length);
      incoming.url = rest.startsWith('/') ? rest : `/${rest}`;
    }
    listener(incoming, outgoing);
  };
}

/** Takes the root path off the front of each request's path. */
function underRoot(rootPath: string, listener: RequestListener): RequestListener {
  if (rootPath === '') return listener;
  return (incoming, outgoing) => {
    const { url = '/' } = incoming;
    const rest = url.startsWith(rootPath) ? url.slice(rootPath.length) : url;
    if (rest === '' || rest.startsWith('?')) incoming.url = `/${rest}`;
    else if (rest.startsWith('/')) incoming.url = rest;
    listener(incoming, outgoing);
  };
}

function hotFirst(hot: HotHandler, router: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const answered = hot(incoming, outgoing);
    if (answered === true) return;
    if (answered === false) {
      router(incoming, outgoing);
      return;
    }
    void answered.then((hasAnswered) => {
      if (!hasAnswered) router(incoming, outgoing);
    });
  };
}

/** Time for a client to read the error that ends its answer. */
const LAST_WORDS_MS = 500;

/**
 * Closes connections in a loop: one whose request ends during the close becomes idle only then, and Node would keep it.
 */
async function closeWithin(server: Server, withinMs: number, cut: () => void = () => {}): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  let drop = setTimeout(() => {
    cut();
    drop = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
  }, withinMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(drop);
}
