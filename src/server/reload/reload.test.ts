import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import type { AllswellConfig, LoadedConfig } from '../../config/index.ts';
import type { Logger } from '../../ports/index.ts';
import { reloadConfig } from './reload.ts';

const redis = 'litellm_settings: { cache: true, cache_params: { type: redis, host: one, namespace: first } }\n';
const sharing = 'general_settings: { background_health_checks: true, use_shared_health_check: true }\n';
const models = (...names: readonly string[]): string =>
  `model_list: [${names.map((name) => `{ model_name: ${name}, litellm_params: { model: openai/${name}, api_key: sk-x } }`).join(', ')}]\n`;

describe('reloading the configuration', () => {
  it('takes over models and health settings', () => {
    const found = reload(redis + sharing + models('a', 'b'), {
      now: `${redis}general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 7 }\n${models('b', 'c', 'd')}`,
    });
    expect(found.applied).toMatchObject({
      intervalMs: 7_000,
      deployments: [{}, {}, {}],
      activation: { mode: 'shared' },
    });
    expect(found.lines).toEqual(
      [
        'info configuration: general_settings.master_key is not set: routes that need a key answer 401. Set it, or the variable LITELLM_MASTER_KEY',
        'info Configuration reloaded: 2 targets added, 1 removed, 1 kept',
      ].map((line) => line.replace('info configuration', 'warn configuration')),
    );
  });

  it('does nothing where nothing changed, and says so', () => {
    const found = reload(redis + models('a'), { now: `# a comment\n${redis}${models('a')}` });
    expect(found.applied).toBeUndefined();
    expect(found.lines).toEqual(['info Configuration read again: no changes']);
  });

  it('changes nothing for an invalid file, and logs all of its problems in one line', () => {
    const found = reload(models('a'), { now: 'general_settings: { health_check_interval: soon, allowed_ips: [x] }' });
    expect(found.applied).toBeUndefined();
    expect(found.lines).toEqual([
      expect.stringMatching(
        /^error Configuration not reloaded; the running configuration stays in effect: configuration:1:44: ALLSWELL_ERR_CONFIG_INVALID: .*; configuration:1:50: ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY: /,
      ),
    ]);
  });

  it('names what takes a restart, keeps it, and takes over the rest', () => {
    const now = `
litellm_settings: { cache: true, cache_params: { type: redis, host: two, namespace: second } }
general_settings: { use_shared_health_check: false, set_verbose: true }
fleet_health: { store_deadline: 1, agent_check_port: 9001, envoy_eds_dir: /eds }
${models('a', 'b')}`;
    const found = reload(redis + sharing + models('a'), { now });
    expect(found.lines[0]).toBe(
      'warn Settings changed that apply only after a restart: fleet_health.fleet, the Redis connection, ' +
        'fleet_health.store_deadline, set_verbose, fleet_health.envoy_eds_dir, fleet_health.agent_check_port, ' +
        'use_shared_health_check. To fix: restart this pod',
    );
    expect(found.applied).toMatchObject({
      fleet: 'first',
      redis: { host: 'one' },
      storeDeadlineMs: 250,
      agentCheckPort: null,
      envoyEdsDir: null,
      logLevel: 'info',
      sharingRequested: true,
      // Background checks may be switched on a running pod, sharing may not.
      activation: { mode: 'on-demand-shared' },
    });
    expect(found.applied?.targets).toHaveLength(2);
  });

  it('keeps the ids of targets, which hang on the name of the fleet', () => {
    const before = load(redis + sharing + models('a'));
    const found = reload(redis + sharing + models('a'), {
      now: `${redis}${sharing}${models('a', 'b')}fleet_health: { fleet: other }\n`,
    });
    expect(found.applied?.targets[0]?.id).toBe(before.kind === 'loaded' && before.config.targets[0]?.id);
  });
});

function load(text: string, fleet?: string): LoadedConfig {
  return loadConfig({ text, env: {}, readFile: () => '', ...(fleet !== undefined && { fleet }) });
}

function reload(before: string, { now }: { now: string }): { applied: AllswellConfig | undefined; lines: string[] } {
  const running = load(before);
  if (running.kind === 'refused') throw new Error(JSON.stringify(running.problems));
  const lines: string[] = [];
  const into = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = { debug: into('debug'), info: into('info'), warn: into('warn'), error: into('error') };
  let applied: AllswellConfig | undefined;
  reloadConfig((fleet) => load(now, fleet), {
    running: () => running.config,
    logger,
    apply: (config) => (applied = config),
  });
  return { applied, lines };
}
