import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Failures of a proxied connection: reset and refused, or open without delivery, as with lost packets. */
export type Cut = 'refuse' | 'silence';

/** Carries TCP connections to one port of loopback, and can be cut. */
export interface TcpProxy {
  readonly port: number;
  cut(how: Cut): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a proxy on a free port. `toPort` may be known later only: it is asked for with each connection. */
export async function openTcpProxy(toPort: () => number): Promise<TcpProxy> {
  const proxy = new Proxy(toPort);
  await proxy.heal();
  return proxy;
}

class Proxy implements TcpProxy {
  readonly #toPort: () => number;
  readonly #pairs = new Set<readonly [Socket, Socket | undefined]>();
  readonly #server: Server;
  #silent = false;
  port = 0;

  constructor(toPort: () => number) {
    this.#toPort = toPort;
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#carry(near));
  }

  async cut(how: Cut): Promise<void> {
    if (how === 'silence') {
      this.#silent = true;
      for (const pair of this.#pairs) for (const socket of pair) socket?.pause();
      return;
    }
    await this.#stopListening();
  }

  /** Connections that were silent are reset: what they lost would never arrive, and TCP gives up on them at last. */
  async heal(): Promise<void> {
    if (this.#silent) this.#reset();
    this.#silent = false;
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    await this.#stopListening();
  }

  #carry(near: Socket): void {
    if (this.#silent) {
      near.pause();
      this.#keep([near, undefined]);
      return;
    }
    const far = connect({ port: this.#toPort(), host: '127.0.0.1', allowHalfOpen: true });
    near.setNoDelay(true);
    far.setNoDelay(true);
    this.#keep([near, far]);
    near.pipe(far);
    far.pipe(near);
  }

  #keep(pair: readonly [Socket, Socket | undefined]): void {
    const [near, far] = pair;
    this.#pairs.add(pair);
    const drop = (): void => {
      this.#pairs.delete(pair);
      near.destroy();
      far?.destroy();
    };
    for (const socket of [near, far]) socket?.on('error', drop).on('close', drop);
  }

  #stopListening(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#server.listening) return resolve();
      this.#server.close(() => resolve());
      this.#reset();
    });
  }

  #reset(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far?.resetAndDestroy();
    }
  }
}
