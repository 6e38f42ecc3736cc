import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'vitest';
import { until } from '../../src/testing/index.ts';

/** A port that leads to a pod until it is cut. */
export interface Forwarder {
  readonly url: string;
  /** Drops all connections, and new ones too until {@link Forwarder.mend}. */
  cut(): void;
  mend(): void;
}

/** Gone with the test. */
export async function startForwarder(test: TestContext, pod: string): Promise<Forwarder> {
  const { hostname: host, port } = new URL(pod);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(Number(port), host);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await until(() => server.listening, { withinMs: 5_000, what: 'the forwarder' });
  const drop = (): void => {
    for (const socket of open) socket.destroy();
  };
  test.onTestFinished(() => {
    server.close();
    drop();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => void (isCut = false),
  };
}
