import { createAdmin } from '../../src/admin/index.ts';
import type { Handle } from '../../src/admin/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { AllswellConfig } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway/index.ts';
import { createKeyGate } from '../../src/http/index.ts';
import { probeRequestOf } from '../../src/probe/index.ts';
import { createRedactor } from '../../src/telemetry/index.ts';
import { fleetDouble, viewOf } from './fleet-double.ts';
import type { FleetDouble } from './fleet-double.ts';

/** The surface of one pod with the model list that LiteLLM's answers were taken from, over a fleet written by hand. */
export interface MeasuredPod {
  readonly config: AllswellConfig;
  readonly fleet: FleetDouble;
  readonly admin: Handle;
  readonly gateway: Handle;
  /** The target of a model group. */
  target(group: string): string;
  /** Asks with the master key. */
  get(path: string): Promise<Response>;
  stopping: boolean;
}

const API = 'api_base: http://127.0.0.1:24010/v1, api_key: sk-upstream';

/** The whole list, or the named groups of it, with more `general_settings`, and `more` blocks. */
export function measuredPod(
  settings = 'background_health_checks: true',
  groups: readonly string[] = allGroups,
  more = '',
): MeasuredPod {
  const config = load(settings, groups, more);
  const fleet = fleetDouble(config.targets.map(({ id }) => viewOf(id)));
  const gate = createKeyGate(config);
  const requests = new Map(config.targets.map((target) => [target.id, probeRequestOf(target)]));
  const pod: MeasuredPod = {
    config,
    fleet,
    stopping: false,
    gateway: createGateway({ deployments: config.deployments, gate }),
    admin: createAdmin({
      fleet,
      config,
      gate,
      redact: createRedactor(['sk-upstream']),
      showRequest: (id) => requests.get(id),
      scrape: async () => ({ text: 'allswell_fleet_pods 1\n', contentType: 'text/plain' }),
      isStopping: () => pod.stopping,
      logger: { debug: fail, info: fail, warn: fail, error: fail },
    }),
    target: (group) => config.deployments.find(({ modelName }) => modelName === group)?.targetId ?? '',
    get: async (path) => {
      const headers = { authorization: 'Bearer sk-master' };
      return await pod.admin(new Request(`http://pod${path}`, { headers }));
    },
  };
  return pod;
}

function load(settings: string, groups: readonly string[], more: string): AllswellConfig {
  const entries = Object.entries(models).filter(([group]) => groups.includes(group));
  const list = entries.map(([group, rest]) => `  - { model_name: ${group}, ${rest} }`).join('\n');
  const text = `model_list:\n${list}\ngeneral_settings: { master_key: sk-master, ${settings} }\n${more}\n`;
  const loaded = loadConfig({ text, env: { REDIS_HOST: '127.0.0.1' }, readFile: fail });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function params(model: string): string {
  return `litellm_params: { model: ${model}, ${API} }`;
}

const models: Readonly<Record<string, string>> = {
  'ok-chat': params('openai/gpt-4o-mini'),
  'ok-embed': `${params('openai/text-embedding-3-small')}, model_info: { id: my-embed-id, mode: embedding }`,
  'bad-500': params('openai/bad-500'),
  'bad-401': params('openai/bad-401'),
  'bad-429': params('openai/bad-429'),
  hangs: `${params('openai/hangs')}, model_info: { health_check_timeout: 2 }`,
  'opted-out': `${params('openai/opted-out')}, model_info: { disable_background_health_check: true }`,
};

const allGroups = Object.keys(models);

function fail(message: string): never {
  throw new Error(`unexpected: ${message}`);
}
