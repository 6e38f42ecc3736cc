import { connect, FleetClientError } from '../../src/client/index.ts';
import type { ClientState, ClientOptions, ReportCounts } from '../../src/client/index.ts';

/** What a client saw in one runtime. */
export interface Seen {
  readonly wrongKey: string;
  readonly first: ClientState | undefined;
  /** Of the connection, from the first to that after the cut. */
  readonly connections: readonly boolean[];
  /** While the connection was cut. */
  readonly stale: boolean | undefined;
  readonly last: ClientState | undefined;
  readonly reports: ReportCounts;
}

/**
 * Reads, loses its connection, reads again, and reports the failures of an upstream that fails until all pods know. Runs in any runtime:
 * `cut` makes the proxy at `url` drop the event stream, `break` lets the upstream fail.
 */
export async function scenario({ url, key }: Pick<ClientOptions, 'url' | 'key'>): Promise<Seen> {
  const refused = connect({ url, key: 'sk-wrong' });
  const wrongKey = await refused.ready.then(
    () => 'ready',
    (error: unknown) => (error instanceof FleetClientError ? error.code : String(error)),
  );
  await refused.close();
  await using client = connect({ url, reporter: 'scenario', ...(key !== undefined && { key }) });
  const connections: boolean[] = [];
  let stale: boolean | undefined;
  client.on('connection', (connected) => {
    connections.push(connected);
    if (!connected) stale ??= client.state('chat')?.stale;
  });
  await client.ready;
  const first = client.state('chat');
  await fetch(`${url}/cut`);
  await seen(() => connections.length >= 3);
  await fetch(`${url}/break`);
  client.report('chat', { ok: false, status: 500, durationMs: 20 });
  client.report('chat', { ok: false, status: 500, durationMs: 20 });
  await seen(() => client.state('chat')?.state === 'down' && client.reports.queued === 0);
  return { wrongKey, first, connections: [...connections], stale, last: client.state('chat'), reports: client.reports };
}

async function seen(condition: () => boolean): Promise<void> {
  for (let left = 400; left > 0 && !condition(); left--) await new Promise((resolve) => setTimeout(resolve, 50));
}
