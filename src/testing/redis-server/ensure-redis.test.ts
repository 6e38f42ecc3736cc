import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPackages } from './debian-download.ts';
import { ensureRedis, requireRedis } from './ensure-redis.ts';

describe('finding a Redis server', () => {
  let folder: string;
  const program = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'allswell-ensure-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes the program that REDIS_SERVER_BIN names before anything on PATH', async () => {
    const named = program('my-redis');
    program('redis-server');
    expect(await ensureRedis({ env: { REDIS_SERVER_BIN: named, PATH: folder } })).toEqual({
      kind: 'found',
      program: { bin: named, env: {}, source: 'REDIS_SERVER_BIN' },
    });
  });

  it('does not look further when REDIS_SERVER_BIN names no program', async () => {
    const answer = await ensureRedis({ env: { REDIS_SERVER_BIN: join(folder, 'gone'), PATH: folder } });
    expect(answer).toMatchObject({ kind: 'not-found', message: expect.stringContaining('gone') });
  });

  it('prefers valkey-server on PATH and names the client beside it', async () => {
    program('redis-server');
    const bin = program('valkey-server');
    const cliBin = program('valkey-cli');
    expect(await ensureRedis({ env: { PATH: folder } })).toEqual({
      kind: 'found',
      program: { bin, cliBin, env: {}, source: 'PATH' },
    });
  });

  it('tells a person what to install when there is none', async () => {
    await expect(requireRedis({ env: { PATH: '/nonexistent' }, download: 'never' })).rejects.toThrow(
      /No Redis or Valkey server.*apt-get install redis-server.*REDIS_SERVER_BIN/s,
    );
  });
});

describe('choosing packages to download', () => {
  const depends = [
    'redis-server',
    '  Depends: adduser',
    '  Depends: redis-tools',
    'redis-tools',
    '  Depends: libc6',
    '  Depends: libjemalloc2',
    ' |Depends: libsystemd0',
    'adduser',
    'libc6',
    'libjemalloc2',
    '  Depends: libstdc++6',
    'libsystemd0',
    'libstdc++6',
  ].join('\n');

  it('takes the libraries that are missing, and what they need, and no service packages', () => {
    const installed = 'ii  libc6\nii  adduser\nii  libsystemd0\nrc  libjemalloc2\n';
    expect(missingPackages(depends, installed)).toEqual(['redis-server', 'redis-tools', 'libjemalloc2', 'libstdc++6']);
  });
});
