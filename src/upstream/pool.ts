import type { Dispatcher } from 'undici';
// The index of the package also loads fetch, caches, mocks and web sockets, and takes three times as long.
import Pool from 'undici/lib/dispatcher/pool.js';
import { faultClassOf, faultMessageOf } from '../system/index.ts';
import type { FaultClass } from '../system/index.ts';

/** One request on a connection of a pool. */
export interface PooledRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
}

/** What a request in progress lets its caller do. */
export interface PooledControl {
  /** Closes the connection at once. No callback follows. */
  abort(): void;
  /** Stops reading, until {@link resume}. */
  pause(): void;
  resume(): void;
}

/** Names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Called in this order: `head`, any number of `data`, then one of `end` and `failed`. `failed` may come at any time. */
export interface PooledHandler {
  head(status: number, headers: ResponseHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  /** Where the message is the system's own, it may contain host and port. */
  failed(fault: { readonly class: FaultClass; readonly message: string }): void;
}

/** Connections for traffic, kept open between requests: one pool for each origin, without a limit of connections. */
export interface UpstreamPools {
  /** Never throws. The callbacks come later, never within this call. */
  send(request: PooledRequest, handler: PooledHandler): PooledControl;
  /** Closes idle connections, and the others when their requests end. */
  close(): Promise<void>;
}

export interface UpstreamPoolOptions {
  /** Limit for DNS, TCP and TLS together. */
  readonly connectMs: number;
  /** Authorities to trust instead of the system's, PEM text. */
  readonly ca?: string;
}

/** @example const pools = createUpstreamPools({ connectMs: 5_000 }); */
export function createUpstreamPools({ connectMs, ca }: UpstreamPoolOptions): UpstreamPools {
  const pools = new Map<string, Pool>();
  const poolFor = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: null,
      pipelining: 1,
      // The gateway has limits of its own, which know what kind of answer it waits for.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectMs, ...(ca !== undefined && { ca }) },
    });
    pools.set(origin, pool);
    return pool;
  };
  return {
    send: ({ origin, path, method, headers, body }, handler) => {
      const exchange = createExchange(handler);
      try {
        // undici only reads the array.
        poolFor(origin).dispatch({ path, method, headers: headers as string[], body }, exchange.handler);
      } catch (error) {
        queueMicrotask(() => exchange.fail(error));
      }
      return exchange.control;
    },
    close: async () => {
      await Promise.allSettled([...pools.values()].map(async (pool) => await pool.close()));
      pools.clear();
    },
  };
}

interface Exchange {
  readonly handler: Dispatcher.DispatchHandler;
  readonly control: PooledControl;
  fail(error: unknown): void;
}

/** The controller comes with the connection: what was asked for before it is done then. */
function createExchange(handler: PooledHandler): Exchange {
  let controller: Dispatcher.DispatchController | undefined;
  let isAborted = false;
  const fail = (error: unknown): void => {
    if (!isAborted) handler.failed({ class: faultClassOf(error), message: faultMessageOf(error) });
  };
  return {
    fail,
    control: {
      abort: () => {
        isAborted = true;
        controller?.abort(new Error('aborted'));
      },
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
    },
    handler: {
      onRequestStart: (started) => {
        controller = started;
        if (isAborted) started.abort(new Error('aborted'));
      },
      onResponseStart: (_controller, status, headers) => {
        // Such as 103: the answer is still to come.
        if (status >= 200 && !isAborted) handler.head(status, headers);
      },
      onResponseData: (_controller, chunk) => {
        if (!isAborted) handler.data(chunk);
      },
      onResponseEnd: () => {
        if (!isAborted) handler.end();
      },
      onResponseError: (_controller, error) => fail(error),
    },
  };
}
