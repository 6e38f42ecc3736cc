import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { PortFault } from './behaviour.ts';

/** PEM texts of a server's certificate and key. */
export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

/** Where a port of the mock listens, and who hears of what comes. */
export interface ListenerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  readonly onRequest: RequestListener;
  readonly onConnection: () => void;
}

/** One port of the mock, with its own fault. */
export class MockListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;
  #fault: PortFault = 'none';

  static async open(options: ListenerOptions): Promise<MockListener> {
    const listener = new MockListener(options);
    await listener.#listen();
    return listener;
  }

  private constructor({ port, tls, onRequest, onConnection }: ListenerOptions) {
    this.#port = port;
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on('request', (request, response) => {
      if (this.#fault === 'deny') request.resume().once('end', () => response.writeHead(401).end('proxy: not allowed'));
      else if (this.#fault !== 'hang') onRequest(request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      onConnection();
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (this.#fault === 'drop') socket.resetAndDestroy();
    });
  }

  get port(): number {
    return this.#port;
  }

  async setFault(fault: PortFault): Promise<void> {
    this.#fault = fault;
    // Kept-alive connections would otherwise carry on through the fault.
    if (fault !== 'none') this.#resetConnections();
    if (fault === 'refuse') await this.#stopListening();
    else if (!this.#server.listening) await this.#listen();
  }

  async close(): Promise<void> {
    this.#resetConnections();
    await this.#stopListening();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  #stopListening(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#resetConnections();
    });
  }

  #resetConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
