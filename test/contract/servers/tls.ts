import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startRedisServer, type RedisServer } from '../../../src/testing/redis-server/index.ts';

export interface TlsServer {
  /** Answers without encryption on `server.port`, for the test's own use. */
  readonly server: RedisServer;
  readonly tlsPort: number;
  /** The authority that signed the server's certificate, PEM. */
  readonly ca: string;
  stop(): Promise<void>;
}

const program = process.env['OPENSSL_BIN'] ?? 'openssl';

/** Why encryption cannot be tested on this machine; `undefined` where it can. */
export function tlsObstacle(): string | undefined {
  const found = spawnSync(program, ['version']).status === 0;
  return found ? undefined : 'no openssl program to make certificates with';
}

/** A server with a certificate for `localhost`, signed by an authority of its own. */
export async function startTlsServer(): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-tls-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): unknown => execFileSync(program, args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  openssl('req', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=localhost');
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost');
  const signing = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  openssl('x509', '-req', '-in', file('server.csr'), ...signing, '-out', file('server.crt'), '-days', '2');
  const tlsPort = await freePort();
  const certificate = ['--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')];
  const tls = ['--tls-port', String(tlsPort), ...certificate, '--tls-ca-cert-file', file('ca.crt')];
  const server = await startRedisServer({ args: [...tls, '--tls-auth-clients', 'no'] });
  return {
    server,
    tlsPort,
    ca: readFileSync(file('ca.crt'), 'utf8'),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
