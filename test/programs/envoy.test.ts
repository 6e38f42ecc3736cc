import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, startMockUpstream, until } from '../../src/testing/index.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { configOf, describeWith, startProgram } from './harness/index.ts';

// Envoy discovers the endpoints that a real pod writes, by the configuration of docs/how-to/use-with-envoy.md.

const stage = podsAndUpstream();
const LIMIT = { withinMs: 20_000, everyMs: 50 };

describeWith('envoy', () => {
  it('takes a failing upstream out and back in, follows drains, and keeps the last file', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'allswell-eds-'));
    const second = await startMockUpstream();
    const [one, two] = [stage.upstream.apiBase, second.apiBase].map((base) => new URL(base).host);
    const pod = await stage.pods.pod(`
model_list:
  - model_name: llama
    litellm_params: { model: openai/llama, api_base: "${stage.upstream.apiBase}", api_key: sk-x }
    model_info: { id: gpu-1 }
  - model_name: llama
    litellm_params: { model: openai/llama, api_base: "${second.apiBase}", api_key: sk-x, weight: 2 }
    model_info: { id: gpu-2 }
general_settings: { background_health_checks: true }
fleet_health: { interval: 1, edge_interval: 1, envoy_eds_dir: "${dir}" }
`);
    const file = (): string => readFileSync(join(dir, 'llama.json'), 'utf8');
    await until(() => file() !== '', { ...LIMIT, what: 'the first file' });
    const [port, admin] = [await freePort(), await freePort()];
    const envoy = startEnvoy(dir, port, admin);
    const endpoints = async (): Promise<readonly string[]> => {
      const answer = await fetch(`http://127.0.0.1:${admin}/clusters?format=json`).catch(() => undefined);
      return answer === undefined ? [] : statusesIn(await answer.json());
    };
    const sees = async (...expected: string[]): Promise<void> => {
      const fits = async (): Promise<boolean> => {
        return JSON.stringify(await endpoints()) === JSON.stringify(expected.toSorted());
      };
      await until(fits, { ...LIMIT, what: `Envoy to see ${expected.join(', ')}` }).catch(async (error: unknown) => {
        throw new Error(`${String(error)}; it sees ${(await endpoints()).join(', ')}; ${envoy.output().slice(-2_000)}`);
      });
    };
    const chats = async (): Promise<readonly number[]> => {
      const body = JSON.stringify({ model: 'llama', messages: [{ role: 'user', content: 'hello' }] });
      const headers = { authorization: 'Bearer sk-x', 'content-type': 'application/json' };
      const chat = async (): Promise<number> =>
        (await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', headers, body })).status;
      return [...new Set(await Promise.all(Array.from({ length: 20 }, chat)))];
    };
    try {
      await sees(`${one} HEALTHY 100`, `${two} HEALTHY 200`);
      expect(await chats()).toEqual([200]);
      second.set('llama', { kind: 'status', status: 500 });
      await sees(`${one} HEALTHY 100`, `${two} UNHEALTHY 200`);
      expect(await chats()).toEqual([200]);
      second.set('llama', { kind: 'ok' });
      await sees(`${one} HEALTHY 100`, `${two} HEALTHY 200`);
      const drained = await fetch(`${pod.url}/fleet/targets/gpu-1/drain`, {
        method: 'POST',
        headers: { authorization: `Bearer ${pod.key}` },
        body: JSON.stringify({ reason: 'test' }),
      });
      expect(drained.status).toBe(200);
      await sees(`${one} DRAINING 100`, `${two} HEALTHY 200`);
      const before = file();
      await pod.server.stop();
      expect(file()).toBe(before);
    } finally {
      await envoy.stop();
      await second.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

interface Clusters {
  readonly cluster_statuses: readonly {
    readonly name: string;
    readonly host_statuses?: readonly {
      readonly address: { readonly socket_address: { readonly address: string; readonly port_value: number } };
      readonly health_status: { readonly eds_health_status: string };
      readonly weight: number;
    }[];
  }[];
}

/** What Envoy knows of the endpoints of `llama`, in order. */
function statusesIn(answer: unknown): readonly string[] {
  const cluster = (answer as Clusters).cluster_statuses.find(({ name }) => name === 'llama');
  const hosts = (cluster?.host_statuses ?? []).map(({ address, health_status: health, weight }) => {
    const { address: ip, port_value: port } = address.socket_address;
    return `${ip}:${port} ${health.eds_health_status} ${weight}`;
  });
  return hosts.toSorted();
}

function startEnvoy(dir: string, port: number, admin: number): ReturnType<typeof startProgram> {
  const config = configOf(
    'use-with-envoy.md',
    { language: 'yaml', note: 'of another program: envoy' },
    {
      '/run/envoy-eds': dir,
      'address: 0.0.0.0, port_value: 8080': `address: 127.0.0.1, port_value: ${port}`,
    },
  );
  const more = `admin: { address: { socket_address: { address: 127.0.0.1, port_value: ${admin} } } }\n`;
  const flags = '-c envoy.yaml --service-node envoy-1 --service-cluster models --disable-hot-restart --concurrency 1';
  return startProgram('envoy', { 'envoy.yaml': `${config}${more}` }, () => `${flags} --log-level warning`.split(' '));
}
