import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { freePort, startRedisServer, type RedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';

export interface TlsServer {
  /** Answers without encryption on `server.port`, for the test's own use. */
  readonly server: RedisServer;
  readonly tlsPort: number;
  /** The authority that signed the server's certificate, PEM. */
  readonly ca: string;
  /** What the same authority signed for a client. */
  readonly client: { readonly certificate: string; readonly key: string };
  /** Where the certificates lie. */
  readonly folder: string;
  stop(): Promise<void>;
}

const program = process.env['OPENSSL_BIN'] ?? 'openssl';

/** Why encryption cannot be tested on this machine; `undefined` where it can. */
export function tlsObstacle(): string | undefined {
  const found = spawnSync(program, ['version']).status === 0;
  return found ? undefined : 'no openssl program to make certificates with';
}

/** A server with a certificate for `localhost`, signed by an authority of its own. */
export async function startTlsServer(
  args: readonly string[] = [],
  clients: 'anybody' | 'with a certificate' = 'anybody',
): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-tls-'));
  const { ca, client } = makeCertificates(folder);
  const tlsPort = await freePort();
  const files = tlsFiles(folder).flatMap(([name, file]) => [`--${name}`, file]);
  const wanted = clients === 'anybody' ? 'no' : 'yes';
  const tls = ['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', wanted];
  const server = await startRedisServer({ args: [...tls, ...args] });
  return {
    server,
    tlsPort,
    ca,
    client,
    folder,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface TlsCluster extends TlsServer {
  readonly connection: RedisTarget;
  /** The same, as somebody names it who takes it for one server. */
  readonly hidden: RedisTarget;
}

/** A cluster of one node that is told to clients by its name, as managed ones do. */
export async function startTlsCluster(): Promise<TlsCluster> {
  const names = ['--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'];
  const started = await startTlsServer(['--cluster-enabled', 'yes', '--tls-cluster', 'yes', ...names]);
  const admin = new Redis(started.server.url);
  await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
  await until(async () => String(await admin.cluster('INFO')).includes('cluster_state:ok'), {
    withinMs: 20_000,
    what: 'a cluster that has all its slots',
  });
  admin.disconnect();
  const node = { host: 'localhost', port: started.tlsPort };
  const tls = { ca: started.ca, verify: 'full' } as const;
  return {
    ...started,
    connection: { kind: 'cluster', nodes: [node], tls },
    hidden: { kind: 'single', ...node, tls },
  };
}

/** The settings of a server or a sentinel that name its own files in such a folder. */
export function tlsFiles(folder: string): readonly (readonly [name: string, file: string])[] {
  return [
    ['tls-cert-file', join(folder, 'server.crt')],
    ['tls-key-file', join(folder, 'server.key')],
    ['tls-ca-cert-file', join(folder, 'ca.crt')],
  ];
}

/** Leaves keys and certificates of an authority, a server and a client in a folder; answers what clients need, PEM. */
export function makeCertificates(folder: string): Pick<TlsServer, 'ca' | 'client'> {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): unknown => execFileSync(program, args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', '2', '-subj', '/CN=test authority'];
  openssl('req', '-x509', ...key, ...authority);
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost');
  const signing = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  for (const name of ['server', 'client']) {
    const [own, asked] = [file(`${name}.key`), file(`${name}.csr`)];
    openssl('req', ...key, '-keyout', own, '-out', asked, '-subj', `/CN=${name === 'server' ? 'localhost' : name}`);
    openssl('x509', '-req', '-in', asked, ...signing, '-out', file(`${name}.crt`), '-days', '2');
  }
  const read = (name: string): string => readFileSync(file(name), 'utf8');
  return { ca: read('ca.crt'), client: { certificate: read('client.crt'), key: read('client.key') } };
}
