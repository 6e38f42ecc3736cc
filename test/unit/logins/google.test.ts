import { describe, expect, it } from 'vitest';
import { cloudProber } from '../../support/cloud-prober.ts';
import type { CloudProbing } from '../../support/cloud-prober.ts';
import {
  accountFile,
  EMAIL,
  otherKey,
  REFRESH,
  startGoogle,
  SUBJECT,
  vertexProber,
} from '../../support/strict-google.ts';
import { closingServers, json } from '../../support/strict-server.ts';

closingServers();

describe('a probe of Vertex AI', () => {
  it.each([
    ['a service account in a file', { vertex_credentials: '/sa.json' }, {}],
    ['a service account as text', 'text', {}],
    ['a service account as a mapping', 'mapping', {}],
    ['application default credentials', {}, { GOOGLE_APPLICATION_CREDENTIALS: '/sa.json' }],
    ['the login of a person', { vertex_credentials: '/person.json', vertex_project: 'the-project' }, {}],
    ['a workload identity', { vertex_credentials: '/wif.json', vertex_project: 'the-project' }, {}],
  ] as const)('logs in by %s', async (_, how, env) => {
    const google = await startGoogle();
    const file = accountFile(google);
    const params =
      how === 'text'
        ? { vertex_credentials: file }
        : how === 'mapping'
          ? { vertex_credentials: JSON.parse(file) as object }
          : how;
    const person = {
      type: 'authorized_user',
      client_id: 'the-client',
      client_secret: 'client-secret-0123456789',
      refresh_token: REFRESH,
      token_uri: `${google.url}/token`,
    };
    const federated = {
      type: 'external_account',
      audience: '//iam.googleapis.com/the-pool',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${google.url}/token`,
      credential_source: { file: '/var/token' },
    };
    const files = {
      '/sa.json': file,
      '/person.json': JSON.stringify(person),
      '/wif.json': JSON.stringify(federated),
      '/var/token': `${SUBJECT}\n`,
    };
    const { probe, target } = vertexProber(google, params, { env, files });
    expect(target).toMatchObject({ wire: 'vertex', level: 'inference', region: 'europe-west4' });
    // Thoughts up to the limit are an answer, and billed.
    expect(await probe()).toMatchObject({ outcome: { kind: 'ok' }, inputTokens: 8, outputTokens: 13 });
    await probe();
    expect(google.tokens).toHaveLength(1);
  });

  it.each([
    ['vertex_ai/text-embedding-005', { inputTokens: 4 }],
    ['vertex_ai/claude-sonnet-4-5@20250929', { inputTokens: 8, outputTokens: 1 }],
    ['vertex_ai_beta/gemini-2.5-flash', { outputTokens: 13 }],
  ])('asks %s what its API demands', async (model, found) => {
    const google = await startGoogle();
    const { probe } = vertexProber(google, { model, vertex_credentials: accountFile(google) });
    expect(await probe()).toMatchObject({ outcome: { kind: 'ok' }, ...found });
  });

  it("logs in at an endpoint of the customer's own, which takes OpenAI's format", async () => {
    const google = await startGoogle();
    google.answer = json(200, { choices: [{ message: { content: '2' }, finish_reason: 'stop' }] });
    const api_base = `${google.url}/v1/projects/the-project/locations/l/endpoints/openapi`;
    const { probe, target } = vertexProber(google, {
      model: 'vertex_ai/meta/llama',
      api_base,
      vertex_credentials: accountFile(google),
    });
    expect(target).toMatchObject({ wire: 'openai', level: 'inference' });
    expect((await probe()).outcome).toEqual({ kind: 'ok' });
  });

  it('has an address without credentials, to which a probe then only opens a connection', () => {
    const { target, warnings } = cloudProber({ params: { model: 'vertex_ai/gemini-2.5-flash' } });
    expect(target).toMatchObject({ wire: 'none', level: 'connect', host: 'us-central1-aiplatform.googleapis.com' });
    expect(warnings).toContainEqual(
      expect.stringContaining('has no vertex_credentials and no GOOGLE_APPLICATION_CREDENTIALS'),
    );
  });

  it.each([
    ['us-central1', 'https://us-central1-aiplatform.googleapis.com'],
    ['global', 'https://aiplatform.googleapis.com'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com'],
  ])('goes to the host of %s where no other is named', (location, host) => {
    const vertex_credentials = JSON.stringify({ type: 'service_account', client_email: EMAIL, project_id: 'p' });
    const params = { model: 'vertex_ai/gemini-2.5-flash', vertex_location: location, vertex_credentials };
    expect(cloudProber({ params }).target.apiBase).toBe(`${host}/v1/projects/p/locations/${location}`);
  });

  it.each([
    [json(200, { promptFeedback: { blockReason: 'SAFETY' } }), { kind: 'ok' }],
    [json(200, {}), { failure: { class: 'server' } }],
    [json(200, { error: { code: 503, message: 'overloaded' } }), { failure: { class: 'server' } }],
    [
      json(403, { error: { code: 403, message: 'denied', status: 'PERMISSION_DENIED' } }),
      { failure: { class: 'auth' } },
    ],
    [
      json(404, { error: { code: 404, message: 'no model', status: 'NOT_FOUND' } }),
      { failure: { class: 'not-found' } },
    ],
    [
      json(429, { error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED' } }),
      { failure: { class: 'overloaded' } },
    ],
  ])('that is answered %j is judged %j', async (answer, expected) => {
    const google = await startGoogle();
    google.answer = answer;
    const { outcome } = await vertexProber(google, { vertex_credentials: accountFile(google) }).probe();
    expect(outcome).toMatchObject(expected);
  });
});

describe('a login at Google that fails', () => {
  it.each([
    ['another key', { private_key: otherKey }, 'auth', /^login at 127.*Invalid JWT Signature/],
    ['another account', { client_email: 'other@x' }, 'auth', /Invalid issuer/],
    [
      'a key that is none',
      { private_key: 'not-a-key-0123456789' },
      'auth',
      /^login: the private_key of the service account cannot be used$/,
    ],
    ['a type that is not supported', { type: 'impersonated_service_account' }, 'auth', /is not supported$/],
    [
      'no token host',
      { token_uri: 'http://127.0.0.1:1/token' },
      'network',
      /^login at 127\.0\.0\.1:1: connect ECONNREFUSED/,
    ],
  ])('has the class of %s', async (_, changes, name, message) => {
    const google = await startGoogle();
    const { outcome } = await vertexProber(google, { vertex_credentials: accountFile(google, changes) }).probe();
    expect(outcome).toMatchObject({ failure: { class: name, message: expect.stringMatching(message) } });
  });

  it('is known before the start where the file cannot be read', () => {
    const params = { model: 'vertex_ai/gemini-2.5-flash', api_base: 'http://h', vertex_credentials: '/none' };
    const { target, warnings } = cloudProber({ params });
    expect(target.wire).toBe('none');
    expect(warnings).toContainEqual(expect.stringContaining('has a Google credential file that cannot be read'));
  });

  it('shows no secret and no token, whoever repeats them', async () => {
    const google = await startGoogle();
    const shown: string[] = [];
    const tell = async (probing: CloudProbing): Promise<void> => void shown.push(JSON.stringify(await probing.probe()));
    await tell(vertexProber(google, { vertex_credentials: accountFile(google, { private_key: otherKey }) }));
    const person = { type: 'authorized_user', client_id: 'the-client', client_secret: 'client-secret-0123456789' };
    const file = JSON.stringify({ ...person, refresh_token: `${REFRESH}x`, token_uri: `${google.url}/token` });
    const personal = { vertex_credentials: '/person.json', vertex_project: 'the-project' };
    await tell(vertexProber(google, personal, { files: { '/person.json': file } }));
    google.accepts = () => false;
    await tell(vertexProber(google, { vertex_credentials: accountFile(google) }));
    expect(shown).toEqual(shown.map(() => expect.stringContaining('***')));
    expect(shown.join('\n')).not.toMatch(/ya29|token-of-google|eyJ|PRIVATE KEY|refresh-token-of|client-secret/);
  });
});

describe('the identity of a target at Vertex AI', () => {
  it('is that of the account, wherever its file is and whatever its key', async () => {
    const google = await startGoogle();
    const idOf = (params: object, files: Record<string, string> = {}): string =>
      vertexProber(google, params, { files }).target.id;
    const one = idOf({ vertex_credentials: accountFile(google) });
    expect(
      idOf(
        { vertex_credentials: '/sa' },
        { '/sa': accountFile(google, { private_key_id: 'key-2', private_key: otherKey }) },
      ),
    ).toBe(one);
    expect(idOf({ vertex_credentials: accountFile(google, { client_email: 'other@x' }) })).not.toBe(one);
    expect(idOf({ vertex_credentials: accountFile(google), vertex_project: 'another' })).not.toBe(one);
  });
});
