import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { aclRules, openRedisStore } from '../../../src/store/redis/index.ts';
import type { RedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';
import { listen, probed } from '../fleet-store/under-test.ts';
import { realClock } from '../redis-fleet.ts';
import { startCluster } from '../servers/cluster.ts';
import { answering, FLEET, newLog, onEnd, openStore, problemIn, serverFor, targetOf, type Log } from './support.ts';

const OLD = 'old-secret-5f1c';
const NEW = 'new-secret-9b3e';

describe('a password in a file', () => {
  it('is used without its line end, and overrides one in a URL', async () => {
    const server = await serverFor({ password: OLD });
    const { path: passwordFile } = secretFile(`${OLD}\n`);
    await answering(openStore({ ...targetOf(server), passwordFile }), 5_000);
    const url = `redis://default:another@${server.host}:${server.port}/0`;
    await answering(openStore({ kind: 'url', url, passwordFile }), 5_000);
  });

  it('may change on the server first: the pod reconnects when the file has the new one', async () => {
    const { server, admin, log, file, store } = await running();
    const heard = await listen(store);
    await admin.config('SET', 'requirepass', NEW);
    await cutAll(admin);
    await until(() => heard.dropped.length === 1, { withinMs: 5_000, what: 'the subscription to be dropped' });
    const { message } = await problemIn(store, /WRONGPASS/);
    expect(message).toContain(`(Redis at 127.0.0.1:${server.port}; check username and password)`);
    expect(await store.subscribe(deaf)).toMatchObject({ kind: 'lost', loss: { code: 'no-permission' } });
    file.write(NEW);
    await answering(store, 5_000);
    await until(async () => (await store.subscribe(deaf)).kind === 'subscribed', {
      withinMs: 5_000,
      what: 'a subscription with the new password',
    });
    await probed(store);
    saysNothingSecret(log);
  });

  it('may change in the file first: open connections stay, and new ones use the new one', async () => {
    const { admin, log, file, store } = await running();
    const heard = await listen(store);
    file.write(NEW);
    expect((await store.time()).kind).toBe('ok');
    await admin.config('SET', 'requirepass', NEW);
    expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
    await cutAll(admin);
    await answering(store, 5_000);
    await until(async () => (await store.subscribe(deaf)).kind === 'subscribed', {
      withinMs: 5_000,
      what: 'a subscription with the new password',
    });
    saysNothingSecret(log);
  });

  it('may change for a user of an access list, who is never without a valid one', async () => {
    const { server, admin, log } = await running();
    const rules = aclRules(FLEET).split(' ');
    await admin.call('ACL', 'SETUSER', 'pod', 'on', `>${OLD}`, ...rules);
    const file = secretFile(OLD);
    const store = openStore({ ...targetOf(server), username: 'pod', passwordFile: file.path }, log.logger);
    await answering(store, 5_000);
    await admin.call('ACL', 'SETUSER', 'pod', `>${NEW}`);
    file.write(NEW);
    await admin.call('ACL', 'SETUSER', 'pod', `<${OLD}`);
    await admin.call('CLIENT', 'KILL', 'USER', 'pod');
    await answering(store, 5_000);
    // Deleting and making the user anew cuts its connections, too.
    await admin.call('ACL', 'DELUSER', 'pod');
    await problemIn(store, /WRONGPASS/);
    await admin.call('ACL', 'SETUSER', 'pod', 'on', `>${OLD}x`, ...rules);
    file.write(`${OLD}x`);
    await answering(store, 5_000);
    saysNothingSecret(log);
  });

  it('is kept while the file is empty or missing, which is reported when the login is refused', async () => {
    const { admin, log, file, store } = await running();
    file.write('');
    await cutAll(admin);
    await answering(store, 5_000);
    rmSync(file.path);
    await admin.config('SET', 'requirepass', NEW);
    await cutAll(admin);
    const { message } = await problemIn(store, /cannot be read/);
    expect(message).toMatch(/^WRONGPASS .*; the password file \S+ cannot be read: ENOENT\)$/);
    file.write(NEW);
    await answering(store, 5_000);
    saysNothingSecret(log);
  });

  it('may change in a cluster', async () => {
    const cluster = await startCluster({ password: OLD });
    onEnd(() => cluster.stop());
    const file = secretFile(OLD);
    const log = newLog();
    const [{ host, port }] = cluster.servers as [RedisServer];
    // Told of the cluster, and finding it out.
    const stores = ([cluster.connection, { kind: 'single', host, port }] as const).map((connection) => {
      const { password: _none, ...target } = connection as Extract<RedisTarget, { kind: 'cluster' }>;
      const options = { fleet: FLEET, clock: realClock, logger: log.logger };
      const store = openRedisStore({ ...options, connection: { ...target, passwordFile: file.path } });
      onEnd(() => store.close());
      return store;
    });
    for (const store of stores) await answering(store, 10_000);
    for (const server of cluster.servers) {
      const admin = new Redis(server.port, server.host, { password: OLD });
      onEnd(() => admin.disconnect());
      await admin.config('SET', 'masterauth', NEW);
      await admin.config('SET', 'requirepass', NEW);
      await cutAll(admin);
    }
    for (const store of stores) await problemIn(store, /WRONGPASS/);
    file.write(NEW);
    for (const store of stores) await answering(store, 10_000);
    saysNothingSecret(log);
  }, 60_000);
});

const deaf = { event() {}, garbage() {}, dropped() {} };

/** A pod's store that is connected by the old password, and a way in for the test that stays open. */
async function running(): Promise<{
  server: RedisServer;
  admin: Redis;
  log: Log;
  file: ReturnType<typeof secretFile>;
  store: ReturnType<typeof openStore>;
}> {
  const server = await serverFor({ password: OLD });
  const admin = new Redis(server.url);
  onEnd(() => admin.disconnect());
  const log = newLog();
  const file = secretFile(OLD);
  const store = openStore({ ...targetOf(server), passwordFile: file.path }, log.logger);
  await answering(store, 5_000);
  return { server, admin, log, file, store };
}

/** Written as Kubernetes does it: the new text takes the name of the old one. */
function secretFile(text: string): { readonly path: string; write(text: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-secret-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'password');
  const write = (next: string): void => {
    writeFileSync(`${path}.new`, next);
    renameSync(`${path}.new`, path);
  };
  write(text);
  return { path, write };
}

async function cutAll(admin: Redis): Promise<void> {
  for (const type of ['normal', 'pubsub']) await admin.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
}

function saysNothingSecret({ lines }: Log): void {
  const said = lines.join('\n');
  expect(said).not.toContain(OLD);
  expect(said).not.toContain(NEW);
}
