import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { endWithThisProcess, freePort, requireRedis, startRedisServer, until } from '../../../src/testing/index.ts';
import type { RedisServer } from '../../../src/testing/index.ts';
import { flushed } from './single.ts';
import type { StoreFault, TestStore } from './store.ts';
import { openTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { inStep, isPrimary } from './replication.ts';

const NAME = 'fleetmaster';

/** A server and its proxied port for sentinel and replica. Cutting it separates the server from them, but from no pod. */
interface Node {
  readonly name: string;
  readonly server: RedisServer;
  readonly front: TcpProxy;
}

/** A primary, a replica, and one sentinel that decides alone. */
export async function startSentinelStore(): Promise<TestStore> {
  const nodes = await Promise.all(['first', 'second'].map(startNode));
  const [first, second] = nodes as [Node, Node];
  const replica = new Redis(second.server.url);
  await replica.replicaof('127.0.0.1', first.front.port);
  replica.disconnect();
  await inStep(second.server);
  const sentinel = await startSentinel(first.front.port);
  return {
    cacheParams: { type: 'redis', sentinel_nodes: [['127.0.0.1', sentinel.port]], service_name: NAME },
    addresses: [
      ...nodes.map(({ front, server }) => ({ announced: front.port, real: server.port })),
      { announced: sentinel.port, real: sentinel.port },
    ],
    servers: nodes.map(({ name, server }) => ({ name, server })),
    channel: 'plain',
    faults: [failover(nodes), failover(nodes), flushed(async () => (await primaryOf(nodes)).server)],
    stop: async () => {
      await sentinel.stop();
      await Promise.all(nodes.map(({ server, front }) => Promise.all([server.stop(), front.close()])));
    },
  };
}

async function startNode(name: string): Promise<Node> {
  let port = 0;
  const front = await openTcpProxy(() => port);
  const announced = ['--replica-announce-ip', '127.0.0.1', '--replica-announce-port', String(front.port)];
  // A returning replica is in sync within tenths of a second.
  const quick = ['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '0'];
  const server = await startRedisServer({ args: [...announced, ...quick] });
  port = server.port;
  return { name, server, front };
}

/**
 * The primary is parted from its replica and from the sentinel, and goes on serving the pods, whose writes are lost when
 * it comes back as a replica of the other one.
 */
function failover(nodes: readonly Node[]): StoreFault {
  let old: Node | undefined;
  return {
    fault: 'failover',
    begin: async () => {
      old = await primaryOf(nodes);
      const other = nodes.find((node) => node !== old)!;
      await old.front.cut('refuse');
      await until(() => isPrimary(other.server), { withinMs: 15_000, what: 'the failover', everyMs: 50 });
      return { on: old.name };
    },
    end: async () => {
      await old?.front.heal();
      await inStep(old!.server);
    },
  };
}

async function primaryOf(nodes: readonly Node[]): Promise<Node> {
  for (const node of nodes) if (await isPrimary(node.server)) return node;
  throw new Error('no node is the primary');
}

async function startSentinel(primaryPort: number): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-sentinel-'));
  const port = await freePort();
  const config = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 1`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 2000`,
  ];
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, `${config.join('\n')}\n`);
  const program = await requireRedis();
  const child = spawn(program.bin, [file, '--sentinel'], { env: { ...process.env, ...program.env }, stdio: 'ignore' });
  endWithThisProcess(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  const known = async (): Promise<boolean> =>
    ((await client.call('SENTINEL', 'REPLICAS', NAME)) as unknown[]).length === 1;
  await until(known, { withinMs: 20_000, what: 'the sentinel to know the replica' });
  client.disconnect();
  return {
    port,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
