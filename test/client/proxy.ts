import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'vitest';
import { until } from '../../src/testing/index.ts';

/** A server before a pod: passes requests on, and can drop connections. */
export interface TestProxy {
  readonly url: string;
  /** Drops all connections, and new ones too until {@link TestProxy.mend}. */
  cut(): void;
  mend(): void;
  /** `Last-Event-ID` of each event stream that was opened. */
  lastEventIds(): readonly (string | undefined)[];
}

export interface ProxyOptions {
  /** Address of the pod. */
  readonly pod: string;
  /** Key for requests that have none, as a proxy before a dashboard adds it. */
  readonly key?: string;
  /** Answers of its own, by path. */
  readonly own?: Readonly<Record<string, () => { readonly type: string; readonly body: string }>>;
}

/** Gone with the test. `GET /cut` drops the event streams, once. */
export async function startProxy(test: TestContext, { pod, key, own = {} }: ProxyOptions): Promise<TestProxy> {
  let isCut = false;
  const ids: (string | undefined)[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((asked, answer) => {
    const { url = '/', method = 'GET', headers } = asked;
    if (isCut) return void asked.socket.destroy();
    const ownAnswer = own[url]?.();
    if (ownAnswer !== undefined) return void answer.setHeader('content-type', ownAnswer.type).end(ownAnswer.body);
    if (url === '/cut') {
      for (const stream of streams) stream.destroy();
      return void answer.end('cut');
    }
    const id = headers['last-event-id'];
    if (url === '/fleet/events') {
      ids.push(typeof id === 'string' ? id : undefined);
      streams.add(answer);
    }
    const passed = {
      authorization: headers.authorization ?? `Bearer ${key}`,
      ...(typeof id === 'string' && { 'last-event-id': id }),
    };
    const gone = new AbortController();
    answer.once('close', () => (streams.delete(answer), gone.abort()));
    const body = method === 'POST' ? { body: asked, duplex: 'half' as const } : {};
    void fetch(pod + url, { method, headers: passed, signal: gone.signal, ...body })
      .then(async ({ status, body: parts }) => {
        answer.writeHead(status);
        for await (const part of parts ?? []) answer.write(part);
        answer.end();
      })
      .catch(() => answer.destroy());
  }).listen(0, '127.0.0.1');
  await until(() => server.listening, { withinMs: 5_000, what: 'the proxy' });
  test.onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      server.closeAllConnections();
    },
    mend: () => void (isCut = false),
    lastEventIds: () => ids,
  };
}
