import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageVersion } from '../../../../src/package-files.ts';
import { MASTER_KEY } from '../../../support/cli.ts';
import { stageAndUpstream } from '../../../support/stage-and-upstream.ts';

// A real pod whose answers are changed on their way, as a pod of another version might give them.

type Json = Record<string, unknown>;

const each = stageAndUpstream();
let pod: string;
let closers: (() => void)[] = [];

beforeEach(async () => {
  closers = [];
  pod = await each.stage.pod(`general_settings: { master_key: ${MASTER_KEY}, background_health_checks: true }
model_list:
  - model_name: chat
    litellm_params: { model: openai/gpt-4o-mini, api_base: '${each.upstream.apiBase}', api_key: k }
`);
});

afterEach(() => {
  for (const close of closers) close();
});

/** Runs a command against the pod whose answers are changed. */
async function run(args: readonly string[], change: (body: Json, path: string) => void) {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const [method = 'GET', key = ''] = [request.method, request.headers.authorization];
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const type = request.headers['content-type'];
      const answer = await fetch(pod + path, {
        method,
        headers: { authorization: key, ...(type !== undefined && { 'content-type': type }) },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const body = (await answer.json()) as Json;
      change(body, path);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ended = await each.stage.run([...args, '--url', url]);
  return { ...ended, url };
}

const asVersion = (body: Json, path: string): void => {
  if (path === '/health/readiness/details') body['litellm_version'] = 'allswell 9.8.7';
};

const firstTarget = (body: Json): Json => (body['targets'] as Json[])[0] ?? {};

describe('a command that asks a pod of another version', { timeout: 60_000 }, () => {
  it('names the field that it cannot read, both versions and what to do (a stack trace instead)', async () => {
    const { status, stdout, stderr, url } = await run(['status'], (body, path) => {
      asVersion(body, path);
      if (path === '/fleet') firstTarget(body)['state'] = 'resting';
    });
    expect([status, stderr]).toEqual([6, '']);
    expect(stdout).toBe(
      `allswell ${packageVersion()} cannot read the answer of ${url}/fleet, a pod of version 9.8.7: targets[0].state: expected one of "unknown"|"up"|"degraded"|"suspect"|"down". To fix: run the command of version 9.8.7, or finish the deploy\n`,
    );
  });

  it('names a record that has the keys of another format', async () => {
    const { status, stdout } = await run(['status', '--why', '--json'], (body, path) => {
      asVersion(body, path);
      if (path === '/fleet') firstTarget(body)['record'] = { format: 1, lastProbe: {} };
    });
    expect(status).toBe(6);
    const { findings } = JSON.parse(stdout) as { findings: Json[] };
    expect(findings).toEqual([
      {
        code: 'pod-unreachable',
        level: 'problem',
        says: expect.stringContaining('targets[0].record.last: expected object'),
        todo: 'The command and the pod are of different versions.',
      },
    ]);
  });

  it.each([
    [['explain', 'chat'], 'policy', 6, 'policy: expected object, received undefined. To fix: check that'],
    [['check'], 'evidence', 5, 'evidence: expected object, received undefined. The pod may have'],
    [['drain', 'chat', '--reason', 'test'], 'hold', 6, 'hold: expected object, received undefined. The pod may have'],
  ] as const)(
    'says so for %s, too, and what a POST may have done, where the version is unknown',
    async (args, key, ends, says) => {
      const { status, stdout, stderr } = await run(args, (body, path) => {
        if (path !== '/fleet') delete body[key];
        delete body['litellm_version'];
      });
      expect(status).toBe(ends);
      expect(stdout + stderr).toContain('a pod of unknown version: ');
      expect(stdout + stderr).toContain(says);
      expect(stdout + stderr).not.toMatch(/^ +at /m);
    },
  );

  it('reads what an older pod leaves out, and what a newer one adds', async () => {
    const change = (body: Json, path: string): void => {
      body['of_the_future'] = {};
      if (path !== '/fleet') return;
      for (const key of ['bridge', 'money', 'incidents', 'unprobed', 'probing_paused']) delete body[key];
      const target = firstTarget(body);
      for (const key of ['effective', 'hold', 'version']) delete target[key];
      target['flags'] = ['resting'];
      target['of_the_future'] = {};
      for (const one of body['pods'] as Json[]) delete one['unreached'];
      (body['setup'] as Json)['of_the_future'] = true;
    };
    const { status, stdout } = await run(['status'], change);
    expect(status).toBe(0);
    expect(stdout).toContain('[resting]');
    expect((await run(['status', '--why'], change)).stdout).not.toContain('cannot read the answer');
  });
});
