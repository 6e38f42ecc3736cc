import { loadConfig } from '../../src/config/index.ts';
import type { RequestedProfile } from '../../src/config/index.ts';
import type { PodAddress } from '../../src/cli/ask/index.ts';
import { startServer } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { startRedisServer } from '../../src/testing/index.ts';
import type { RedisServer, RedisServerOptions } from '../../src/testing/index.ts';

const KEY = 'sk-real-pods';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Pods inside a test's process, with real sockets and real Redis servers. `close` ends all of them. */
export type RealPod = PodAddress & { readonly server: RunningServer };

export interface RealPods {
  redis(options?: RedisServerOptions): Promise<RedisServer>;
  /** Starts a pod from YAML without `master_key`; returns its address and key. */
  pod(yaml: string, env?: Readonly<Record<string, string>>, profile?: RequestedProfile): Promise<RealPod>;
  close(): Promise<void>;
}

export function openRealPods(): RealPods {
  const open: (() => Promise<void>)[] = [];
  return {
    redis: async (options = {}) => {
      const server = await startRedisServer(options);
      open.push(async () => await server.stop());
      return server;
    },
    pod: async (yaml, env = {}, profile = 'serve') => {
      const loaded = loadConfig({ text: yaml, env: { LITELLM_MASTER_KEY: KEY, ...env }, profile, readFile: () => '' });
      if (loaded.kind === 'refused') throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
      const server = await startServer(loaded.config, {
        host: '127.0.0.1',
        port: 0,
        createLogger: () => silent,
        drainMs: 100,
      });
      open.push(async () => await server.stop());
      return { url: `http://127.0.0.1:${server.port}`, key: KEY, timeoutMs: 5_000, server };
    },
    // Pods end before the servers that they use.
    close: async () => {
      for (const close of open.splice(0).toReversed()) await close();
    },
  };
}
