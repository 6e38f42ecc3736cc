import { expect, it } from 'vitest';
import { freePort, until } from '../../src/testing/index.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { configOf, describeWith, startProgram } from './harness/index.ts';

// The blackbox exporter of Prometheus asks a real pod by the module of docs/how-to/monitor-from-outside.md.

const stage = podsAndUpstream();
const LIMIT = { withinMs: 20_000, everyMs: 50 };

describeWith('prometheus-blackbox-exporter', () => {
  it.each([
    ['with a key', 'public_up: false', (text: string) => text],
    ['without a key', 'public_up: true', (text: string) => text.replace(/ +authorization:\n.*\n.*\n/, '')],
  ])('sees a group go down and up again, %s', async (_, setting, change) => {
    const pod = await stage.pods.pod(podYaml(setting));
    const module = configOf(
      'monitor-from-outside.md',
      { language: 'yaml', note: 'of another program: blackbox' },
      {
        'sk-monitor': pod.key ?? '',
      },
    );
    const port = await freePort();
    const exporter = startProgram('prometheus-blackbox-exporter', { 'blackbox.yml': change(module) }, () => [
      '--config.file=blackbox.yml',
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    const probed = async (path: string): Promise<string | undefined> => {
      const query = new URLSearchParams({ module: 'allswell_up', target: `${pod.url}${path}` });
      const answer = await fetch(`http://127.0.0.1:${port}/probe?${query.toString()}`).catch(() => undefined);
      const text = (await answer?.text()) ?? '';
      const [, success] = /^probe_success (\d)$/m.exec(text) ?? [];
      const [, status] = /^probe_http_status_code (\d+)$/m.exec(text) ?? [];
      return success === undefined ? undefined : `${success} ${status}`;
    };
    const sees = async (path: string, expected: string): Promise<void> => {
      const fits = async (): Promise<boolean> => (await probed(path)) === expected;
      await until(fits, { ...LIMIT, what: `${expected} for ${path}; ${exporter.output()}` });
    };
    try {
      await sees('/groups/openai/*/up', '1 200');
      await sees('/fleet/targets/gpu-1/up', '1 200');
      stage.upstream.set('llama', { kind: 'status', status: 500 });
      await sees('/groups/openai/*/up', '0 503');
      await sees('/fleet/targets/gpu-1/up', '0 503');
      stage.upstream.set('llama', { kind: 'ok' });
      await sees('/groups/openai/*/up', '1 200');
      expect(await probed('/groups/nothing/up')).toBe('0 404');
    } finally {
      await exporter.stop();
    }
  });
});

function podYaml(setting: string): string {
  return `
model_list:
  - model_name: openai/*
    litellm_params: { model: openai/llama, api_base: "${stage.upstream.apiBase}", api_key: sk-x }
    model_info: { id: gpu-1 }
general_settings: { background_health_checks: true }
fleet_health: { interval: 1, edge_interval: 1, ${setting} }
`;
}
