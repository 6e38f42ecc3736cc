import { Redis } from 'ioredis';
import { startRedisServer } from '../../src/testing/index.ts';
import type { RedisServer } from '../../src/testing/index.ts';
import { scripts } from '../../src/store/redis/scripts.generated.ts';
import { cpuSeconds } from '../fleet/stand.ts';

/** A Redis whose use is measured. */
export interface MeasuredRedis {
  readonly server: RedisServer;
  readonly admin: Redis;
  /** Use since the last call. */
  use(): Promise<RedisUse>;
  /** Longest runs of each script since the last call, us, the longest first. */
  longest(): Promise<ReadonlyMap<string, readonly number[]>>;
  stop(): Promise<void>;
}

export interface RedisUse {
  readonly seconds: number;
  readonly cpuPercent: number;
  readonly commandsPerSecond: number;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
}

/** Scripts that run for longer are noted by the server. */
const NOTED_US = 500;
const names = new Map(
  Object.entries(scripts)
    .map(([name, { sha1, lua }]) => [sha1, name, lua] as const)
    .map(([sha1, name]) => [sha1, name]),
);

export async function startMeasuredRedis(): Promise<MeasuredRedis> {
  const server = await startRedisServer({ args: ['--maxclients', '5000'] });
  const admin = new Redis(server.url);
  await admin.config('SET', 'slowlog-log-slower-than', NOTED_US);
  await admin.config('SET', 'slowlog-max-len', 100_000);
  let before = await counted(server, admin);
  return {
    server,
    admin,
    use: async () => {
      const now = await counted(server, admin);
      const seconds = (now.atMs - before.atMs) / 1000;
      const use = {
        seconds,
        cpuPercent: (100 * (now.cpuS - before.cpuS)) / seconds,
        commandsPerSecond: (now.commands - before.commands) / seconds,
        bytesInPerSecond: (now.bytesIn - before.bytesIn) / seconds,
        bytesOutPerSecond: (now.bytesOut - before.bytesOut) / seconds,
      };
      before = now;
      return use;
    },
    longest: async () => {
      const entries = (await admin.slowlog('GET', 100_000)) as [number, number, number, string[]][];
      await admin.slowlog('RESET');
      const runs = new Map<string, number[]>();
      for (const [, , us, [command = '', sha1 = '']] of entries) {
        if (command.toLowerCase() !== 'evalsha') continue;
        const name = names.get(sha1) ?? sha1;
        runs.set(name, [...(runs.get(name) ?? []), us]);
      }
      return new Map([...runs].map(([name, all]) => [name, all.toSorted((a, b) => b - a)]));
    },
    stop: async () => {
      admin.disconnect();
      await server.stop();
    },
  };
}

async function counted(server: RedisServer, admin: Redis) {
  const info = await admin.info('stats');
  const of = (name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1] ?? Number.NaN);
  return {
    atMs: performance.now(),
    cpuS: cpuSeconds(server.pid ?? 0),
    commands: of('total_commands_processed'),
    bytesIn: of('total_net_input_bytes'),
    bytesOut: of('total_net_output_bytes'),
  };
}
