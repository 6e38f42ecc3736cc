import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { configOf, describeWith, runProgram } from './harness/index.ts';
import type { Ended } from './harness/index.ts';

// Prometheus' own checker on both pages of a real pod, and on the alert rules.

const stage = podsAndUpstream();

describeWith('promtool', () => {
  it('finds the alert rules valid, and each fires when it should and not before', () => {
    expect(runProgram('promtool', ['check', 'rules', 'deploy/prometheus/rules.yaml'])).toMatchObject({ status: 0 });
    expect(runProgram('promtool', ['test', 'rules', 'deploy/prometheus/rules.test.yaml'])).toMatchObject({ status: 0 });
  });

  it('accepts the configuration of the how-to, with the rules', () => {
    const block = (note: string): string => {
      return configOf('monitor-with-prometheus.md', { language: 'yaml', note: `of another program: ${note}` }, {});
    };
    const config = `${block('prometheus with rules')}${block('prometheus')}`;
    const rules = readFileSync('deploy/prometheus/rules.yaml', 'utf8');
    expect(checked('config', { 'prometheus.yaml': config, 'rules.yaml': rules })).toMatchObject({ status: 0 });
    expect(checked('config', { 'prometheus.yaml': config })).toMatchObject({ status: 1 });
    const withKey = config.replace('static_configs:', `${block('prometheus with a key').trim()}\n    static_configs:`);
    const key = withKey.replace('/etc/prometheus/allswell-key', 'key');
    expect(checked('config', { 'prometheus.yaml': key, 'rules.yaml': rules, key: 'sk-x' })).toMatchObject({
      status: 0,
    });
  });

  it('can read each query of the dashboard', () => {
    const text = readFileSync('deploy/grafana/allswell.json', 'utf8');
    const { panels } = JSON.parse(text) as { panels: readonly { targets?: readonly { expr: string }[] }[] };
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(20);
    expect(checkedAsRules(queries)).toMatchObject({ status: 0 });
    expect(checkedAsRules(['sum by (allswell_known_pods'])).toMatchObject({ status: 1 });
  });

  it('has nothing to say against the metrics of a pod and of the fleet', async () => {
    const pod = await stage.pods.pod(podYaml());
    stage.upstream.set('bad', { kind: 'status', status: 500 });
    const read = async (path: string): Promise<string> => await (await fetch(`${pod.url}${path}`)).text();
    const isJudged = async (): Promise<boolean> => /^allswell_target_consecutive/m.test(await read('/metrics/fleet'));
    await until(isJudged, { withinMs: 20_000, what: 'a failed probe' });
    await fetch(`${pod.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${pod.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'good', messages: [{ role: 'user', content: 'hi' }] }),
    });
    const pages = { '/metrics': await read('/metrics'), '/metrics/fleet': await read('/metrics/fleet') };
    expect(pages['/metrics']).toContain('allswell_requests_total{group="good",status="200",outcome="answered"} 1');
    for (const [path, text] of Object.entries(pages)) {
      expect(runProgram('promtool', ['check', 'metrics'], text), path).toEqual({ status: 0, output: '' });
    }
    expect(runProgram('promtool', ['check', 'metrics'], '# TYPE bad_total gauge\nbad_total 1\n').status).not.toBe(0);
  });
});

/** What Grafana puts in place of its variables. */
function checkedAsRules(queries: readonly string[]): Ended {
  const exprs = queries.map((query) =>
    query.replaceAll('$__rate_interval', '5m').replaceAll(/\$(?:group|model)\b/g, '.*'),
  );
  const rules = exprs.map((expr, at) => ({ record: `allswell:query${at}`, expr }));
  return checked('rules', { 'queries.yaml': JSON.stringify({ groups: [{ name: 'queries', rules }] }) });
}

/** Checks the first of these files, which may name the others. */
function checked(kind: 'config' | 'rules', files: Readonly<Record<string, string>>): Ended {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-promtool-'));
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return runProgram('promtool', ['check', kind, join(folder, Object.keys(files)[0] ?? '')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function podYaml(): string {
  const params = (model: string): string =>
    `{ model: openai/${model}, api_base: "${stage.upstream.apiBase}", api_key: sk-x, input_cost_per_token: 0.001, output_cost_per_token: 0.002 }`;
  return `
model_list:
  - { model_name: good, litellm_params: ${params('llama')} }
  - { model_name: bad, litellm_params: ${params('bad')} }
general_settings: { background_health_checks: true }
fleet_health: { interval: 1, edge_interval: 1, expected_pods: 1, budget: { usd_per_day: 100, probes_per_hour: 1000 } }
`;
}
