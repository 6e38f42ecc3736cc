import { createHash } from 'node:crypto';
import { createEventFeed } from '../../src/admin/index.ts';
import { noBridge, noCooldowns } from '../../src/bridge/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { AllswellConfig } from '../../src/config/index.ts';
import { createTraffic } from '../../src/http/index.ts';
import type { Handle } from '../../src/http/index.ts';
import type { ProbeResult, TrafficReport, RecentRequests } from '../../src/ports/index.ts';
import { createObservationIntake, createTrafficIntake, createUnprobedTraffic } from '../../src/traffic/index.ts';
import { createHttpHandlers } from '../../src/server/http/http-handlers.ts';
import { createRedactor } from '../../src/redaction/index.ts';
import { manualClock } from '../../src/testing/index.ts';
import type { ManualClock } from '../../src/testing/index.ts';
import { fleetDouble, viewOf } from './fleet-double.ts';
import type { FleetDouble } from './fleet-double.ts';
import { asPromised } from './promised.ts';

/** The surface of one pod with the model list that LiteLLM's answers were taken from, over a fleet written by hand. */
export interface MeasuredPod {
  readonly config: AllswellConfig;
  readonly fleet: FleetDouble;
  readonly clock: ManualClock;
  /** Evidence from events of LiteLLM and of other programs, and the log lines about them. */
  readonly reports: readonly TrafficReport[];
  readonly eventLines: readonly string[];
  /** Log lines about load balancers that got no answer. */
  readonly upLines: readonly string[];
  /** Any request, with any key. */
  readonly handle: Handle;
  /** The target of a model group. */
  target(group: string): string;
  /** Asks with the master key, or another. */
  get(path: string, key?: string): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  stopping: boolean;
  /** Whether the pod was told to take itself out of service, and what that waits for. */
  drained: boolean;
  drain: () => Promise<void>;
  /** What a probe beside the fleet finds, and whom it asked. */
  probed: ProbeResult;
  readonly probes: string[];
}

/** Sees only `ok-chat` and what begins with `bad-4`. */
export const SCOPED = 'sk-scoped';
export const ADMIN = 'sk-another-admin';
export const EVENTS = 'sk-events';

const API = 'api_base: http://127.0.0.1:24010/v1, api_key: sk-upstream';

/** The whole list, or the named groups of it, with more `general_settings`, and `more` blocks. */
export function measuredPod(
  settings = 'background_health_checks: true',
  groups: readonly string[] = allGroups,
  more = '',
): MeasuredPod {
  const config = load(settings, groups, more);
  const fleet = fleetDouble(config.targets.map(({ id }) => viewOf(id)));
  const clock = manualClock();
  const redact = createRedactor(['sk-upstream']);
  const reports: TrafficReport[] = [];
  const eventLines: string[] = [];
  const upLines: string[] = [];
  const unprobed = createUnprobedTraffic();
  unprobed.know(config.unprobed);
  const intakePorts = {
    unprobed,
    sink: { report: (report: TrafficReport) => void reports.push(report) },
    metrics: { observed: () => {}, events: () => {}, received: () => {}, reported: () => {} },
    logger: { debug: fail, info: fail, warn: (line: string) => void eventLines.push(line), error: fail },
    clock,
    now: () => fleet.status().now,
  };
  const intake = createTrafficIntake(intakePorts);
  intake.know(config.deployments);
  const observationIntake = createObservationIntake(intakePorts);
  observationIntake.know(config.deployments);
  const pod: MeasuredPod = {
    config,
    fleet,
    clock,
    reports,
    eventLines,
    upLines,
    stopping: false,
    drained: false,
    drain: async () => {},
    probed: { outcome: { kind: 'ok' }, level: 'inference', latencyMs: 12 },
    probes: [],
    handle: asPromised(
      createHttpHandlers({
        fleet,
        config,
        version: '0.1.0',
        redact,
        scrape: async () => ({ text: 'allswell_known_pods 1\n', contentType: 'text/plain' }),
        scrapeFleet: async () => ({ text: 'allswell_fleet_pods 1\n', contentType: 'text/plain' }),
        evictionPolicy: () => null,
        dashboardFolder: new URL('fixtures/dashboard/', import.meta.url),
        bridge: { bridge: () => noBridge('not asked for'), cooldowns: () => noCooldowns },
        alerts: {
          alerts: () => ({ sender: null, paused: false, receivers: [], incidents: [], heldBack: [] }),
          testAlerts: async (receiver) => await Promise.resolve(receiver === undefined ? [] : null),
        },
        observations: () => [],
        requests: {
          recent: () => recentRequests,
          refusedInAll: () => 0,
        },
        probeOnce: async (target) => {
          pod.probes.push(`${target.name} at ${target.apiBase} with ${target.apiKey ?? 'no key'}`);
          return pod.probed;
        },
        isStopping: () => pod.stopping,
        drain: async () => {
          pod.drained = true;
          await pod.drain();
        },
        clock,
        intake,
        reports: observationIntake,
        unprobed,
        traffic: createTraffic(),
        events: createEventFeed({ fleet, clock, redact, config: () => config }),
        logger: {
          debug: fail,
          info: fail,
          warn: (line) => void (isAboutUp(line) ? upLines.push(line) : fail(line)),
          error: fail,
        },
      }).handle,
    ),
    target: (group) => config.deployments.find(({ modelName }) => modelName === group)?.targetId ?? '',
    get: async (path, key = 'sk-master') => {
      return await pod.handle(new Request(`http://pod${path}`, { headers: { authorization: `Bearer ${key}` } }));
    },
    post: async (path, body) => {
      const headers = { authorization: 'Bearer sk-master' };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return await pod.handle(new Request(`http://pod${path}`, { method: 'POST', headers, body: text }));
    },
  };
  return pod;
}

function load(settings: string, groups: readonly string[], more: string): AllswellConfig {
  const entries = Object.entries({ ...models, ...extra }).filter(([group]) => groups.includes(group));
  const list = entries.map(([group, rest]) => `  - { model_name: ${group}, ${rest} }`).join('\n');
  const fleetHealth = more.startsWith('fleet_health') ? more : `fleet_health: { ${keys} }\n${more}`;
  const listed = list === '' ? '' : `model_list:\n${list}\n`;
  const text = `${listed}general_settings: { master_key: sk-master, ${settings} }\n${fleetHealth}\n`;
  const loaded = loadConfig({ text, env: { REDIS_HOST: '127.0.0.1' }, readFile: fail });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = `keys: [{ name: ops, sha256: ${hash(ADMIN)}, role: admin }, { name: team, sha256: ${hash(SCOPED)}, role: scoped, models: [ok-chat, 'bad-4*'] }, { name: litellm, sha256: ${hash(EVENTS)}, role: events }]`;

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

/** Not in LiteLLM's list: the same model at another address. */
const extra: Readonly<Record<string, string>> = {
  renamed: 'litellm_params: { model: openai/bad-500, api_base: http://127.0.0.1:24011/v1, api_key: sk-upstream }',
};

const allGroups = Object.keys(models);

function fail(message: string): never {
  throw new Error(`unexpected: ${message}`);
}

function isAboutUp(line: string): boolean {
  return line.startsWith('A load balancer or monitor ');
}

const recentRequests: RecentRequests = {
  coveredMs: 60_000,
  refused: 0,
  groups: [
    {
      group: 'gpt-4o',
      requests: 812,
      answered: 810,
      failed: 1,
      brokenOff: 0,
      leftBeforeAnswer: 1,
      overLimit: 0,
      noDeployment: 0,
      unroutable: 0,
      retriesRefused: 0,
    },
  ],
  deployments: [{ deployment: 'gpt-4o-eu', group: 'gpt-4o', inFlight: 9, leftBeforeAnswer: 1 }],
};
