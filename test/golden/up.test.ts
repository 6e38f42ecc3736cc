import { describe, expect, it } from 'vitest';
import { createUpReader } from '../../src/admin/index.ts';
import type { TargetView } from '../../src/ports/index.ts';
import { downView, NOW, upView, viewOf } from './fleet-double.ts';
import { ADMIN, measuredPod, SCOPED } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const PUBLIC = 'fleet_health: { public_up: true }';
const hold = (kind: 'drain' | 'hold-up') => ({ kind, until: null, by: 'ops', reason: 'test', version: NOW });
const SECRET = 'http://10.0.0.7 says no to acct-42';
const down = (id: string, change: Partial<TargetView> = {}): TargetView =>
  downView(id, { class: 'server', status: 500, message: SECRET }, change);

async function asked(pod: MeasuredPod, path: string): Promise<[number, string]> {
  const answer = await pod.get(path);
  return [answer.status, await answer.text()];
}

describe('GET /fleet/targets/{id}/up', () => {
  it.each([
    ['never judged', (id: string) => viewOf(id), 200, 'unknown\n'],
    ['up', (id: string) => upView(id), 200, 'up\n'],
    ['up by old evidence', (id: string) => upView(id, { stale: true }), 200, 'up; stale\n'],
    ['degraded', (id: string) => upView(id, { state: 'degraded', effective: 'degraded' }), 200, 'degraded\n'],
    [
      'suspect: one pod alone fails',
      (id: string) => down(id, { state: 'suspect', effective: 'suspect' }),
      200,
      'suspect\n',
    ],
    ['down', (id: string) => down(id), 503, 'down\n'],
    ['down by old evidence', (id: string) => down(id, { stale: true }), 503, 'down; stale\n'],
    ['drained while up', (id: string) => upView(id, { effective: 'down', hold: hold('drain') }), 503, 'drained\n'],
    ['drained while down', (id: string) => down(id, { effective: 'down', hold: hold('drain') }), 503, 'drained\n'],
    [
      'held up while down',
      (id: string) => down(id, { effective: 'up', hold: hold('hold-up') }),
      200,
      'up; held up by an operator, probes fail\n',
    ],
    ['held up while up', (id: string) => upView(id, { effective: 'up', hold: hold('hold-up') }), 200, 'up\n'],
  ] as const)('of a target that is %s', async (_, view, status, text) => {
    const pod = measuredPod();
    pod.fleet.set(view(pod.target('ok-chat')));
    expect(await asked(pod, `/fleet/targets/${pod.target('ok-chat')}/up`)).toEqual([status, text]);
  });

  it('finds a target by its model_id and its name, with slashes as they are', async () => {
    const pod = measuredPod();
    pod.fleet.set(upView(pod.target('ok-chat')));
    pod.fleet.set(upView(pod.target('ok-embed')));
    for (const word of ['my-embed-id', 'ok-chat', 'openai/gpt-4o-mini', 'openai%2Fgpt-4o-mini']) {
      expect([word, ...(await asked(pod, `/fleet/targets/${word}/up`))]).toEqual([word, 200, 'up\n']);
    }
  });

  it('answers 404 to an unknown one and 409 to a name of several', async () => {
    const pod = measuredPod(undefined, ['bad-500', 'renamed']);
    expect(await asked(pod, '/fleet/targets/nothing/up')).toEqual([404, 'not found\n']);
    expect(await asked(pod, '/fleet/targets/openai%2Fbad-500/up')).toEqual([409, 'several targets have this name\n']);
  });
});

describe('while probing is paused', () => {
  it('a target or group whose evidence is stale takes traffic, and the line says why it is stale', async () => {
    const pod = withGroup(2);
    const [one = '', two = ''] = pod.config.targets.map(({ id }) => id);
    pod.fleet.setStatus({ pause: { ...hold('drain'), kind: 'pause', reason: SECRET } });
    pod.fleet.set(upView(one));
    pod.fleet.set(upView(two, { stale: true }));
    expect(await asked(pod, '/groups/openai/*/up')).toEqual([200, 'up\n']);
    pod.fleet.set(upView(one, { stale: true }));
    expect(await asked(pod, '/groups/openai/*/up')).toEqual([200, 'up; stale: probing is paused\n']);
    expect(await asked(pod, `/fleet/targets/${one}/up`)).toEqual([200, 'up; stale: probing is paused\n']);
    pod.fleet.set(down(two));
    expect(await asked(pod, '/groups/openai/*/up')).toEqual([200, 'up; stale: probing is paused\n']);
  });

  it('a target that is probed on request alone is not stale', async () => {
    const pod = measuredPod();
    pod.fleet.set(upView(pod.target('ok-chat'), { stale: true }));
    pod.fleet.next = { ...pod.fleet.next, at: null };
    expect(await asked(pod, '/groups/ok-chat/up')).toEqual([200, 'up\n']);
  });
});

describe('a load balancer that gets no answer is named in the log, at most once per minute', () => {
  it('for a group or target that does not exist', async () => {
    const pod = measuredPod(undefined, ['ok-chat'], PUBLIC);
    for (const path of ['/groups/nope/up', '/groups/other/up', '/groups/ok-chat/up']) await pod.get(path);
    pod.clock.advance(60_000);
    await pod.get(`/fleet/targets/${encodeURIComponent('a b\nc')}/up`);
    expect(pod.upLines).toEqual([
      'A load balancer or monitor asks for the model group nope, which this pod does not have; it gets 404. To fix: correct the path of its check',
      'A load balancer or monitor asks for the target one of another form, which this pod does not have; it gets 404. To fix: correct the path of its check',
    ]);
  });

  it('without a key', async () => {
    const pod = measuredPod();
    expect((await pod.handle(new Request('http://pod/groups/ok-chat/up'))).status).toBe(401);
    expect((await pod.get('/groups/ok-chat/up', SCOPED)).status).toBe(403);
    expect(pod.upLines).toHaveLength(1);
    expect(pod.upLines[0]).toMatch(
      /^A load balancer or monitor may not read whether models are up: .*public_up: true$/,
    );
  });
});

describe('GET /groups/{name}/up', () => {
  it('is the best of the deployments', async () => {
    const pod = withGroup(3);
    const [one = '', two = '', three = ''] = pod.config.targets.map(({ id }) => id);
    const steps: readonly (readonly [TargetView, number, string])[] = [
      [down(one), 200, 'unknown\n'],
      [down(two), 200, 'unknown\n'],
      [down(three), 503, 'down\n'],
      [upView(three, { effective: 'down', hold: hold('drain') }), 503, 'down\n'],
      [down(one, { state: 'suspect', effective: 'suspect' }), 200, 'suspect\n'],
      [viewOf(two), 200, 'unknown\n'],
      [upView(one, { state: 'degraded', effective: 'degraded' }), 200, 'degraded\n'],
      [upView(two), 200, 'up\n'],
      [upView(two, { effective: 'down', hold: hold('drain') }), 200, 'degraded\n'],
      [down(one, { effective: 'down', hold: hold('drain') }), 503, 'drained\n'],
    ];
    for (const [at, [view, status, text]] of steps.entries()) {
      pod.fleet.set(view);
      expect([at, ...(await asked(pod, '/groups/openai/*/up'))]).toEqual([at, status, text]);
    }
  });

  it.each(['/groups/openai/*/up', '/groups/openai%2F*/up', '/groups/openai/%2A/up', '/groups/short/up'])(
    'finds names with slashes, and aliases: %s',
    async (path) => {
      const pod = withGroup(1, 'router_settings: { model_group_alias: { short: "openai/*" } }');
      pod.fleet.set(upView(pod.config.targets[0]!.id));
      expect(await asked(pod, path)).toEqual([200, 'up\n']);
    },
  );

  it('counts a deployment that is not probed as unknown', () => {
    const { fleet, config } = measuredPod();
    fleet.set(down(measuredPod().target('ok-chat')));
    const unprobed = ['ok-chat', 'other'].map((modelName) => {
      return { modelName, modelId: null, tags: [], model: 'x/y', why: 'not supported' };
    });
    expect(createUpReader({ fleet, config }).group('ok-chat')).toMatchObject({ up: 'down' });
    expect(createUpReader({ fleet, config: { ...config, unprobed } }).group('ok-chat')).toMatchObject({
      up: 'unknown',
    });
    expect(createUpReader({ fleet, config: { ...config, unprobed } }).group('other')).toMatchObject({ up: 'unknown' });
  });

  it('finds no model that a wildcard would match, and no target', async () => {
    const pod = withGroup(1);
    for (const name of ['openai/gpt-4o', 'nothing', pod.config.targets[0]!.id, 'openai', 'constructor']) {
      expect([name, ...(await asked(pod, `/groups/${name}/up`))]).toEqual([name, 404, 'not found\n']);
    }
  });
});

describe('both', () => {
  const paths = ['/groups/ok-chat/up', '/fleet/targets/ok-chat/up'];

  it.each(paths)('are one line of plain text that no cache keeps, also to HEAD: %s', async (path) => {
    for (const more of ['', PUBLIC]) {
      const pod = measuredPod(undefined, ['ok-chat'], more);
      for (const method of ['GET', 'HEAD']) {
        const answer = await pod.handle(
          new Request(`http://pod${path}`, { method, headers: { authorization: 'Bearer sk-master' } }),
        );
        expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
          200,
          'text/plain; charset=utf-8',
          'no-store',
        ]);
        expect(await answer.text()).toBe(method === 'GET' ? 'unknown\n' : '');
      }
    }
  });

  it.each(paths)('answer 503 while the pod stops: %s', async (path) => {
    const pod = measuredPod();
    pod.stopping = true;
    expect(await asked(pod, path)).toEqual([503, 'stopping\n']);
  });

  it.each(paths)('want an admin key unless public_up is true: %s', async (path) => {
    const closed = measuredPod();
    const open = measuredPod(undefined, ['ok-chat'], PUBLIC);
    const status = async (pod: MeasuredPod, headers: Record<string, string> = {}): Promise<number> =>
      (await pod.handle(new Request(`http://pod${path}`, { headers }))).status;
    expect(await status(closed)).toBe(401);
    expect(await status(closed, { authorization: `Bearer ${SCOPED}` })).toBe(403);
    expect(await status(closed, { authorization: `Bearer ${ADMIN}` })).toBe(200);
    expect(await status(open)).toBe(200);
    expect(await status(open, { authorization: 'Bearer sk-wrong' })).toBe(200);
    expect((await open.handle(new Request('http://pod/fleet'))).status).toBe(401);
    expect((await open.handle(new Request('http://pod/fleet/targets/ok-chat'))).status).toBe(401);
  });

  it('show nothing else to anybody', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'bad-500', 'renamed'], PUBLIC);
    for (const { id } of pod.config.targets) pod.fleet.set(down(id));
    const answers = [];
    for (const path of [
      'groups/bad-500',
      'groups/no',
      'fleet/targets/bad-500',
      'fleet/targets/no',
      'groups/openai/x',
    ]) {
      const answer = await pod.handle(new Request(`http://pod/${path}/up`));
      const names = [...answer.headers.keys()].toSorted().join(' ');
      answers.push([answer.status, await answer.text(), names]);
    }
    const [first] = answers;
    const names = first?.[2];
    expect(answers.map(([status, text]) => `${status} ${text}`)).toEqual([
      '503 down\n',
      '404 not found\n',
      '503 down\n',
      '404 not found\n',
      '404 not found\n',
    ]);
    expect(answers.every(([, , each]) => each === names)).toBe(true);
  });
});

/** One group, `openai/*`, of some deployments. */
function withGroup(count: number, more = ''): MeasuredPod {
  const list = Array.from(
    { length: count },
    (_, at) =>
      `{ model_name: "openai/*", litellm_params: { model: openai/m-${at}, api_base: "http://127.0.0.1:9", api_key: sk-upstream } }`,
  );
  return measuredPod(undefined, [], `${more}\nmodel_list: [${list.join(', ')}]`);
}
