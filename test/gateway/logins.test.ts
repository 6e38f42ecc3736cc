import { describe, expect, it } from 'vitest';
import { closingServers, json } from '../support/strict-server.ts';
import { closingAfterEach } from './support/closing.ts';
import { asked, expectNoSecret, podAt, textOf } from './support/cloud-stand.ts';
import { byAnyLogin, digestOf } from './support/vendors/index.ts';
import { answers } from './support/scripted-upstream.ts';

// Requests of users through every login, at vendors that verify it as their documentation says. The answer is the digest of what
// the vendor got, after it had accepted the login.

closingServers();
const opened = closingAfterEach();

const NON_ASCII = 'Grüße, 你好, 🦄, \u{1F469}\u{200D}\u{1F680}, "quoted" \\ and \u0001\r\n';
const LARGE = 'ä0123456789 '.repeat(16_000);

describe.each(byAnyLogin)('a request through %s', { timeout: 30_000 }, (_name, start) => {
  it.each([
    ['short', 'hi'],
    ['non-ASCII', NON_ASCII],
    ['large', LARGE],
  ])('with a %s body is answered, whole and streamed', async (_what, text) => {
    const vendor = await start();
    const pod = await podAt(opened, [{ vendor }]);
    expect(await textOf(await pod.chat('m', asked(text)))).toBe(digestOf(text));
    expect(await textOf(await pod.chat('m', asked(text, true)))).toBe(digestOf(text));
    expect(vendor.calls()).toHaveLength(2);
  });

  it.each([false, true])('is logged in anew after another deployment failed (streamed: %s)', async (stream) => {
    const vendor = await start();
    const bad = await opened.upstream(answers(500));
    const params = { model: 'openai/another-name', api_base: bad.url, api_key: 'sk-bad' };
    const pod = await podAt(opened, [{ vendor: { params, env: {} } }, { vendor }]);
    expect(await textOf(await pod.chat('m', asked(NON_ASCII, stream)))).toBe(digestOf(NON_ASCII));
    expect([bad.requests.length, vendor.calls().length]).toEqual([1, 1]);
  });

  it('whose credential is wrong gets the reason of the vendor, or another deployment', async () => {
    const vendor = await start();
    const { wrong, env, refusal } = vendor;
    const pod = await podAt(opened, [{ vendor: { params: wrong, env } }]);
    const answer = await pod.chat('m');
    const text = await answer.text();
    const [status, message] = refusal;
    expect([answer.status, JSON.parse(text)]).toEqual([
      status,
      expect.objectContaining({ error: expect.objectContaining({ message: expect.stringMatching(message) }) }),
    ]);
    expectNoSecret(vendor, pod, text);
    const both = await podAt(opened, [{ vendor: { params: wrong, env } }, { vendor }]);
    for (let count = 0; count < 5; count += 1) expect(await textOf(await both.chat('m'))).toBe(digestOf('hi'));
    expectNoSecret(vendor, both);
  });

  it('with bytes that are no UTF-8 is refused by nobody for its login', async () => {
    const vendor = await start();
    const pod = await podAt(opened, [{ vendor }]);
    const body = Buffer.concat([
      Buffer.from('{"model":"m","messages":[{"role":"user","content":"'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from('"}]}'),
    ]);
    const answer = await pod.post('/v1/chat/completions', '', { body });
    expect(await textOf(answer)).toBe(digestOf('\u{FFFD}\u{FFFD}\u{FFFD}'));
  });

  it.each([
    ['500', 500],
    ['400', 400],
    ['an error within a 200', 200],
  ])('shows nobody the credential that the vendor repeats in %s', async (_what, status) => {
    const vendor = await start();
    vendor.behaviour.answer = (credential) =>
      json(status, { error: { code: status, message: `the request with ${credential} failed for a reason` } });
    const pod = await podAt(opened, [{ vendor }]);
    const answer = await pod.chat('m');
    const text = await answer.text();
    expect([answer.status, text]).toEqual([
      status === 200 ? 502 : status,
      expect.stringMatching(/for a reason|not a message/),
    ]);
    expectNoSecret(vendor, pod, text, JSON.stringify([...answer.headers]));
  });
});
