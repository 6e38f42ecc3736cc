import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configJsonSchema } from '../src/config/docs/json-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

const VALUES = 'deploy/helm/allswell/values.yaml';

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 1 };
const seconds: Schema = { type: 'integer', minimum: 1, maximum: 3600 };
const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
const duration: Schema = { type: 'string', pattern: String.raw`^(\d+(ms|[smhdwy]))+$` };
const list: Schema = { type: 'array', items: { type: 'object' } };
const texts: Schema = { type: 'object', additionalProperties: { type: 'string' } };

/** Values that take less than any value of their type, and mappings that go to Kubernetes as they are. */
const byPath: Readonly<Record<string, Schema>> = {
  mode: { enum: ['serve', 'bridge'] },
  replicas: { type: 'integer', minimum: 0 },
  workers: count,
  extraArgs: { type: 'array', items: text },
  gracefulShutdownSeconds: seconds,
  preStopSeconds: { ...seconds, minimum: 0 },
  'image.digest': { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  'image.pullPolicy': { enum: ['Always', 'IfNotPresent', 'Never'] },
  'redis.port': port,
  'service.port': port,
  'service.type': { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  'autoscaling.minReplicas': count,
  'autoscaling.maxReplicas': count,
  'autoscaling.targetCPUUtilizationPercentage': count,
  'podDisruptionBudget.maxUnavailable': { anyOf: [count, { type: 'string', pattern: String.raw`^\d+%$` }] },
  'topologySpread.maxSkew': count,
  'topologySpread.whenUnsatisfiable': { enum: ['ScheduleAnyway', 'DoNotSchedule'] },
  'serviceMonitor.interval': duration,
  'serviceMonitor.scrapeTimeout': duration,
  'networkPolicy.redisPorts': { type: 'array', items: port },
  'networkPolicy.upstreamPorts': { type: 'array', items: port },
  nodeSelector: texts,
  podAnnotations: texts,
  podLabels: texts,
  'service.annotations': texts,
  'serviceAccount.annotations': texts,
  'serviceMonitor.labels': texts,
};

/** Mappings whose keys are of Kubernetes. */
const free = new Set(['resources', 'affinity', 'strategy', 'autoscaling.behavior']);

/**
 * `values.schema.json` of the chart: the keys and types of `values.yaml`, and for `config` the schema of the configuration file.
 * Keys that `values.yaml` does not have are refused.
 */
export function helmValuesSchema(): Schema {
  const { $schema, title: _title, definitions, ...config } = configJsonSchema();
  const values = parse(readFileSync(VALUES, 'utf8')) as Readonly<Record<string, unknown>>;
  const { properties, ...rest } = mappingOf(values, '') as { readonly properties: Schema };
  return {
    $schema,
    title: 'Values of the chart allswell',
    ...rest,
    // Helm adds `global` to the values of every chart that is part of another.
    properties: { ...properties, global: { type: 'object' }, config: { ...config, description: 'proxy_config.yaml' } },
    definitions,
  };
}

function schemaOf(value: unknown, path: string): Schema {
  const known = byPath[path];
  if (known !== undefined) return known;
  if (Array.isArray(value)) return list;
  if (typeof value === 'object' && value !== null) return free.has(path) ? { type: 'object' } : mappingOf(value, path);
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'string') return text;
  throw new Error(`${VALUES}: no rule for the type of ${path}: add one to scripts/helm-values-schema.ts`);
}

function mappingOf(value: object, path: string): Schema {
  const entries = Object.entries(value).filter(([key]) => path !== '' || key !== 'config');
  const properties = entries.map(
    ([key, inside]) => [key, schemaOf(inside, path === '' ? key : `${path}.${key}`)] as const,
  );
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}
