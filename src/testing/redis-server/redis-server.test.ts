import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { ping, startRedisServer } from './redis-server.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';

describe('a private Redis server', () => {
  const started: RedisServer[] = [];
  const start = async (options: RedisServerOptions = {}): Promise<RedisServer> => {
    const server = await startRedisServer(options);
    started.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  it('answers once it is started, and several run side by side', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(other.port);
    expect(await ping(one, 1_000)).toEqual({ kind: 'answers' });
    expect(await ping(other, 1_000)).toEqual({ kind: 'answers' });
  });

  it('keeps its socket open and says nothing while it is paused', async () => {
    const server = await start();
    server.pause();
    expect(await ping(server, 200)).toEqual({ kind: 'silent', reason: 'no answer within 200 ms' });
    server.resume();
    expect(await ping(server, 1_000)).toEqual({ kind: 'answers' });
  });

  it('refuses connections once it is killed, and comes back on the same port', async () => {
    const server = await start();
    const { port, pid } = server;
    await server.kill();
    expect(server.pid).toBeUndefined();
    expect(await ping(server, 1_000)).toMatchObject({
      kind: 'silent',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    await server.restart();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await ping(server, 1_000)).toEqual({ kind: 'answers' });
  });

  it('stops while it is paused, and a second stop does nothing', async () => {
    const server = await start();
    server.pause();
    await server.stop();
    await server.stop();
    expect(server.pid).toBeUndefined();
  });

  it('asks for the password and puts it into its address', async () => {
    const server = await start({ password: 'p/w' });
    expect(server.url).toBe(`redis://:p%2Fw@127.0.0.1:${server.port}`);
    expect(await ping(server, 1_000)).toEqual({ kind: 'answers' });
  });

  it('goes with the process that started it', async () => {
    const script = `import { startRedisServer } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      console.log((await startRedisServer()).port);
      process.exit();`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    const address = { host: '127.0.0.1', port: Number(run.stdout) };
    expect(address.port, run.stderr).toBeGreaterThan(0);
    await expect.poll(async () => (await ping(address, 500)).kind, { timeout: 5_000 }).toBe('silent');
  });

  it('says what the server said when it refuses its settings', async () => {
    await expect(startRedisServer({ args: ['--maxmemory', 'plenty'] })).rejects.toThrow(
      /ended while starting.*maxmemory/s,
    );
  });

  it('does not take another server on the same port for its own', async () => {
    const { port } = await start();
    await expect(startRedisServer({ port })).rejects.toThrow(/Address already in use/);
  });
});
