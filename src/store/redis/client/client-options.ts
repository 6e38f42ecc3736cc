import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisLogin, RedisTarget, RedisTls } from '../../../ports/index.ts';

/** Time without an answer after which a socket is destroyed and opened again. */
const SILENCE_MS = 3_000;
/** Time after which a closing socket is destroyed, because a hung server does not close its side. */
const GOODBYE_MS = 50;

/** Options of one connection. The reply format of maps stays the client's default, as its types require. */
export type NodeOptions = Omit<RedisOptions, 'replyMapping'>;

type FleetClusterOptions = Omit<ClusterOptions, 'redisOptions'> & { readonly redisOptions: NodeOptions };

export interface ClientTimes {
  readonly commandTimeoutMs: number;
  /** Random number in [0, 1) that spreads the fleet's attempts to connect. */
  readonly jitter: () => number;
}

/** Time between two attempts to connect. */
export function retryDelayMs(attempt: number, jitter: () => number): number {
  return Math.min(50 * attempt, 500) + Math.floor(jitter() * 50);
}

/**
 * Options of a connection that cannot hang: no command is queued or sent twice, and each has a deadline. A command that timed
 * out may still run later; `notAfter` makes that harmless.
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
    // The server answers LOADING per command. A ready check would need INFO, and would wait by itself.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: (attempt) => retryDelayMs(attempt, jitter),
    sentinelRetryStrategy: (attempt) => retryDelayMs(attempt, jitter),
  };
}

/** Options of the subscriber. It does not reconnect, because a subscription that resumes by itself has lost events. */
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
    // A failed command is not retried here: the caller decides. Redirections are followed at once.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    maxRedirections: 4,
    slotsRefreshTimeout: Math.max(1_000, times.commandTimeoutMs),
    slotsRefreshInterval: 5_000,
    // The connection resolves the name. Resolved before, the certificate's name would be compared with an address.
    dnsLookup: (host, found) => found(null, host),
    redisOptions: { ...node, ...loginOptions(login) },
  };
}

export type SingleTarget = Extract<RedisTarget, { kind: 'single' | 'sentinel' }>;

/** Address and login of a single server or of a sentinel's master. */
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

/** User, password, database and encryption, if given. */
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
