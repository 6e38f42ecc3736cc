import { expect, it } from 'vitest';
import { freePort, until } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import type { RealPod } from '../support/real-pods.ts';
import { askHaproxy, configOf, describeWith, serverStats, startProgram } from './harness/index.ts';
import type { ServerStats, StartedProgram } from './harness/index.ts';

// HAProxy follows real pods by the configurations of docs/how-to/use-with-haproxy.md.

const PAGE = 'use-with-haproxy.md';
const LIMIT = { withinMs: 20_000, everyMs: 50 };
const stage = podsAndUpstream();

const head = `global
  stats socket unix@stats.sock mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
`;

describeWith('haproxy', () => {
  it('follows a target by agent checks through all of its states', async () => {
    const agentPort = await freePort();
    const pod = await stage.pods.pod(podYaml(agentPort));
    const proxy = startHaproxy(agentCheckConfig(agentPort));
    const sees = seen(proxy, 'llama', 'gpu-1');
    try {
      await sees({ status: 'UP', weight: '100', agent: 'L7OK' });
      stage.upstream.set('llama', { kind: 'status', status: 429, headers: { 'retry-after': '3' } });
      await sees({ status: 'UP', weight: '25' });
      stage.upstream.set('llama', { kind: 'status', status: 500 });
      await sees({ status: 'DOWN (agent)', agentSays: 'via agent : down (server HTTP 500)' });
      stage.upstream.set('llama', { kind: 'ok' });
      await sees({ status: 'UP', weight: '100' });
      await post(pod, '/fleet/targets/gpu-1/drain', { reason: 'test' });
      await sees({ status: 'UP', weight: '0' });
      await post(pod, '/fleet/targets/gpu-1/undrain', {});
      await sees({ status: 'UP', weight: '100' });
    } finally {
      await proxy.stop();
    }
  });

  it('keeps what its own operator set, and the last answer of a pod that stops', async () => {
    const agentPort = await freePort();
    const pod = await stage.pods.pod(podYaml(agentPort));
    const proxy = startHaproxy(agentCheckConfig(agentPort));
    const sees = seen(proxy, 'llama', 'gpu-1');
    try {
      await sees({ status: 'UP', agent: 'L7OK' });
      await askHaproxy(`${proxy.folder}/stats.sock`, 'set server llama/gpu-1 state maint');
      await sees({ status: 'MAINT' });
      await askHaproxy(`${proxy.folder}/stats.sock`, 'set server llama/gpu-1 state drain');
      stage.upstream.set('llama', { kind: 'status', status: 500 });
      await sees({ agentSays: 'via agent : down (server HTTP 500)' });
      stage.upstream.set('llama', { kind: 'ok' });
      await sees({ agent: 'L7OK', status: 'DRAIN (agent)' });
      await askHaproxy(`${proxy.folder}/stats.sock`, 'set server llama/gpu-1 state ready');
      await sees({ status: 'UP' });
      await pod.server.stop();
      await sees({ status: 'UP', weight: '100', agent: 'L4CON' });
    } finally {
      await proxy.stop();
    }
  });

  it('changes nothing for a name that allswell does not have', async () => {
    const agentPort = await freePort();
    await stage.pods.pod(podYaml(agentPort));
    const config = agentCheckConfig(agentPort).replace('agent-send "gpu-1\\n"', 'agent-send "gpu-2\\n"');
    const proxy = startHaproxy(config);
    try {
      await seen(proxy, 'llama', 'gpu-1')({ status: 'UP', agentSays: 'agent reports an error : error' });
    } finally {
      await proxy.stop();
    }
  });

  it('gets its agent checks answered by a pod with workers', async () => {
    const agentPort = await freePort();
    const cli = openCliStage();
    try {
      const url = await cli.pod(podYaml(agentPort, 'public_up: true'), { NUM_WORKERS: '2' });
      expect((await fetch(`${url}/groups/llama/up`, { method: 'HEAD' })).status).toBe(200);
      const proxy = startHaproxy(agentCheckConfig(agentPort));
      const sees = seen(proxy, 'llama', 'gpu-1');
      try {
        await sees({ status: 'UP', agent: 'L7OK' });
        stage.upstream.set('llama', { kind: 'status', status: 500 });
        await sees({ status: 'DOWN (agent)' });
      } finally {
        await proxy.stop();
      }
    } finally {
      await cli.close();
    }
  });

  it.each([
    ['with a key', '', (text: string) => text],
    ['without a key', 'public_up: true', (text: string) => text.replace(/ hdr Authorization ".*"/, '')],
  ])('sends requests elsewhere while a group is down, by HTTP checks %s', async (_, setting, change) => {
    const [agentPort, front] = [await freePort(), await freePort()];
    const pod = await stage.pods.pod(podYaml(agentPort, setting));
    const config = configOf(
      PAGE,
      { language: 'haproxy', note: 'httpchk' },
      {
        '10.0.0.5:4000': `127.0.0.1:${pod.server.port}`,
        '10.0.0.99:4000': `127.0.0.1:${pod.server.port}`,
        'sk-monitor': pod.key ?? '',
        'inter 2s': 'inter 100ms',
        'bind :8080': `bind 127.0.0.1:${front}`,
      },
    );
    const proxy = startHaproxy(
      change(config).replace('server other', 'http-request return status 418\n  server other'),
    );
    const sees = seen(proxy, 'allswell', 'pod-1');
    const status = async (): Promise<number> => (await fetch(`http://127.0.0.1:${front}/health/liveness`)).status;
    try {
      await sees({ status: 'UP', check: 'L7OK' });
      expect(await status()).toBe(200);
      stage.upstream.set('llama', { kind: 'status', status: 500 });
      await sees({ status: 'DOWN', check: 'L7STS' });
      expect(await status()).toBe(418);
    } finally {
      await proxy.stop();
    }
  });
});

function podYaml(agentPort: number, more = ''): string {
  return `
model_list:
  - model_name: llama
    litellm_params: { model: openai/llama, api_base: "${stage.upstream.apiBase}", api_key: sk-x, max_retries: 0 }
    model_info: { id: gpu-1 }
general_settings: { background_health_checks: true }
fleet_health:
  interval: 1
  edge_interval: 1
  agent_check_port: ${agentPort}
  ${more}
`;
}

function agentCheckConfig(agentPort: number): string {
  return configOf(
    PAGE,
    { language: 'haproxy', note: 'agent-check' },
    {
      '10.0.0.11:8000': new URL(stage.upstream.apiBase).host,
      '10.0.0.5': '127.0.0.1',
      'agent-port 9001': `agent-port ${agentPort}`,
      'agent-inter 2s': 'agent-inter 100ms',
    },
  );
}

function startHaproxy(config: string): StartedProgram {
  return startProgram('haproxy', { 'haproxy.cfg': `${head}${config}` }, () => ['-f', 'haproxy.cfg', '-db']);
}

/** Waits until HAProxy's statistics of a server are these. */
function seen(proxy: StartedProgram, backend: string, server: string) {
  return async (expected: Partial<ServerStats>): Promise<void> => {
    let last: ServerStats | undefined;
    const fits = async (): Promise<boolean> => {
      last = await serverStats(`${proxy.folder}/stats.sock`, backend, server).catch(() => undefined);
      return (
        last !== undefined &&
        Object.entries(expected).every(([key, value]) => last?.[key as keyof ServerStats] === value)
      );
    };
    await until(fits, { ...LIMIT, what: `HAProxy to show ${JSON.stringify(expected)}` }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows ${JSON.stringify(last)}; it printed: ${proxy.output()}`);
    });
  };
}

async function post(pod: RealPod, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${pod.key}` };
  const answer = await fetch(`${pod.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}
