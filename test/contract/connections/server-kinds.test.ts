import { describe, expect, it } from 'vitest';
import { until } from '../../../src/testing/until.ts';
import { listen, probed } from '../fleet-store/under-test.ts';
import { adminOf, answering, newLog, onEnd, openStore, problemOf, serverFor, targetOf, type Log } from './support.ts';

const warning = (policy: string): string =>
  `warn Redis has maxmemory-policy ${policy}: Redis may evict health records and leases when memory is short. To fix: set it to noeviction`;

describe('a server that may evict', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('causes one warning, also after reconnections: %s', async (policy) => {
    const server = await serverFor({ args: ['--maxmemory-policy', policy] });
    const admin = adminOf(server);
    const { log, store } = await connected(targetOf(server));
    await warned(log);
    for (let times = 0; times < 3; times++) {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await answering(store, 5_000);
    }
    await admin.config('SET', 'maxmemory-policy', 'allkeys-random');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(() => log.of('warn ').length > 1, { withinMs: 5_000, what: 'the warning of another policy' });
    expect(log.of('warn ')).toEqual([warning(policy), warning('allkeys-random')]);
  });

  it('is detected without CONFIG, as on managed servers, or without INFO', async () => {
    const server = await serverFor({ args: ['--maxmemory-policy', 'volatile-lru'] });
    const admin = adminOf(server);
    for (const denied of ['config', 'info']) {
      const rules = ['on', '>pw', '~*', '&*', '+@all', `-${denied}`];
      await admin.call('ACL', 'SETUSER', denied, ...rules);
      const { log, store } = await connected({ ...targetOf(server), username: denied, password: 'pw' });
      await warned(log);
      expect(store.evictionPolicy()).toEqual({ kind: 'known', policy: 'volatile-lru', mayEvict: 'yes' });
    }
    const renamed = await serverFor({ args: ['--maxmemory-policy', 'volatile-lru', '--rename-command', 'CONFIG', ''] });
    await warned((await connected(targetOf(renamed))).log);
  });
});

describe('a server that speaks the old protocol only', () => {
  it('works for commands and for the push channel', async () => {
    const server = await serverFor({ args: ['--rename-command', 'HELLO', ''], password: 'pw' });
    const { store } = await connected({ ...targetOf(server), password: 'pw' });
    const heard = await listen(store);
    expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
    await probed(store);
    await until(() => heard.events.length === 2, { withinMs: 2_000, what: 'both events' });
  });
});

describe('a server without a command', () => {
  it('causes an error that names the missing command', async () => {
    const server = await serverFor({ args: ['--rename-command', 'EVALSHA', ''] });
    const { message } = await problemOf(targetOf(server), /unknown command/);
    expect(message).toContain('the server lacks a command: Redis 7.0 or newer, or Valkey, is needed)');
  });

  it('causes an error if a cluster is configured and it is none', async () => {
    const server = await serverFor();
    const nodes = [{ host: server.host, port: server.port }];
    const { message } = await problemOf({ kind: 'cluster', nodes }, /cluster support disabled/);
    expect(message).toContain('the server is not a cluster: set host and port instead of startup_nodes');
  });
});

async function connected(
  target: Parameters<typeof openStore>[0],
): Promise<{ log: Log; store: ReturnType<typeof openStore> }> {
  const log = newLog();
  const store = openStore(target, log.logger);
  onEnd(() => store.close());
  await answering(store, 5_000);
  return { log, store };
}

async function warned(log: Log): Promise<void> {
  await until(() => log.of('warn ').length === 1, { withinMs: 5_000, what: 'the warning' });
}
