import { describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { createIdentify } from './caller.ts';
import { bind } from './route.ts';
import type { Route } from './route.ts';
import { createTraffic } from './traffic.ts';

const route = (name: string, changes: Partial<Route> = {}): Route => {
  return { name, method: 'GET', paths: [`/${name}`], auth: 'none', group: 'Pod', summary: '', answers: {}, ...changes };
};

function app() {
  const lines: string[] = [];
  let open = 0;
  const endless = (): Response => {
    open += 1;
    return new Response(new ReadableStream({ cancel: () => void (open -= 1) }), { headers: { 'x-kind': 'endless' } });
  };
  const handle = createApp({
    routes: [
      bind(route('endless'), endless),
      bind(route('broken'), () => {
        throw new Error('a fault of ours');
      }),
      bind(route('thing', { paths: ['/thing/{id}', '/things/{id}'] }), ({ params }) => new Response(params['id'])),
      bind(route('poke', { method: 'POST', paths: ['/thing/{id}/poke'] }), () => new Response('poked')),
      bind(
        route('middle', { paths: ['/middle/{id}/{name}/end'], slashesIn: 'name' }),
        ({ params: { id, name } }) => new Response(`${id} ${name}`),
      ),
      bind(route('do', { method: 'POST', paths: ['/thing/{id}'] }), () => new Response('done')),
    ],
    identify: createIdentify({ masterKey: 'sk-master', withoutMasterKey: 'refuse', keys: [] }),
    metricsAuth: 'none',
    upAuth: 'key',
    traffic: createTraffic(),
    logger: { debug() {}, info() {}, warn() {}, error: (line) => void lines.push(line) },
  });
  const ask = async (path: string, method = 'GET'): Promise<Response> => {
    return await handle(new Request(`http://pod${path}`, { method }));
  };
  return { ask, lines, open: () => open };
}

describe('a pod without a master key that is open to everybody', () => {
  const handle = createApp({
    routes: [
      bind(route('poke', { method: 'POST', auth: 'admin' }), () => new Response('poked')),
      bind(route('look', { auth: 'admin' }), () => new Response('seen')),
    ],
    identify: createIdentify({ masterKey: null, withoutMasterKey: 'open', keys: [] }),
    metricsAuth: 'none',
    upAuth: 'key',
    traffic: createTraffic(),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const status = async (path: string, method: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    (await handle(new Request(`http://pod${path}`, { method, headers }))).status;

  it('fault: a page of another site changes the fleet through the browser of an operator', async () => {
    const host = 'pod:4000';
    expect(await status('/poke', 'POST', { host, origin: 'https://evil.example' })).toBe(403);
    expect(await status('/poke', 'POST', { host, origin: 'null' })).toBe(403);
    expect(await status('/poke', 'POST', { host, origin: 'http://pod:4000' })).toBe(200);
    const proxied = { host, 'x-forwarded-host': 'ops.example', origin: 'https://ops.example' };
    expect(await status('/poke', 'POST', proxied)).toBe(200);
    expect(await status('/poke', 'POST', { host })).toBe(200);
    expect(await status('/look', 'GET', { host, origin: 'https://evil.example' })).toBe(200);
  });
});

describe('the door of a pod', () => {
  it('answers HEAD like GET without a body, and leaves no stream open', async () => {
    const { ask, open } = app();
    const answer = await ask('/endless', 'HEAD');
    expect([answer.status, answer.headers.get('x-kind'), answer.body]).toEqual([200, 'endless', null]);
    expect(open()).toBe(0);
    expect((await ask('/nowhere', 'HEAD')).status).toBe(404);
  });

  it('names the methods that would do', async () => {
    const { ask } = app();
    const answer = await ask('/thing/1', 'DELETE');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect((await ask('/things/1', 'POST')).headers.get('allow')).toBe('GET');
    expect((await ask('/thing/1/poke', 'PUT')).headers.get('allow')).toBe('POST');
  });

  it('sends a path with one slash too many to the route without it, as LiteLLM does', async () => {
    const { ask } = app();
    const answer = await ask('/endless/?model=a%2Fb', 'POST');
    expect([answer.status, answer.headers.get('location')]).toEqual([307, '/endless?model=a%2Fb']);
    expect((await ask('/thing/1/poke/', 'PUT')).headers.get('location')).toBe('/thing/1/poke');
    for (const nowhere of ['/nowhere/', '/', '//evil.test/endless/', '/endless//']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([nowhere, (await ask(nowhere)).status]).toEqual([nowhere, 404]);
    }
  });

  it('gives what varies to the handler, slashes and escapes included', async () => {
    const { ask } = app();
    expect(await (await ask('/thing/openai/gpt%20x')).text()).toBe('openai/gpt x');
  });

  it.each([
    ['/middle/1/gpt/end', '1 gpt'],
    ['/middle/1/openai/gpt%20x/end', '1 openai/gpt x'],
    ['/middle/1/openai%2F*/end', '1 openai/*'],
    ['/middle/1/end/end', '1 end'],
    ['/middle/1/a/end/end', '1 a/end'],
    ['/middle/%2F/a/end', '/ a'],
  ])('gives a part in the middle to the handler, slashes included, where the route says so: %s', async (path, got) => {
    const { ask } = app();
    expect(await (await ask(path)).text()).toBe(got);
    expect((await ask(path, 'POST')).headers.get('allow')).toBe('GET');
  });

  it.each(['/middle/1/end', '/middle/1//end', '/middle/1/a/end/', '/middle/1/a/endless'])(
    'has no route at %s',
    async (path) => {
      expect((await app().ask(path)).status).toBe(404);
    },
  );

  it('answers 500 to a fault of its own, tells the log, and nothing to the caller', async () => {
    const { ask, lines } = app();
    const answer = await ask('/broken');
    expect([answer.status, await answer.text()]).toEqual([500, '{"detail":"Internal Server Error"}']);
    expect(lines).toEqual(['A request failed: GET /broken: a fault of ours. To fix: report it with allswell diagnose']);
  });
});
