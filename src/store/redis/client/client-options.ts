import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisLogin, RedisTarget, RedisTls } from '../../../ports/index.ts';

/** Silence on a connection that waits for an answer, after which its socket is destroyed and made again. */
const SILENCE_MS = 3_000;
/** How long a closing socket may take before it is destroyed: a hung server never says goodbye. */
const GOODBYE_MS = 50;

/** Options of one connection. How maps are shown stays the client's default: its types want it left out. */
export type NodeOptions = Omit<RedisOptions, 'replyMapping'>;

type FleetClusterOptions = Omit<ClusterOptions, 'redisOptions'> & { readonly redisOptions: NodeOptions };

export interface ClientTimes {
  readonly commandTimeoutMs: number;
  /** In [0, 1): spreads the fleet's attempts to connect. */
  readonly jitter: () => number;
}

/** Distance between two attempts to connect. */
export function retryDelayMs(attempt: number, jitter: () => number): number {
  return Math.min(50 * attempt, 500) + Math.floor(jitter() * 50);
}

/**
 * A connection that refuses to hang: nothing is queued, nothing is sent twice, everything has a deadline. What a
 * timed-out command does later is the business of `notAfter`.
 */
export function steadyOptions({ commandTimeoutMs, jitter }: ClientTimes): NodeOptions {
  return {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    commandTimeout: commandTimeoutMs,
    connectTimeout: Math.max(1_000, commandTimeoutMs),
    socketTimeout: SILENCE_MS,
    disconnectTimeout: GOODBYE_MS,
    // Loading is answered per command; a ready check would need INFO and wait by itself.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: (attempt) => retryDelayMs(attempt, jitter),
    sentinelRetryStrategy: (attempt) => retryDelayMs(attempt, jitter),
  };
}

/** For the subscriber: one life only, since a subscription that comes back by itself has missed events. */
export function onceOptions(times: ClientTimes): NodeOptions {
  return { ...steadyOptions(times), lazyConnect: true, retryStrategy: null, sentinelRetryStrategy: () => null };
}

export function clusterOptions(times: ClientTimes, login: RedisLogin): FleetClusterOptions {
  const {
    enableOfflineQueue: _offline,
    retryStrategy: _retry,
    sentinelRetryStrategy: _sentinels,
    ...node
  } = steadyOptions(times);
  return {
    enableOfflineQueue: false,
    enableReadyCheck: false,
    clusterRetryStrategy: (attempt) => retryDelayMs(attempt, times.jitter),
    // A failed command is answered, not tried again behind the caller's back. Redirections are followed at once.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    maxRedirections: 4,
    slotsRefreshTimeout: Math.max(1_000, times.commandTimeoutMs),
    slotsRefreshInterval: 5_000,
    // Left to the connection, as elsewhere: looked up before, a certificate's name would be held against an address.
    dnsLookup: (host, found) => found(null, host),
    redisOptions: { ...node, ...loginOptions(login) },
  };
}

export type SingleTarget = Extract<RedisTarget, { kind: 'single' | 'sentinel' }>;

/** Where a single server or a sentinel's master is, and how to get in. */
export function addressOptions(target: SingleTarget, { commandTimeoutMs }: ClientTimes): NodeOptions {
  if (target.kind === 'single') return { host: target.host, port: target.port, ...loginOptions(target) };
  return {
    sentinels: target.sentinels.map(({ host, port }) => ({ host, port })),
    name: target.name,
    sentinelCommandTimeout: Math.max(500, commandTimeoutMs),
    ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
    ...(target.tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(target.tls) }),
    ...loginOptions(target),
  };
}

/** User, password, database and encryption, as far as they are given. */
export function loginOptions(login: RedisLogin): NodeOptions {
  return {
    ...(login.username === undefined ? {} : { username: login.username }),
    ...(login.password === undefined ? {} : { password: login.password }),
    ...(login.db === undefined ? {} : { db: login.db }),
    ...(login.tls === undefined ? {} : { tls: tlsOptions(login.tls) }),
  };
}

function tlsOptions(tls: RedisTls): NonNullable<RedisOptions['tls']> {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.client === undefined ? {} : { cert: tls.client.certificate, key: tls.client.key }),
    ...(tls.verify === 'none' ? { rejectUnauthorized: false } : {}),
    ...(tls.verify === 'chain' ? { checkServerIdentity: () => undefined } : {}),
  };
}
