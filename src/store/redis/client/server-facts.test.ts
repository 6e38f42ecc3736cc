import { describe, expect, it } from 'vitest';
import { factsFrom } from './server-facts.ts';
import { serverWarnings } from './server-warnings.ts';

const old =
  '# Server\r\nredis_version:6.2.14\r\nredis_mode:standalone\r\n# Memory\r\nmaxmemory_policy:volatile-lru\r\n';

describe('the facts from INFO', () => {
  it('are version, mode and eviction policy', () => {
    expect(factsFrom(`${old}# Cluster\r\ncluster_enabled:0\r\n`)).toEqual({
      version: { text: '6.2.14', major: 6 },
      mode: 'single',
      eviction: { kind: 'known', policy: 'volatile-lru', mayEvict: 'yes' },
    });
    expect(factsFrom('redis_version:7.2.4\r\nvalkey_version:8.0.1\r\ncluster_enabled:1\r\n')).toMatchObject({
      version: { major: 7 },
      mode: 'cluster',
    });
    expect(factsFrom('redis_mode:cluster\r\n')).toMatchObject({ mode: 'cluster' });
  });

  it('are unknown if INFO does not contain them', () => {
    expect(factsFrom('redis_version:unstable')).toEqual({
      version: undefined,
      mode: 'unknown',
      eviction: { kind: 'unknown' },
    });
  });
});

describe('warnings of a server', () => {
  it('are logged once, and again when the cause changes', () => {
    const lines: string[] = [];
    const warn = serverWarnings({
      debug: (line) => void lines.push(line),
      info() {},
      warn: (line) => void lines.push(line),
      error() {},
    });
    for (let times = 0; times < 3; times++) warn(factsFrom(old));
    expect(lines).toEqual([
      'Redis has maxmemory-policy volatile-lru: Redis may evict health records and leases when memory is short. To fix: set it to noeviction',
      'Redis 6.2.14 is older than 7.0: some commands may not exist. To fix: upgrade it, or use Valkey',
    ]);
    warn(factsFrom('redis_version:7.0.15\r\nmaxmemory_policy:noeviction'));
    expect(lines).toHaveLength(2);
    warn(factsFrom('redis_version:6.0.0\r\nredis_mode:cluster\r\nmaxmemory_policy:noeviction'));
    expect(lines[2]).toContain('a cluster of this version has no sharded channels, so pods cannot share health');
    warn(factsFrom('redis_version:7.0.15'));
    expect(lines).toHaveLength(4);
  });
});
