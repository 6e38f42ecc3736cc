import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { startSentinel, type TestSentinel } from '../servers/sentinel.ts';
import { answering, newLog, openStore, problemOf } from './support.ts';

type Sentinels = Extract<RedisTarget, { kind: 'sentinel' }>;

const secrets = { password: 'master-secret-1', sentinelPassword: 'sentinel-secret-2' };

describe('sentinels', () => {
  let setup: TestSentinel;
  beforeAll(async () => {
    setup = await startSentinel(secrets);
  });
  afterAll(() => setup.stop());

  const target = (over: Partial<Sentinels> = {}): Sentinels => ({ ...setup.connection, ...over });

  it('have a password separate from that of the servers', async () => {
    await answering(openStore(target({ db: 2 })), 5_000);
  });

  it('that refuse, do not know the master, or are unreachable cause a message with the setting', async () => {
    const log = newLog();
    const wrong = await problemOf(target({ sentinelPassword: 'guess-3' }), /sentinel_password/, log);
    expect(wrong.message).toContain('WRONGPASS');
    const { sentinelPassword: _none, ...without } = target();
    expect((await problemOf(without, /sentinel_password/, log)).message).toContain('NOAUTH');
    const unnamed = await problemOf(target({ name: 'nobody' }), /service_name/, log);
    expect(unnamed.message).toContain('(Redis at master nobody of the sentinels 127.0.0.1:');
    const away = await problemOf(target({ sentinels: [{ host: '127.0.0.1', port: 1 }] }), /sentinel_nodes/, log);
    expect(away.code).toBe('disconnected');
    const server = await problemOf(target({ password: 'guess-4' }), /check username and password/, log);
    expect(server.code).toBe('no-permission');
    // One line per reason, not one per attempt.
    expect(log.lines.length).toBeLessThanOrEqual(10);
    const said = log.lines.join('\n');
    for (const secret of [secrets.password, secrets.sentinelPassword, 'guess-3', 'guess-4']) {
      expect(said).not.toContain(secret);
    }
  });
});
