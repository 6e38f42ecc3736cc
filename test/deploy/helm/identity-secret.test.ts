import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployTool, objectsOf } from '../harness/kubernetes.ts';
import { CHART, helm, KUBE_VERSION } from './helm.ts';

const missing = deployTool('helm') === undefined;

/** What a cluster answers to the questions of `lookup`, and nothing more. */
const secrets = new Map<string, object>();
const answers: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '30', gitVersion: 'v1.30.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'secrets', singularName: 'secret', namespaced: true, kind: 'Secret', verbs: ['get', 'list'] }],
  },
};

describe.skipIf(missing)(missing ? 'Helm is not there: run .ci/fetch-helm' : 'the identity secret', () => {
  let cluster: Server;
  let folder = '';
  let kubeconfig = '';
  beforeAll(async () => {
    cluster = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://cluster').pathname;
      const answer = answers[path] ?? secrets.get(path);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 },
        ),
      );
    }).listen(0, '127.0.0.1');
    await once(cluster, 'listening');
    folder = mkdtempSync(join(tmpdir(), 'allswell-helm-'));
    kubeconfig = join(folder, 'config');
    const server = `http://127.0.0.1:${(cluster.address() as AddressInfo).port}`;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      users: [{ name: 'test', user: {} }],
      'current-context': 'test',
    };
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  });
  afterAll(() => {
    cluster.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is generated once, and an upgrade keeps the one that the cluster has', async () => {
    secrets.clear();
    const generated = await identitySecret();
    expect(Buffer.from(generated, 'base64').toString()).toMatch(/^[A-Za-z0-9]{48}$/);
    const kept = Buffer.from('the-secret-of-the-first-install').toString('base64');
    secrets.set('/api/v1/namespaces/llm/secrets/allswell-identity', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'allswell-identity', namespace: 'llm' },
      data: { 'identity-secret': kept },
    });
    expect(await identitySecret()).toBe(kept);
  });

  async function identitySecret(): Promise<string> {
    const options = ['--dry-run=server', '--kubeconfig', kubeconfig, '--namespace', 'llm'];
    const { status, output, errors } = await helm(
      'template',
      'allswell',
      CHART,
      ...KUBE_VERSION,
      '--is-upgrade',
      ...options,
    );
    expect([status, errors]).toEqual([0, '']);
    const secret = objectsOf(output).find(({ metadata }) => metadata.name === 'allswell-identity');
    return secret?.data?.['identity-secret'] ?? '';
  }
});
