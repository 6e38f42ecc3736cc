import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig } from '../types.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const HASH = 'a'.repeat(64);
const OTHER = 'B'.repeat(64);

describe('fleet_health.keys', () => {
  it('are read by their hashes, however those are written', () => {
    const loaded = keys(`
    - { name: sre, sha256: ${HASH}, role: admin }
    - { name: team-a, sha256: 'sha256:${OTHER}', role: scoped, models: [fast, 'openai/*'] }`);
    expect(loaded).toMatchObject({
      kind: 'loaded',
      config: {
        keys: [
          { name: 'sre', sha256: HASH, role: 'admin', models: [] },
          { name: 'team-a', sha256: OTHER.toLowerCase(), role: 'scoped', models: ['fast', 'openai/*'] },
        ],
      },
    });
  });

  it.each([
    ['a key in place of its hash', '- { name: a, sha256: sk-secret, role: admin }', 'sha256'],
    ['the hash of an empty key', `- { name: a, sha256: ${EMPTY}, role: events }`, 'sha256'],
    ['a role nobody knows', `- { name: a, sha256: ${HASH}, role: root }`, 'role'],
    ['no name', `- { sha256: ${HASH}, role: admin }`, 'name'],
    ['a scoped key without models', `- { name: a, sha256: ${HASH}, role: scoped }`, 'models'],
    ['a scoped key with an empty list', `- { name: a, sha256: ${HASH}, role: scoped, models: [] }`, 'models'],
    ['a key for events with models', `- { name: a, sha256: ${HASH}, role: events, models: [fast] }`, 'models'],
    ['an admin with models', `- { name: a, sha256: ${HASH}, role: admin, models: [fast] }`, 'models'],
  ])('refuse %s', (_, entry, key) => {
    const loaded = keys(`\n    ${entry}`);
    expect(loaded).toMatchObject({ kind: 'refused', problems: [{ path: `fleet_health.keys[0].${key}`, line: 3 }] });
    expect(JSON.stringify(loaded)).not.toContain('sk-secret');
  });

  it('refuse a name or a hash that is listed twice', () => {
    const twice = `- { name: a, sha256: ${HASH}, role: admin }`;
    expect(keys(`\n    ${twice}\n    ${twice}`)).toMatchObject({
      kind: 'refused',
      problems: [{ path: 'fleet_health.keys[1].name' }, { path: 'fleet_health.keys[1].sha256' }],
    });
  });
});

describe('the drain endpoint', () => {
  const drain = (general: string, env = {}): LoadedConfig => load(`general_settings: { ${general} }`, env);

  it('takes its token from the file, else from the environment', () => {
    const env = { DRAIN_ENDPOINT_TOKEN: 'from-env' };
    expect(drain('enable_drain_endpoint: true, drain_endpoint_token: t', env)).toMatchObject({
      config: { drainToken: 't' },
    });
    expect(drain('enable_drain_endpoint: true', env)).toMatchObject({ config: { drainToken: 'from-env' } });
  });

  it('stays closed without a token, which is told, and where it was not opened', () => {
    const path = 'general_settings.enable_drain_endpoint';
    const closed = drain('enable_drain_endpoint: true');
    expect(closed).toMatchObject({ config: { drainToken: null } });
    expect(closed.kind === 'loaded' && closed.notes.filter((note) => note.path === path)).toMatchObject([
      { level: 'warn', line: 1 },
    ]);
    expect(drain('drain_endpoint_token: t')).toMatchObject({ config: { drainToken: null } });
  });
});

it('lists all models, tells little and stops within ten seconds unless told otherwise', () => {
  expect(load('')).toMatchObject({ config: { listed: 'all', readiness: 'short', shutdownMs: 10_000 } });
  const settings = '{ model_list_healthy_only: true, allow_public_health_readiness_details: true }';
  expect(load(`general_settings: ${settings}`, { GRACEFUL_SHUTDOWN_TIMEOUT: '2.5' })).toMatchObject({
    config: { listed: 'healthy', readiness: 'detailed', shutdownMs: 2_500 },
  });
});

function keys(list: string): LoadedConfig {
  return load(`fleet_health:\n  keys:${list}\n`);
}

function load(text: string, env: Record<string, string> = {}): LoadedConfig {
  const readFile = (): string => {
    throw new Error('no file is read here');
  };
  return loadConfig({ text, env, readFile });
}
