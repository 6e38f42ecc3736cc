import type {
  AlertStore,
  BridgeStore,
  Clock,
  CooldownStore,
  FleetMetrics,
  FleetStore,
  LimitStore,
  Logger,
  RedisTarget,
  StoreAnswer,
  StoreCommand,
  StoreListener,
  StoreLoss,
  StoreSubscribed,
} from '../../ports/index.ts';
import type { TargetId } from '../../health/index.ts';
import { isName, memberList, problemOfNames, type NamesOfCommand } from '../format/index.ts';
import { aclRules, bridgeAclRules, cooldownAclRules, missingRights } from './acl.ts';
import { leadAlerts, writeAlerts } from './commands/alerts.ts';
import { redisBridge } from './commands/bridge.ts';
import { claimLeases } from './commands/claim-leases.ts';
import { commitRecords } from './commands/commit-records.ts';
import { redisCooldowns } from './commands/cooldowns.ts';
import { connectionTo } from './client/connection.ts';
import { leaseLimits } from './commands/lease-limits.ts';
import { readHistory } from './commands/history.ts';
import { hold, readHolds, sweepHolds } from './commands/holds.ts';
import { fleetKeys } from './keys.ts';
import { readLeases, releaseLeases, renewLeases } from './commands/leases.ts';
import { closedLoss } from './client/loss.ts';
import { measured } from './client/measured.ts';
import { heartbeat, leave, readTargets, writeTargets } from './commands/members.ts';
import { restoreCounts, readMoney } from './commands/money.ts';
import { readRecords, sample, sweepRecords } from './commands/records.ts';
import { resolveTarget } from './client/resolve-target.ts';
import { createRunner } from './commands/runner.ts';
import type { EvictionPolicy } from './client/server-facts.ts';
import { refusedChannel, subscribeAtHome } from './client/subscribe-at-home.ts';
import { subscriptionsOfStore } from './client/subscriptions.ts';

export interface RedisStoreOptions {
  /** Name of the fleet, `[A-Za-z0-9._-]+`. */
  readonly fleet: string;
  readonly connection: RedisTarget;
  /** Deadline of one command; default 250. */
  readonly commandTimeoutMs?: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics?: FleetMetrics;
  /** Random number in [0, 1) that spreads attempts to connect; default `Math.random`. */
  readonly jitter?: () => number;
}

/** A fleet's store on Redis, Valkey, Redis Cluster, or the master that sentinels watch. */
export interface RedisStore extends FleetStore {
  /** The server's eviction policy, as read at the last connection. */
  evictionPolicy(): EvictionPolicy;
  /** Opens LiteLLM's keys on the same Redis, over the same connection. */
  bridge(namespace: string | null): BridgeStore;
  /** The alerts of the fleet, over the same connection. */
  alerts(): AlertStore;
  /** The limits of deployments that the fleet's pods share, over the same connection. */
  limits(): LimitStore;
  /** The cooldown keys of LiteLLM's Router on the same Redis, over the same connection. */
  cooldowns(namespace: string | null): CooldownStore;
}

/**
 * Opens a fleet's store. Returns at once. While the server is unreachable, every command answers `lost`, and the connection
 * is retried.
 *
 * @throws if the fleet's name or a connection URL is invalid
 *
 * @example
 * const store = openRedisStore({ fleet: 'default', connection: { kind: 'url', url: 'redis://127.0.0.1' }, logger, clock });
 */
export function openRedisStore(options: RedisStoreOptions): RedisStore {
  if (!isName(options.fleet)) throw new Error('the fleet name has characters that Redis keys must not have');
  const { clock, logger, metrics, jitter = Math.random, commandTimeoutMs = 250 } = options;
  const target = resolveTarget(options.connection);
  const times = { commandTimeoutMs, jitter };
  const keys = fleetKeys(options.fleet);
  const rights = missingRights(aclRules(options.fleet));
  const connection = connectionTo({ target, rights, times, clock, logger });
  const explain = (error: unknown): StoreLoss => connection.explain(error);
  const runner = createRunner({ client: () => connection.client(), keys, explain });
  const refused = refusedChannel(logger);
  const subscriptions = subscriptionsOfStore();
  const roster = memberList();
  let closed = false;

  const measure = measured(clock, metrics);
  const send = <T>(
    command: StoreCommand,
    names: NamesOfCommand,
    work: () => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>> => {
    const problem = problemOfNames(names);
    if (problem !== undefined) return Promise.resolve({ kind: 'lost', loss: { code: 'error', message: problem } });
    return closed ? Promise.resolve({ kind: 'lost', loss: closedLoss }) : measure(command, work);
  };

  return {
    claim: (input) => send('claim', { ...input, batch: input.requests }, () => claimLeases(runner, input)),
    renew: (input) => send('renew', { ...input, batch: input.leases }, () => renewLeases(runner, input)),
    commit: (input) =>
      send('commit', { ...input, batch: input.commits, names: [input.newEpoch] }, () => commitRecords(runner, input)),
    release: (input) => send('release', { ...input, batch: input.leases }, () => releaseLeases(runner, input)),
    heartbeat: (input) => {
      const { pod, targetsHash } = input.info;
      return send('heartbeat', { pod, names: [targetsHash] }, () => heartbeat(runner, roster, input));
    },
    leave: ({ pod, notAfter }) => send('heartbeat', { pod }, () => leave(runner, pod, notAfter)),
    sweep: (input) => send('sweep', { ...input, batch: input.records }, () => sweepRecords(runner, input)),
    sample: (input) => send('sample', { pod: input.pod }, () => sample(runner, input)),
    readLeases: (ids) => send('read-leases', batchOf(ids), () => readLeases(runner, ids)),
    readRecords: (ids) => send('read-records', batchOf(ids), () => readRecords(runner, ids)),
    writeTargets: (input) =>
      send('write-targets', { ...input, names: [input.targetsHash], list: input }, () => writeTargets(runner, input)),
    readTargets: (hash, piece) => send('read-targets', { names: [hash] }, () => readTargets(runner, hash, piece)),
    hold: (input) =>
      send('hold', { pod: input.pod, names: [input.newEpoch], holdKeys: input.holds }, () => hold(runner, input)),
    readHolds: (holdKeys) =>
      send('read-holds', { holdKeys: holdKeys.map((key) => ({ key })) }, () => readHolds(runner, holdKeys)),
    sweepHolds: (input) =>
      send('sweep-holds', { pod: input.pod, holdKeys: input.holds }, () => sweepHolds(runner, input)),
    restoreCounts: (input) => send('restore-counts', { batch: input.targets }, () => restoreCounts(runner, input)),
    readMoney: (ids) => send('read-money', batchOf(ids), () => readMoney(runner, ids)),
    readHistory: (ids) => send('read-history', batchOf(ids), () => readHistory(runner, ids)),
    time: () => send('time', {}, () => runner.run('read-time', [], () => null)),
    subscribe: async (listener) => {
      if (closed) return { kind: 'lost', loss: closedLoss };
      const parts = { times, channel: keys.channel, explain, refused };
      const make = (told: StoreListener): Promise<StoreSubscribed> =>
        measure('subscribe', () => subscribeAtHome(connection, parts, told));
      const answer = await subscriptions.open(make, listener);
      if (answer.kind === 'lost') return answer;
      const { subscription } = answer;
      return {
        kind: 'subscribed',
        subscription: { ping: () => measure('ping', () => subscription.ping()), close: () => subscription.close() },
      };
    },
    close: async () => {
      closed = true;
      await subscriptions.close();
      await connection.close();
    },
    evictionPolicy: () => connection.evictionPolicy(),
    bridge: (namespace) =>
      redisBridge({
        client: () => connection.client(),
        explain: (error) => connection.explain(error, bridgeAclRules(namespace)),
        namespace,
        send: (command, work) => send(command, {}, work),
      }),
    alerts: () => ({
      lead: (input) => send('lead-alerts', { pod: input.pod }, () => leadAlerts(runner, input)),
      write: (input) => send('write-alerts', { pod: input.pod }, () => writeAlerts(runner, input)),
    }),
    limits: () => ({
      lease: (input) => send('lease-limits', { pod: input.pod, pools: input.pools }, () => leaseLimits(runner, input)),
      giveBack: (input) =>
        send('give-back-limits', { pod: input.pod, pools: input.pools }, async () => {
          const answer = await leaseLimits(runner, { ...input, ttlMs: 0, pods: 1 });
          return answer.kind === 'ok' ? { ...answer, value: null } : answer;
        }),
    }),
    cooldowns: (namespace) =>
      redisCooldowns({
        client: () => connection.client(),
        explain: (error) => connection.explain(error, cooldownAclRules(namespace)),
        namespace,
        close: () => Promise.resolve(),
      }),
  };
}

function batchOf(ids: readonly TargetId[]): NamesOfCommand {
  return { batch: ids.map((target) => ({ target })) };
}
