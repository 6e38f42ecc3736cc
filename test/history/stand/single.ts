import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedisServer } from '../../../src/testing/index.ts';
import type { RedisProgram, RedisServer } from '../../../src/testing/index.ts';
import { shiftedProgram } from './clock-shift.ts';
import type { StoreFault, TestStore } from './store.ts';

const HOUR_MS = 3_600_000;

/** One server without persistence, whose clock can be set where the machine has a C compiler. */
export async function startSingle(program: RedisProgram, clock: 'true' | 'can be set'): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-clock-'));
  const shifted = clock === 'can be set' ? shiftedProgram(program, folder) : undefined;
  const server = await startRedisServer({ program: shifted?.program ?? program });
  const faults = [killed(server), hung(server), flushed(() => Promise.resolve(server))];
  if (shifted !== undefined) faults.push(clockSet(shifted.setAhead));
  return {
    cacheParams: { type: 'redis', host: server.host, port: server.port },
    addresses: [{ announced: server.port, real: server.port }],
    servers: [{ name: 'server', server }],
    channel: 'plain',
    faults,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function killed(server: RedisServer): StoreFault {
  return {
    fault: 'store-killed',
    begin: async () => {
      await server.kill();
      return { on: 'server' };
    },
    end: () => server.restart(),
  };
}

function hung(server: RedisServer): StoreFault {
  return {
    fault: 'store-hung',
    begin: () => {
      server.pause();
      return Promise.resolve({ on: 'server' });
    },
    end: () => Promise.resolve(server.resume()),
  };
}

/** Removes all keys of the server that holds them now. */
export function flushed(holder: () => Promise<RedisServer>): StoreFault {
  return {
    fault: 'store-flushed',
    begin: async () => {
      const redis = new Redis((await holder()).url);
      await redis.flushall();
      redis.disconnect();
      return { on: 'store' };
    },
    end: () => Promise.resolve(),
  };
}

/** Ahead by seconds or by an hour, and set back at the end. */
function clockSet(setAhead: (ms: number) => void): StoreFault {
  return {
    fault: 'clock',
    begin: ({ pick }) => {
      const aheadMs = pick([7_300, 61_000, HOUR_MS]);
      setAhead(aheadMs);
      return Promise.resolve({ on: 'server', aheadMs });
    },
    end: () => Promise.resolve(setAhead(0)),
  };
}
