import { createServer } from 'node:http';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, until } from '../../src/testing/index.ts';
import { podsAndUpstream } from '../support/pods-and-upstream.ts';
import { configOf, describeWith, startProgram } from './harness/index.ts';

// nginx asks a real pod before each request, by the configuration of docs/how-to/use-with-nginx-or-traefik.md.

const stage = podsAndUpstream();
const LIMIT = { withinMs: 20_000, everyMs: 50 };

describeWith('nginx', () => {
  it('sends requests elsewhere while a group is down, and also while no pod answers', async () => {
    const pod = await stage.pods.pod(`
model_list:
  - { model_name: gpt-4o, litellm_params: { model: openai/m, api_base: "${stage.upstream.apiBase}", api_key: sk-x } }
general_settings: { background_health_checks: true }
fleet_health: { interval: 1, edge_interval: 1 }
`);
    const elsewhere = createServer((_, answer) => answer.writeHead(418).end()).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const [port, other] = [await freePort(), (elsewhere.address() as { port: number }).port];
    const nginx = startNginx(
      configOf(
        'use-with-nginx-or-traefik.md',
        { language: 'nginx', note: 'auth_request' },
        {
          '/var/cache/nginx/up': 'up-cache',
          '10.0.0.5:4000': `127.0.0.1:${pod.server.port}`,
          '10.0.0.99:4000': `127.0.0.1:${other}`,
          'listen 8080': `listen 127.0.0.1:${port}`,
          'sk-monitor': pod.key ?? '',
        },
      ),
    );
    const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] });
    const headers = { authorization: `Bearer ${pod.key}`, 'content-type': 'application/json' };
    const chat = async (): Promise<number> => {
      const sent = fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', headers, body });
      return await sent.then(
        ({ status }) => status,
        () => 0,
      );
    };
    const sees = async (status: number): Promise<void> => {
      await until(async () => (await chat()) === status, { ...LIMIT, what: `status ${status}; ${nginx.output()}` });
    };
    try {
      await sees(200);
      stage.upstream.set('m', { kind: 'status', status: 500 });
      await sees(418);
      stage.upstream.set('m', { kind: 'ok' });
      await sees(200);
      expect((await fetch(`http://127.0.0.1:${port}/_up`)).status).toBe(404);
      await pod.server.stop();
      await sees(418);
    } finally {
      await nginx.stop();
      elsewhere.close();
    }
  });

  it('asks the next pod while one stops, with an upstream of its own for the question', async () => {
    const [first, second, elsewhere] = [podOf(200), podOf(200), podOf(418)];
    const [port, one, two, other] = [
      await freePort(),
      await listening(first),
      await listening(second),
      await listening(elsewhere),
    ];
    const pods = `server 127.0.0.1:${one} max_fails=0; server 127.0.0.1:${two} max_fails=0;`;
    const nginx = startNginx(
      configOf(
        'use-with-nginx-or-traefik.md',
        { language: 'nginx', note: 'auth_request' },
        {
          '/var/cache/nginx/up': 'up-cache',
          'upstream allswell { server 10.0.0.5:4000; }': `upstream allswell { ${pods} } upstream health { ${pods} }`,
          '10.0.0.99:4000': `127.0.0.1:${other}`,
          'http://allswell/groups/gpt-4o/up;':
            'http://health/groups/gpt-4o/up; proxy_next_upstream error timeout http_503;',
          'listen 8080': `listen 127.0.0.1:${port}`,
        },
      ),
    );
    const ask = async (): Promise<number> =>
      await fetch(`http://127.0.0.1:${port}/v1/models`).then(
        ({ status }) => status,
        () => 0,
      );
    const sees = async (status: number): Promise<void> => {
      await until(async () => (await ask()) === status, { ...LIMIT, what: `status ${status}; ${nginx.output()}` });
    };
    try {
      await sees(200);
      first.up = 503;
      const [seen, before] = [new Set<number>(), first.asked];
      const isAskedAgain = async (): Promise<boolean> => {
        seen.add(await ask());
        return first.asked >= before + 2;
      };
      await until(isAskedAgain, { ...LIMIT, what: 'questions to the pod that stops' });
      expect([...seen]).toEqual([200]);
      second.up = 503;
      await sees(418);
      first.up = 200;
      await sees(200);
    } finally {
      await nginx.stop();
    }
  });

  it('keeps an answer for a second, whatever many requests come', async () => {
    let asked = 0;
    const pod = createServer((request, answer) => {
      if (request.url === '/groups/gpt-4o/up') asked += 1;
      answer.writeHead(200, { 'cache-control': 'no-store' }).end('up\n');
    }).listen(0, '127.0.0.1');
    await once(pod, 'listening');
    const [port, podPort] = [await freePort(), (pod.address() as { port: number }).port];
    const nginx = startNginx(
      configOf(
        'use-with-nginx-or-traefik.md',
        { language: 'nginx', note: 'auth_request' },
        {
          '/var/cache/nginx/up': 'up-cache',
          '10.0.0.5:4000': `127.0.0.1:${podPort}`,
          'listen 8080': `listen 127.0.0.1:${port}`,
        },
      ),
    );
    const ask = async (): Promise<number> =>
      await fetch(`http://127.0.0.1:${port}/v1/models`).then(
        ({ status }) => status,
        () => 0,
      );
    try {
      await until(async () => (await ask()) === 200, { ...LIMIT, what: `an answer; ${nginx.output()}` });
      const [before, beganMs] = [asked, performance.now()];
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      expect(answers.every((status) => status === 200)).toBe(true);
      expect(asked - before).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - beganMs) / 1_000));
    } finally {
      await nginx.stop();
      pod.close();
    }
  });
});

/** Status of its answer to the question for a group, and how often it was asked. */
interface FakePod {
  up: number;
  asked: number;
}

const podOf = (up: number): FakePod => ({ up, asked: 0 });

/** Answers everything else with 200; 418 is the server elsewhere. */
async function listening(pod: FakePod): Promise<number> {
  const server = createServer(({ url = '' }, answer) => {
    const isQuestion = url.startsWith('/groups/');
    if (isQuestion) pod.asked += 1;
    answer.writeHead(isQuestion || pod.up === 418 ? pod.up : 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

function startNginx(http: string): ReturnType<typeof startProgram> {
  // Started by root, its workers would otherwise be of a user who may not write here.
  const config = `user ${userInfo().username};
daemon off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
${http}
}
`;
  return startProgram('nginx', { 'nginx.conf': config }, (folder) => [
    '-p',
    folder,
    '-c',
    'nginx.conf',
    '-e',
    'stderr',
  ]);
}
