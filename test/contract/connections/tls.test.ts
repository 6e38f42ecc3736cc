import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { until } from '../../../src/testing/until.ts';
import { listen, probed } from '../fleet-store/under-test.ts';
import { startTlsCluster, startTlsServer, tlsObstacle, type TlsServer } from '../servers/tls.ts';
import { adminOf, answering, FLEET, newLog, onEnd, openStore, problemOf } from './support.ts';

const obstacle = tlsObstacle();

describe.skipIf(obstacle !== undefined)(`TLS${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
  let server: TlsServer;
  beforeAll(async () => {
    server = await startTlsServer();
  });
  afterAll(() => server.stop());

  const target = (over: Partial<Extract<RedisTarget, { kind: 'single' }>> = {}): RedisTarget => ({
    kind: 'single',
    host: 'localhost',
    port: server.tlsPort,
    tls: { ca: server.ca, verify: 'full' },
    ...over,
  });

  it('takes user, password and database from a rediss URL, and what to check from its query', async () => {
    const admin = adminOf(server.server);
    await admin.call('ACL', 'SETUSER', 'me', 'on', '>p@ss', '~*', '&*', '+@all');
    const place = `me:p%40ss@localhost:${server.tlsPort}/4`;
    await answering(openStore({ kind: 'url', url: `rediss://${place}?ssl_cert_reqs=none` }), 5_000);
    const store = openStore({ kind: 'url', url: `rediss://${place}`, tls: { ca: server.ca, verify: 'full' } });
    await answering(store, 5_000);
    await probed(store);
    await admin.select(4);
    expect(await admin.exists(`allswell:{${FLEET}}:records`)).toBe(1);
  });

  it('names the setting if no trusted authority signed the certificate', async () => {
    const other = await startTlsServer();
    onEnd(() => other.stop());
    for (const ca of [{}, { ca: other.ca }]) {
      const { message, code } = await problemOf(target({ tls: { ...ca, verify: 'full' } }), /certificate/);
      expect(message).toContain(
        `(Redis at localhost:${server.tlsPort}; the server certificate is not signed by a trusted CA: set ssl_ca_certs to the CA that signed it)`,
      );
      expect(code).toBe('disconnected');
    }
  });

  it('names the setting if the certificate is for another name', async () => {
    const { message } = await problemOf(target({ host: '127.0.0.1' }), /certificate/);
    expect(message).toContain('use one of its names as host, or set ssl_check_hostname: false');
  });

  it('names the setting if only one side uses it', async () => {
    // A Redis waits for the rest of what it takes for a command.
    const open = await problemOf(target({ port: server.server.port }), /ETIMEDOUT/);
    expect(open.message).toContain('no answer from this address: check host, port, ssl and firewalls');
    const web = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
    onEnd(() => void web.close());
    const port = (web.address() as AddressInfo).port;
    const other = await problemOf(target({ host: '127.0.0.1', port }), /SSL|TLS/);
    expect(other.message).toContain('the server does not use TLS on this port: check ssl and port');
    const closed = await problemOf({ kind: 'single', host: 'localhost', port: server.tlsPort }, /ssl: true/);
    expect(closed).toMatchObject({ code: 'disconnected' });
  });

  it('sends its certificate to a server that asks for one, on both connections', async () => {
    const strict = await startTlsServer([], 'with a certificate');
    onEnd(() => strict.stop());
    const trusted = { ca: strict.ca, verify: 'full' } as const;
    const store = openStore(target({ port: strict.tlsPort, tls: { ...trusted, client: strict.client } }));
    await answering(store, 5_000);
    const heard = await listen(store);
    expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
    await probed(store);
    const { message } = await problemOf(target({ port: strict.tlsPort, tls: trusted }), /alert/);
    expect(message).toContain('the server requires a client certificate: set ssl_certfile and ssl_keyfile');
    const other = await startTlsServer();
    onEnd(() => other.stop());
    const foreign = target({ port: strict.tlsPort, tls: { ...trusted, client: other.client } });
    const refused = await problemOf(foreign, /alert/);
    expect(refused.message).toContain('the server rejects the client certificate: check ssl_certfile and ssl_keyfile');
    expect(refused).toMatchObject({ code: 'disconnected' });
    expect(refused.message).not.toContain('PRIVATE KEY');
  });

  it('finds the nodes of a cluster by their names, as the certificate requires', async () => {
    const cluster = await startTlsCluster();
    onEnd(() => cluster.stop());
    for (const connection of [cluster.connection, cluster.hidden]) {
      const log = newLog();
      const store = openStore(connection, log.logger);
      // What is on its way while the client changes is lost.
      const changes = connection === cluster.hidden ? 1 : 0;
      await until(() => log.of('info ').length === changes, { withinMs: 5_000, what: 'the cluster to be noticed' });
      await answering(store, 10_000);
      const heard = await listen(store);
      expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
      await probed(store);
      await store.close();
      await adminOf(cluster.server).flushall();
    }
  }, 60_000);
});
