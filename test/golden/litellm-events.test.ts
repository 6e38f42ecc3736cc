import { describe, expect, it } from 'vitest';
import { EVENTS, measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const SECRET = 'TOP-SECRET';

function idOf({ config }: MeasuredPod, group: string): string {
  return config.deployments.find(({ modelName }) => modelName === group)?.modelId ?? '';
}

function nowS({ fleet }: MeasuredPod): number {
  return fleet.status().now / 1e6;
}

/** One event in the shape of LiteLLM 1.110.2, with a secret in every field that must stay unread. */
function payload(pod: MeasuredPod, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const endTime = nowS(pod) - 0.5;
  return {
    id: SECRET,
    trace_id: SECRET,
    session_id: SECRET,
    call_type: 'acompletion',
    stream: true,
    response_cost: 1,
    status: 'success',
    status_fields: { llm_api_status: SECRET },
    custom_llm_provider: SECRET,
    startTime: endTime - 1.5,
    endTime,
    completionStartTime: endTime - 1.2,
    model: SECRET,
    model_id: idOf(pod, 'bad-500'),
    model_group: SECRET,
    api_base: `https://${SECRET}@host`,
    metadata: { user_api_key_hash: SECRET, headers: { authorization: `Bearer ${SECRET}` } },
    cache_hit: null,
    cache_key: SECRET,
    request_tags: [SECRET],
    end_user: SECRET,
    requester_ip_address: SECRET,
    messages: [{ role: 'user', content: SECRET }],
    response: { choices: [{ message: { content: SECRET } }] },
    error_str: SECRET,
    error_information: { error_code: '', error_class: '', llm_provider: '', traceback: '', error_message: '' },
    model_parameters: { user: SECRET },
    hidden_params: { api_base: SECRET },
    ...changes,
  };
}

function failure(code: string, errorClass: string): Readonly<Record<string, unknown>> {
  return {
    status: 'failure',
    error_information: {
      error_code: code,
      error_class: errorClass,
      llm_provider: SECRET,
      traceback: SECRET,
      error_message: SECRET,
    },
  };
}

describe('POST /litellm/events', () => {
  it('counts the events of a batch, and reports one verdict for each target', async () => {
    const pod = measuredPod();
    const answer = await pod.post('/litellm/events', [
      payload(pod, failure('500', 'InternalServerError')),
      payload(pod, { model_id: 'another' }),
      payload(pod, { model_id: '' }),
      payload(pod, failure('500', 'InternalServerError')),
      payload(pod, { model_id: idOf(pod, 'ok-chat') }),
    ]);
    expect(answer.status).toBe(200);
    const counts = { accepted: 3, unknown: 1, ignored: 1, ignored_why: { 'no model_id': 1 } };
    expect(await answer.json()).toEqual(counts);
    expect(pod.reports).toMatchObject([
      { target: pod.target('bad-500'), verdict: 'suspect', failure: { class: 'server', status: 500 } },
      { target: pod.target('ok-chat'), verdict: 'success', latencyMs: expect.closeTo(300) },
    ]);
  });

  it('neither keeps, logs nor answers any other field', async () => {
    const pod = measuredPod();
    const body = [
      payload(pod),
      payload(pod, failure('500', SECRET)),
      payload(pod, failure('500', SECRET)),
      payload(pod, failure(SECRET, SECRET)),
      payload(pod, { model_id: { secret: SECRET } }),
      payload(pod, { model_id: `${SECRET} of a user` }),
      payload(pod, { status: SECRET }),
      payload(pod, { startTime: SECRET }),
      SECRET,
    ];
    const answer = await pod.post('/litellm/events', body);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ accepted: 4, unknown: 1, ignored: 4 });
    const refused = await pod.post('/litellm/events', `${SECRET} ${JSON.stringify(body)}`);
    expect(refused.status).toBe(400);
    expect(pod.reports).toHaveLength(1);
    expect(pod.eventLines).toHaveLength(3);
    const all = [text, await refused.text(), JSON.stringify(pod.reports), ...pod.eventLines];
    expect(all.filter((one) => one.includes(SECRET))).toEqual([]);
  });

  it.each([
    ['', 'The request body is empty.'],
    ['[{]', 'The request body begins with [ and is not a JSON array.'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'The request body is nested deeper than 64 levels.'],
    [`[${'1,'.repeat(1_000_000)}1,1]`, 'The request body has more than 1000000 keys and values.'],
  ])('refuses %j and counts nothing of it', async (body, message) => {
    const pod = measuredPod();
    const answer = await pod.post('/litellm/events', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message, param: 'request_body', code: '400' } });
    expect(pod.reports).toEqual([]);
    expect(pod.eventLines).toEqual([`Refused 1 request with events from LiteLLM: ${message}`]);
  });

  it('refuses more than 8 MiB or 5,000 events', async () => {
    const pod = measuredPod();
    const large = await pod.post('/litellm/events', [payload(pod, { messages: 'x'.repeat(8 * 1024 * 1024) })]);
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: { message: 'The request body is larger than 8388608 bytes.' } });
    const many = await pod.post(
      '/litellm/events',
      Array.from({ length: 5_001 }, () => ({})),
    );
    expect(many.status).toBe(413);
    expect(pod.reports).toEqual([]);
  });

  it('refuses bodies beyond its rate until time has passed, and takes them again', async () => {
    const pod = measuredPod();
    const body = JSON.stringify([payload(pod, { messages: 'x'.repeat(7 * 1024 * 1024) })]);
    const statuses: number[] = [];
    const headers = { authorization: `Bearer ${EVENTS}` };
    const send = async (): Promise<Response> =>
      await pod.handle(new Request('http://pod/litellm/events', { method: 'POST', headers, body }));
    // One after the other: at once, another limit would refuse some.
    // oxlint-disable-next-line no-await-in-loop
    for (let sent = 0; sent < 9; sent += 1) statuses.push((await send()).status);
    expect(statuses).toEqual(Array.from({ length: 9 }, () => 200));
    const refused = await send();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    pod.clock.advance(1_000);
    expect((await send()).status).toBe(200);
  });

  it('reads eight bodies at once, and refuses a ninth', async () => {
    const pod = measuredPod();
    const headers = { authorization: `Bearer ${EVENTS}` };
    const ends: (() => void)[] = [];
    const slow = (): Promise<Response> => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(Buffer.from('['));
          ends.push(() => {
            controller.enqueue(Buffer.from(']'));
            controller.close();
          });
        },
      });
      const init = { method: 'POST', headers, body, duplex: 'half' } as const;
      return Promise.resolve(pod.handle(new Request('http://pod/litellm/events', init)));
    };
    const waiting = Array.from({ length: 8 }, slow);
    const ninth = await slow();
    expect(ninth.status).toBe(429);
    for (const end of ends) end();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect((await pod.post('/litellm/events', [])).status).toBe(200);
  });

  it('gives up a body that is not there within ten seconds, so that others get its place', async () => {
    const pod = measuredPod();
    const headers = { authorization: `Bearer ${EVENTS}` };
    const slow = (): Promise<Response> => {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(Buffer.from('[')) });
      const init = { method: 'POST', headers, body, duplex: 'half' } as const;
      return Promise.resolve(pod.handle(new Request('http://pod/litellm/events', init)));
    };
    const waiting = Array.from({ length: 8 }, slow);
    expect((await slow()).status).toBe(429);
    pod.clock.advance(9_999);
    expect((await pod.post('/litellm/events', [])).status).toBe(429);
    pod.clock.advance(1);
    const answers = await Promise.all(waiting);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 408));
    expect(answers[0]?.headers.get('connection')).toBe('close');
    expect((await pod.post('/litellm/events', [])).status).toBe(200);
  });
});
