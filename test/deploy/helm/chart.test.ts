import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pages } from '../../docs/markdown.ts';
import { packageVersion } from '../../../src/package-files.ts';
import { findingsOf } from '../harness/config-check.ts';
import { deployTool, objectsOf, refusedByKubernetes } from '../harness/kubernetes.ts';
import type { KubernetesObject } from '../harness/kubernetes.ts';
import { expectConfinedPod } from '../harness/pod-rules.ts';
import { CHART, helm, KUBE_VERSION } from './helm.ts';

const FOLDER = 'test/deploy/helm';
const sets = globSync(`${FOLDER}/values/*.yaml`).map((path) => basename(path, '.yaml'));
const missing = deployTool('helm') === undefined || deployTool('kubeconform') === undefined;

describe('the chart', () => {
  it('has the version of the package', () => {
    const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as Record<string, string>;
    expect([chart['version'], chart['appVersion']]).toEqual([packageVersion(), packageVersion()]);
  });

  it('has a comment in values.yaml for each key of the first level', () => {
    const text = readFileSync(join(CHART, 'values.yaml'), 'utf8');
    const keys = Object.keys(parse(text) as object);
    const named = keys.filter((key) => new RegExp(`^# .*\\n(?:# .*\\n)*${key}:|^${key}:.*\\n +# `, 'm').test(text));
    // Words that charts share: a reader knows them.
    const common =
      /^(?:imagePullSecrets|nameOverride|fullnameOverride|resources|affinity|nodeSelector|tolerations|priorityClassName|service|podAnnotations|podLabels|podDisruptionBudget)$/;
    expect(keys.filter((key) => !named.includes(key) && !common.test(key))).toEqual([]);
  });
});

describe.skipIf(missing)(missing ? 'Helm is not there: run .ci/fetch-helm' : 'rendered by Helm', () => {
  it('has five sets of values', () => {
    expect(sets.length).toBe(5);
  });

  it.each(sets)('passes helm lint --strict with %s', async (name) => {
    const { status, output, errors } = await helm('lint', '--strict', ...KUBE_VERSION, '--values', fileOf(name), CHART);
    expect([status, errors]).toEqual([0, '']);
    expect(output).toContain('0 chart(s) failed');
  });

  // ALLSWELL_UPDATE_GOLDEN=1 writes the files anew.
  it.each(sets)('gives the manifests in golden/%s.yaml, which Kubernetes accepts', async (name) => {
    const manifests = withoutSecret(await rendered(name));
    const golden = `${FOLDER}/golden/${name}.yaml`;
    if (process.env['ALLSWELL_UPDATE_GOLDEN'] === '1') writeFileSync(golden, manifests);
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : '').toBe(manifests);
    expect(refusedByKubernetes(manifests)).toBe('');
  });

  it.each(sets)('runs pods of %s without a right that they do not need', async (name) => {
    expectConfinedPod(deploymentOf(objectsOf(await rendered(name))));
  });

  it.each(sets.filter((name) => name !== 'bridge'))('gives pods of %s a file that they accept', async (name) => {
    const objects = objectsOf(await rendered(name));
    const file = objects.find(({ kind }) => kind === 'ConfigMap')?.data?.['proxy_config.yaml'] ?? '';
    const notes = findingsOf(file, {
      ...variablesOf(deploymentOf(objects)),
      OPENAI_API_KEY: 'sk-a',
      ANTHROPIC_API_KEY: 'sk-b',
      SHARED_IDENTITY: 'x',
    });
    expect(notes).toEqual([]);
  });

  it('keeps large numbers whole', async () => {
    const file = objectsOf(await rendered('production')).find(({ kind }) => kind === 'ConfigMap')?.data?.[
      'proxy_config.yaml'
    ];
    expect(parse(file ?? '')).toMatchObject({
      model_list: [{ litellm_params: { rpm: 1_000_000 } }, {}],
      fleet_health: {
        gateway: { max_body_bytes: 104_857_600 },
        identity_secret: 'os.environ/ALLSWELL_IDENTITY_SECRET',
      },
    });
  });

  it('restarts pods for another file, and gives no checksum where that is not wanted', async () => {
    const checksum = async (...more: readonly string[]): Promise<string | undefined> =>
      deploymentOf(objectsOf(await rendered('smallest', ...more))).spec?.template?.metadata.annotations?.[
        'checksum/config'
      ];
    const first = await checksum();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await checksum()).toBe(first);
    expect(await checksum('--set', 'config.fleet_health.interval=30')).not.toBe(first);
    expect(await checksum('--set', 'restartOnConfigChange=false')).toBeUndefined();
  });

  it('expects as many pods as there are at least, and gives them time to end', async () => {
    const [few, many] = await Promise.all([rendered('smallest'), rendered('production')]);
    const of = (text: string): unknown[] => {
      const deployment = deploymentOf(objectsOf(text));
      const { ALLSWELL_EXPECTED_PODS, GRACEFUL_SHUTDOWN_TIMEOUT } = variablesOf(deployment);
      const { replicas, template } = deployment.spec ?? {};
      return [
        ALLSWELL_EXPECTED_PODS,
        replicas,
        GRACEFUL_SHUTDOWN_TIMEOUT,
        template?.spec.terminationGracePeriodSeconds,
      ];
    };
    expect(of(few)).toEqual(['3', 3, '10', 30]);
    expect(of(many)).toEqual(['4', undefined, '60', 135]);
  });

  const shown = pages()
    .flatMap(({ path, blocks }) => blocks.map((block) => ({ path, ...block })))
    .filter(({ note }) => note.includes('values of the chart'));

  it.each(shown)('takes the values that $path shows at line $line', async ({ path, line, text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'allswell-values-'));
    try {
      writeFileSync(join(folder, 'values.yaml'), text);
      const { status, output, errors } = await helm(
        'template',
        'allswell',
        CHART,
        ...KUBE_VERSION,
        '--values',
        join(folder, 'values.yaml'),
      );
      expect([status, errors, refusedByKubernetes(output)], `${path}:${line}`).toEqual([0, '', '']);
      expect(objectsOf(output).find(({ kind }) => kind === 'Deployment')?.metadata.name).toBe('allswell');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('finds values in the documentation', () => {
    expect(shown.length).toBeGreaterThan(1);
  });

  it.each([
    ['mode=proxy', "at '/mode'"],
    ['replica=2', "'replica' not allowed"],
    ['config.fleet_health.fall=0', "at '/config/fleet_health/fall'"],
    ['config.fleet_health.intervall=5', "'intervall' not allowed"],
    ['redis.port=0', "at '/redis/port'"],
  ])('refuses --set %s', async (set, problem) => {
    const { status, errors } = await helm('template', 'x', CHART, ...KUBE_VERSION, '--set', set);
    expect(status).toBe(1);
    expect(errors).toContain(problem);
  });

  it.each([
    ['mode=bridge,autoscaling.enabled=true', 'a bridge serves no requests'],
    ['autoscaling.enabled=true,autoscaling.maxReplicas=2', 'below autoscaling.minReplicas'],
    ['serviceMonitor.enabled=true,serviceMonitor.authorize=true', 'needs masterKey.existingSecret'],
    ['serviceMonitor.enabled=true,config.fleet_health.metrics_auth=key', 'Prometheus needs the master key'],
    ['networkPolicy.enabled=true,redis.urlSecret.name=redis', 'networkPolicy.redisPorts'],
    ['config.general_settings.master_key=sk-1', 'would be readable in the ConfigMap'],
    [
      'config.model_list[0].model_name=a,config.model_list[0].litellm_params.model=openai/a,config.model_list[0].litellm_params.api_key=sk-1',
      'config.model_list[0].litellm_params.api_key would be readable',
    ],
  ])('refuses the contradiction --set %s', async (set, problem) => {
    const { status, errors } = await helm('template', 'x', CHART, ...KUBE_VERSION, '--set', set);
    expect(status).toBe(1);
    expect(errors).toContain(problem);
  });
});

it.skipIf(missing)('lets pods reach the Redis of the configuration through the NetworkPolicy', async () => {
  const set = 'networkPolicy.enabled=true,config.litellm_settings.cache_params.port=6380';
  const { output } = await helm('template', 'x', CHART, ...KUBE_VERSION, '--set', set);
  const policy = objectsOf(output).find(({ kind }) => kind === 'NetworkPolicy');
  expect(JSON.stringify(policy)).toContain('"port":6380');
});

const fileOf = (name: string): string => `${FOLDER}/values/${name}.yaml`;

async function rendered(name: string, ...more: readonly string[]): Promise<string> {
  const { status, output, errors } = await helm(
    'template',
    'allswell',
    CHART,
    ...KUBE_VERSION,
    '--values',
    fileOf(name),
    ...more,
  );
  expect([status, errors]).toEqual([0, '']);
  return output;
}

/** Without the generated secret, which differs each time. */
const withoutSecret = (manifests: string): string =>
  manifests.replace(/^( {2}identity-secret: )\S{64}$/m, '$1Z2VuZXJhdGVk');

function deploymentOf(objects: readonly KubernetesObject[]): KubernetesObject {
  const found = objects.find(({ kind }) => kind === 'Deployment');
  if (found === undefined) throw new Error('no Deployment was rendered');
  return found;
}

/** The variables of the container. One that comes from a Secret has a value of that form. */
function variablesOf(deployment: KubernetesObject): Record<string, string> {
  const env = deployment.spec?.template?.spec.containers[0]?.env ?? [];
  const secret = (name: string): string => (name === 'REDIS_URL' ? 'redis://redis:6379' : 'sk-0f3b9c71d25ae81c40b7');
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? secret(name)]));
}
