import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { globSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../src/testing/index.ts';
import { buildImage } from './build-image.ts';
import type { BuiltImage } from './build-image.ts';
import { canChangeRoot, startIn } from './root-folder.ts';

const skipped = !canChangeRoot();

describe.skipIf(skipped)(skipped ? 'this user may not change its root: the image is not built' : 'the image', () => {
  let built: BuiltImage | undefined;
  beforeAll(async () => {
    built = await buildImage();
  }, 420_000);
  afterAll(() => built?.remove());
  const image = (): BuiltImage => built ?? expect.unreachable('the image was not built');

  it('serves as user 65532 without a capability or a writable file system, and its health check follows it', async () => {
    const port = await freePort();
    const env = { ...image().stage.env, PORT: String(port), LITELLM_MASTER_KEY: 'sk-0f3b9c71d25ae81c40b7' };
    const pod = start([...image().stage.entrypoint, ...image().stage.command], env);
    try {
      const answer = await until(async () => await fetch(`http://127.0.0.1:${port}/health/liveliness`), {
        withinMs: 20_000,
        what: `an answer of the pod: ${pod.output()}`,
      });
      expect(answer.status).toBe(200);
      expect(await exitOf(start(image().stage.healthcheck, env))).toEqual([0, '']);
      // As `kubectl exec` would: the program by its name, and the variables of the container.
      const status = start(['allswell', 'status'], { ...env, ALLSWELL_URL: `http://127.0.0.1:${port}` });
      expect(await exitOf(status)).toEqual([0, expect.stringContaining('independent')]);
      expect(pod.output()).not.toMatch(/EROFS|EACCES/);
    } finally {
      await stop(pod.child);
    }
    expect(await exitOf(start(image().stage.healthcheck, env))).toEqual([1, '']);
  });

  it('cannot be written to by its user', async () => {
    const script =
      'id -u; for to in /app /tmp /etc /usr/local; do touch $to/probe 2>/dev/null && echo "wrote $to"; done; exit 0';
    expect(await exitOf(start(['sh', '-c', script], image().stage.env))).toEqual([0, '65532\n']);
  });

  it('has what the package and its dependencies need, and none of the tools', () => {
    const packages = globSync('{@*/*,[^@]*}/package.json', { cwd: join(image().root, 'app/node_modules') });
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const names = packages.map((path) => path.replace('/package.json', ''));
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    expect(names.filter((name) => /toolchain|^node-|typescript|vitest|oxlint/.test(name))).toEqual([]);
    expect(globSync('*', { cwd: join(image().root, 'app') }).toSorted()).toEqual(
      ['LICENSE', 'README.md', 'bin', 'dist', 'examples', 'node_modules', 'package.json'].toSorted(),
    );
    expect(readlinkSync(join(image().root, 'app/bin/allswell'))).toBe('../dist/cli/main.js');
  });

  it('has the time of no build in it', () => {
    const paths = globSync('app/**/*', { cwd: image().root }).map((path) => join(image().root, path));
    const times = paths.flatMap((path) => (lstatSync(path).isFile() ? [lstatSync(path).mtimeMs] : []));
    expect(times.length).toBeGreaterThan(500);
    expect([...new Set(times)]).toEqual([0]);
  });

  interface Started {
    readonly child: ChildProcess;
    output(): string;
  }

  function start(words: readonly string[], env: Readonly<Record<string, string>>): Started {
    const { user = '', workdir } = image().stage;
    const child = startIn(image().root, words, { env, workdir, user }, ['ignore', 'pipe', 'pipe']);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (output += String(part)));
    return { child, output: () => output };
  }
});

async function exitOf({ child, output }: { child: ChildProcess; output(): string }): Promise<[unknown, string]> {
  const [status] = (await once(child, 'close')) as [unknown];
  return [status, output()];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
