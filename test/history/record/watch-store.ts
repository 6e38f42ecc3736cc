import { Redis } from 'ioredis';
import { parseRecord } from '../../../src/health/index.ts';
import { epochMs, KEYS, leasesIn, observe } from '../../fleet/harness/index.ts';
import type { DataServer, TestStore } from '../stand/store.ts';
import type { Recorder } from './recorder.ts';

const EVERY_MS = 50;

/**
 * Listens to the fleet's channel on every server that carries it, and asks those that are primaries for their leases, on
 * connections of its own that no fault reaches.
 */
export function watchStore(store: TestStore, recorder: Recorder): { stop(): Promise<void> } {
  const watches = store.servers.map((server) => watchServer(server, store.channel, recorder));
  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}

function watchServer(
  { name, server }: DataServer,
  channel: TestStore['channel'],
  recorder: Recorder,
): { stop(): Promise<void> } {
  const options = { retryStrategy: () => 20, maxRetriesPerRequest: 0, autoResubscribe: false, commandTimeout: 1_000 };
  const [asking, hearing] = [new Redis(server.url, options), new Redis(server.url, options)];
  for (const client of [asking, hearing]) client.on('error', () => undefined);
  const subscribe = (): void => {
    const done = channel === 'sharded' ? hearing.ssubscribe(KEYS.channel) : hearing.subscribe(KEYS.channel);
    done.catch(() => hearing.disconnect(true));
  };
  const heard = (_: string, text: string): void => hear(name, text, recorder);
  hearing.on('ready', subscribe).on('message', heard).on('smessage', heard);
  let stopped = false;
  const loop = (async (): Promise<void> => {
    while (!stopped) {
      await poll(name, asking, recorder).catch(() => undefined);
      await observe(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      asking.disconnect();
      hearing.disconnect();
    },
  };
}

async function poll(server: string, redis: Redis, recorder: Recorder): Promise<void> {
  const [role] = (await redis.call('ROLE')) as [string];
  if (role !== 'master') return;
  const seq = Number(await redis.hget(KEYS.records, '!seq'));
  const leases = await leasesIn(redis);
  if (leases.length === 0) return;
  const shown = leases.map(({ target, pod, grant }) => ({ target, pod, grant: Number(grant) }));
  recorder.add({ kind: 'polled', at: epochMs(), server, seq, leases: shown });
}

/** Parses an event, independently of the pods' code. */
function hear(server: string, text: string, recorder: Recorder): void {
  const at = epochMs();
  const [head = '', ...lines] = text.split('\n');
  const [kind, epoch = '', , storeUs, pod = ''] = head.split(' ');
  const storeMs = Number(storeUs) / 1_000;
  for (const line of lines) {
    const target = line.slice(0, line.indexOf(' '));
    const body = line.slice(target.length + 1);
    if (kind === 'lease') {
      const [grant, until] = body.split(' ').map(Number) as [number, number];
      recorder.add({ kind: 'lease', at, server, storeMs, pod, target, grant, until });
    }
    if (kind !== 'commit') continue;
    const parsed = parseRecord(body);
    if (parsed.kind !== 'record') throw new Error(`a commit of ${pod} does not parse: ${line}`);
    const { version, grant, evidenceAt, facts } = parsed.record;
    const { reason } = facts.last;
    recorder.add({ kind: 'commit', at, server, epoch, target, version, grant, evidenceAt, reason });
  }
}
