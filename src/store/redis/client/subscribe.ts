import { Redis } from 'ioredis';
import { excerpt } from '../../../health/index.ts';
import type { RedisNode, StoreListener, StoreLoss, StoreSubscribed, StoreSubscription } from '../../../ports/index.ts';
import { eventFrom } from '../../format/index.ts';
import { addressOptions, loginOptions, onceOptions, type ClientTimes, type NodeOptions } from './client-options.ts';
import type { ResolvedTarget } from './resolve-target.ts';

export interface SubscribeParts {
  readonly target: ResolvedTarget;
  readonly times: ClientTimes;
  readonly channel: string;
  /** Safe loss for a client's error. */
  readonly explain: (error: unknown) => StoreLoss;
}

const endedLoss: StoreLoss = { code: 'disconnected', message: 'the subscription has ended' };

/** Redirections of a cluster followed before giving up. */
const MOST_HOPS = 4;

/**
 * Opens the push channel on a separate connection. It does not reconnect: when it ends, it calls the listener's `dropped`, and
 * the caller subscribes again, because events may be lost.
 */
export async function subscribe(parts: SubscribeParts, listener: StoreListener): Promise<StoreSubscribed> {
  if (parts.target.kind !== 'cluster') {
    const address = addressOptions(parts.target, parts.times);
    const attempt = await attemptAt(parts, address, listener);
    return attempt.kind === 'subscribed' ? attempt : { kind: 'lost', loss: parts.explain(attempt.error) };
  }
  return subscribeInCluster(parts, parts.target.nodes, listener);
}

// A sharded channel is on the node of its slot. Any node redirects to it.
async function subscribeInCluster(
  parts: SubscribeParts,
  nodes: readonly RedisNode[],
  listener: StoreListener,
): Promise<StoreSubscribed> {
  const waiting = [...nodes];
  let error: unknown = new Error('Connection is closed.');
  for (let hop = 0; hop < MOST_HOPS + nodes.length; hop++) {
    const node = waiting.shift();
    if (node === undefined) break;
    const address = { host: node.host, port: node.port, ...loginOptions(parts.target) };
    const attempt = await attemptAt(parts, address, listener);
    if (attempt.kind === 'subscribed') return attempt;
    error = attempt.error;
    const moved = movedTo(attempt.error, node);
    if (moved !== undefined) waiting.unshift(moved);
  }
  return { kind: 'lost', loss: parts.explain(error) };
}

function movedTo(error: unknown, from: RedisNode): RedisNode | undefined {
  const match = /^MOVED \d+ (.*):(\d+)$/.exec(error instanceof Error ? error.message : '');
  if (match === null) return undefined;
  // An empty host means the present one.
  return { host: match[1] === '' ? from.host : (match[1] ?? from.host), port: Number(match[2]) };
}

type Attempt =
  | { readonly kind: 'subscribed'; readonly subscription: StoreSubscription }
  | { readonly kind: 'failed'; readonly error: unknown };

async function attemptAt(parts: SubscribeParts, address: NodeOptions, listener: StoreListener): Promise<Attempt> {
  const redis = new Redis({ ...onceOptions(parts.times), ...address });
  let lastError: unknown;
  redis.on('error', (error) => (lastError = error));
  const [message, command] = parts.target.kind === 'cluster' ? ['smessage', 'ssubscribe'] : ['message', 'subscribe'];
  const life = { over: false };
  redis.on(message, (_channel: string, text: string) => {
    if (!life.over) tell(listener, text);
  });
  try {
    await redis.connect();
    await (command === 'ssubscribe' ? redis.ssubscribe(parts.channel) : redis.subscribe(parts.channel));
  } catch (error) {
    redis.disconnect();
    // The connection's own error is more specific than "closed".
    return { kind: 'failed', error: lastError ?? error };
  }
  return { kind: 'subscribed', subscription: watch(redis, life, { ...parts, listener }) };
}

function tell(listener: StoreListener, text: string): void {
  const event = eventFrom(text, listener.wants?.bind(listener));
  if (event === undefined) listener.garbage(excerpt(text));
  else listener.event(event);
}

interface WatchParts extends SubscribeParts {
  readonly listener: StoreListener;
}

function watch(redis: Redis, life: { over: boolean }, { explain, listener }: WatchParts): StoreSubscription {
  let lastError: unknown;
  const drop = (why: string): void => {
    if (life.over) return;
    life.over = true;
    redis.disconnect();
    listener.dropped(why);
  };
  redis.on('error', (error) => (lastError = error));
  const closed = (): void => drop(explain(lastError ?? new Error('Connection is closed.')).message);
  redis.on('close', closed);
  // The slot moved to another node, so this one sends no more events.
  redis.on('moved', () => drop('the channel moved to another node'));
  // The connection may have ended since its last answer. The caller must learn of that before the listener.
  if (redis.status !== 'ready') setImmediate(closed);
  return {
    async ping() {
      if (life.over) return { kind: 'lost', loss: endedLoss };
      try {
        await redis.ping();
        return { kind: 'ok' };
      } catch (error) {
        return { kind: 'lost', loss: explain(error) };
      }
    },
    close() {
      life.over = true;
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
