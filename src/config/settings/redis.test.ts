import { describe, expect, it } from 'vitest';
import { formatNote } from '../problems/format-problems.ts';
import { loadConfig } from '../load.ts';
import type { Env, LoadedConfig } from '../types.ts';

const files: Readonly<Record<string, string>> = { '/ca.pem': 'PEM', '/pw': 'secret', '/other': 'secret' };

function load(text: string, env: Env = {}): LoadedConfig {
  const readFile = (path: string): string => {
    const found = files[path];
    if (found === undefined) throw new Error('gone');
    return found;
  };
  return loadConfig({ text, env, readFile });
}

function redis(text: string, env: Env = {}): unknown {
  const loaded = load(text, env);
  return loaded.kind === 'loaded'
    ? loaded.config.redis
    : loaded.problems.map(({ line, path, message }) => [line, path, message]);
}

const cache = (params: string): string =>
  `litellm_settings: { cache: true, cache_params: { type: redis, ${params} } }\n`;
const coordination = (params: string): string => `general_settings: { coordination_redis: { ${params} } }\n`;

describe('the Redis for health', () => {
  it('is coordination_redis, else the cache, else the environment', () => {
    const env = { REDIS_HOST: 'from-env' };
    expect(redis(coordination('host: first') + cache('host: second'), env)).toEqual({
      kind: 'single',
      host: 'first',
      port: 6379,
    });
    expect(redis(cache('host: second, port: "7000"'), env)).toEqual({ kind: 'single', host: 'second', port: 7000 });
    expect(redis('', env)).toEqual({ kind: 'single', host: 'from-env', port: 6379 });
    expect(redis('')).toBeNull();
  });

  it('is not a cache that is off or of another type', () => {
    expect(redis('litellm_settings: { cache_params: { type: redis, host: h } }')).toBeNull();
    expect(redis('litellm_settings: { cache: false, cache_params: { host: h } }')).toBeNull();
    expect(redis('litellm_settings: { cache: true, cache_params: { type: s3, port: none-of-ours } }')).toBeNull();
  });

  it('takes from the environment what the file leaves out, but never mixes addresses', () => {
    const env = {
      REDIS_PASSWORD: 'pw',
      REDIS_URL: 'redis://elsewhere',
      REDIS_CLUSTER_NODES: '[{"host":"x","port":1}]',
      REDIS_SSL: 'true',
    };
    expect(redis(cache('host: mine'), env)).toEqual({
      kind: 'single',
      host: 'mine',
      port: 6379,
      password: 'pw',
      tls: { verify: 'full' },
    });
    expect(
      redis('litellm_settings: { cache: true, cache_params: { type: redis, db: 3 } }', { REDIS_HOST: 'h' }),
    ).toMatchObject({ host: 'h', db: 3 });
  });

  it('can be a URL, which wins over host and port', () => {
    expect(redis(cache('url: "redis://u:p@h:1/2", host: other'))).toEqual({ kind: 'url', url: 'redis://u:p@h:1/2' });
    expect(redis(cache('url: "redis://h", ssl: true'))).toEqual({
      kind: 'url',
      url: 'rediss://h',
      tls: { verify: 'full' },
    });
    expect(redis('', { REDIS_URL: 'rediss://h' })).toEqual({ kind: 'url', url: 'rediss://h', tls: { verify: 'full' } });
  });

  it('takes a user from beside the URL, of the file or the environment', () => {
    const url = 'redis://:p@h';
    expect(redis(cache(`url: "${url}", username: me`))).toEqual({ kind: 'url', url, username: 'me' });
    expect(redis('', { REDIS_URL: url, REDIS_USERNAME: 'me' })).toEqual({ kind: 'url', url, username: 'me' });
  });

  it.each([
    ['url: "redis://h", password: S3CR3T, db: 2', {}, ['password', 'db']],
    ['url: "redis://u:p@h/2", password: S3CR3T, db: "2"', {}, []],
    ['url: "redis://u:p@h?db=2", db: 3', {}, ['db']],
    ['url: "redis://h"', { REDIS_PASSWORD: 'S3CR3T' }, ['REDIS_PASSWORD']],
    ['url: "redis://h"', { REDIS_PASSWORD: 'S3CR3T', REDIS_PASSWORD_FILE: '/pw' }, []],
  ] as const)('warns of a password or database that is ignored beside a URL: %s, %o', (params, env, keys) => {
    const loaded = load(cache(params), env);
    const told = loaded.notes
      .map(formatNote)
      .filter((note) => note.endsWith('is ignored because url is set: write it into the URL'));
    expect(told).toEqual(
      keys.map((key) =>
        expect.stringMatching(
          new RegExp(`^(configuration:1:\\d+|environment): \\S*${key} is ignored because url is set`),
        ),
      ),
    );
    expect(told.join()).not.toContain('S3CR3T');
  });

  it('can be a cluster, in either spelling and from the environment', () => {
    const nodes = [
      { host: 'a', port: 7001 },
      { host: 'b', port: 7002 },
    ];
    const cluster = { kind: 'cluster', nodes, password: 'p' };
    expect(
      redis(cache('redis_startup_nodes: [{ host: a, port: "7001" }, { host: b, port: 7002 }], password: p')),
    ).toEqual(cluster);
    expect(
      redis(coordination('startup_nodes: [{ host: a, port: 7001 }, { host: b, port: 7002 }], password: p')),
    ).toEqual(cluster);
    expect(redis('', { REDIS_CLUSTER_NODES: JSON.stringify(nodes), REDIS_PASSWORD: 'p' })).toEqual(cluster);
  });

  it('can be found through sentinels', () => {
    const sentinel = {
      kind: 'sentinel',
      sentinels: [{ host: 's', port: 26379 }],
      name: 'mymaster',
      sentinelPassword: 'sp',
      username: 'u',
      db: 1,
    };
    expect(
      redis(cache('sentinel_nodes: [[s, 26379]], service_name: mymaster, sentinel_password: sp, username: u, db: 1')),
    ).toEqual(sentinel);
    const env = {
      REDIS_SENTINEL_NODES: '[["s", 26379]]',
      REDIS_SERVICE_NAME: 'mymaster',
      REDIS_SENTINEL_PASSWORD: 'sp',
      REDIS_USERNAME: 'u',
      REDIS_DB: '1',
    };
    expect(redis('', env)).toEqual(sentinel);
  });

  it('needs the master’s name for sentinels, wherever they come from', () => {
    expect(redis(coordination('sentinel_nodes: [[s, 1]]'))).toEqual([
      [
        1,
        'general_settings.coordination_redis.service_name',
        'general_settings.coordination_redis.service_name is missing',
      ],
    ]);
    expect(redis('', { REDIS_SENTINEL_NODES: '[["s",1]]' })).toEqual([
      [0, 'REDIS_SERVICE_NAME', 'REDIS_SERVICE_NAME is missing'],
    ]);
  });

  it.each([
    ['ssl: true', { verify: 'full' }],
    ['ssl: true, ssl_cert_reqs: none', { verify: 'none' }],
    ['ssl: true, ssl_cert_reqs: CERT_REQUIRED', { verify: 'full' }],
    ['ssl: true, ssl_check_hostname: false', { verify: 'chain' }],
    ['ssl: true, ssl_ca_certs: /ca.pem', { verify: 'full', ca: 'PEM' }],
    [
      'ssl: true, ssl_certfile: /ca.pem, ssl_keyfile: /ca.pem',
      { verify: 'full', client: { certificate: 'PEM', key: 'PEM' } },
    ],
    ['ssl: true, ssl_certfile: /ca.pem', { verify: 'full', client: { certificate: 'PEM', key: 'PEM' } }],
    ['ssl: false, ssl_ca_certs: /gone.pem', undefined],
  ])('is encrypted as told: %s', (params, tls) => {
    expect(redis(cache(`host: h, ${params}`))).toEqual({ kind: 'single', host: 'h', port: 6379, ...(tls && { tls }) });
  });

  it('is refused when its certificates cannot be read', () => {
    for (const name of ['REDIS_SSL_CA_CERTS', 'REDIS_SSL_CERTFILE', 'REDIS_SSL_KEYFILE']) {
      expect(redis('', { REDIS_HOST: 'h', REDIS_SSL: '1', [name]: '/gone.pem' })).toEqual([
        [0, name, `${name} names a file that cannot be read`],
      ]);
    }
    expect(redis('', { REDIS_HOST: 'h', REDIS_SSL: '1', REDIS_SSL_KEYFILE: '/ca.pem' })).toEqual([
      [0, 'REDIS_SSL_KEYFILE', 'REDIS_SSL_KEYFILE is set without ssl_certfile'],
    ]);
  });

  const fleet = (params: string): string => `fleet_health: { ${params} }\n`;

  it('takes its password from a file, before any other password', () => {
    const single = { kind: 'single', host: 'h', port: 6379 };
    const env = { REDIS_PASSWORD: 'pw', REDIS_PASSWORD_FILE: '/other' };
    expect(redis(fleet('redis_password_file: /pw') + cache('host: h, password: p'), env)).toEqual({
      ...single,
      passwordFile: '/pw',
    });
    expect(redis(cache('host: h'), env)).toEqual({ ...single, passwordFile: '/other' });
    expect(redis(cache('host: h, password: p'), env)).toEqual({ ...single, password: 'p' });
    expect(redis('', { ...env, REDIS_URL: 'redis://h' })).toEqual({
      kind: 'url',
      url: 'redis://h',
      passwordFile: '/other',
    });
    expect(redis('', { ...env, REDIS_CLUSTER_NODES: '[{"host":"a","port":1}]' })).toEqual({
      kind: 'cluster',
      nodes: [{ host: 'a', port: 1 }],
      passwordFile: '/other',
    });
  });

  it('is refused when the file of its password cannot be read', () => {
    expect(redis(`${cache('host: h')}${fleet('redis_password_file: /gone')}`)).toEqual([
      [2, 'fleet_health.redis_password_file', 'fleet_health.redis_password_file names a file that cannot be read'],
    ]);
    expect(redis('', { REDIS_HOST: 'h', REDIS_PASSWORD_FILE: '/gone' })).toEqual([
      [0, 'REDIS_PASSWORD_FILE', 'REDIS_PASSWORD_FILE names a file that cannot be read'],
    ]);
  });

  it.each(['gcp_service_account: sa', 'aws_iam_auth: true', 'azure_redis_ad_token: true'])(
    'cannot be entered by a cloud identity, which is told: %s',
    (params) => {
      const loaded = load(cache(`host: h, ${params}`));
      expect(loaded.kind === 'loaded' && loaded.notes.filter(({ level }) => level === 'warn')).toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('is not supported') }),
      );
    },
  );

  it('is refused when a coordination block names none', () => {
    expect(load(coordination('password: p'))).toMatchObject({
      kind: 'refused',
      problems: [{ expected: 'one of host, url, startup_nodes or sentinel_nodes' }],
    });
  });

  it('does not trip over the link that Kubernetes makes for a Service named redis', () => {
    expect(redis('', { REDIS_HOST: 'redis', REDIS_PORT: 'tcp://10.0.0.7:6379' })).toEqual({
      kind: 'single',
      host: 'redis',
      port: 6379,
    });
  });
});
