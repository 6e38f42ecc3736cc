import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cloudProber } from '../../support/cloud-prober.ts';
import type { CloudProbing, CloudSetup } from '../../support/cloud-prober.ts';
import { closingServers, json, startStrictServer } from '../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest, StrictServer } from '../../support/strict-server.ts';

// A strict Google: the token host verifies the service account's signature with its public key, and Vertex AI accepts the
// tokens that it gave.

closingServers();

const EMAIL = 'prober@the-project.iam.gserviceaccount.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const SUBJECT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2lnbmF0dXJl';
const REFRESH = '1//refresh-token-of-a-person-0123456789';

interface Google extends StrictServer {
  readonly tokens: string[];
  accepts: (token: string) => boolean;
  answer: StrictAnswer | undefined;
}

async function startGoogle(): Promise<Google> {
  const tokens: string[] = [];
  const server = await startStrictServer((request) =>
    request.path === '/token' ? tokenHost(request, google) : vertex(request, google),
  );
  const google: Google = { ...server, tokens, accepts: (token) => tokens.includes(token), answer: undefined };
  return google;
}

function tokenHost({ body }: StrictRequest, { tokens, url }: Google): StrictAnswer {
  const form = Object.fromEntries(new URLSearchParams(body));
  const wrong = wrongGrant(form, `${url}/token`);
  if (wrong !== undefined) {
    const given = form['assertion'] ?? form['refresh_token'] ?? form['subject_token'];
    return json(400, { error: 'invalid_grant', error_description: `${wrong}: ${given}` });
  }
  tokens.push(`ya29.token-of-google-number-${tokens.length + 1}`);
  return json(200, { access_token: tokens.at(-1), expires_in: 3_599, token_type: 'Bearer' });
}

function wrongGrant(form: Readonly<Record<string, string>>, audience: string): string | undefined {
  switch (form['grant_type']) {
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return wrongAssertion(form['assertion'] ?? '', audience);
    case 'refresh_token': {
      const right = form['client_id'] === 'the-client' && form['client_secret'] === 'client-secret-0123456789';
      return right && form['refresh_token'] === REFRESH ? undefined : 'Bad Request';
    }
    case 'urn:ietf:params:oauth:grant-type:token-exchange': {
      const right =
        form['audience'] === '//iam.googleapis.com/the-pool' &&
        form['subject_token_type'] === 'urn:ietf:params:oauth:token-type:jwt' &&
        form['requested_token_type'] === 'urn:ietf:params:oauth:token-type:access_token';
      return right && form['subject_token'] === SUBJECT ? undefined : 'Invalid token';
    }
    default:
      return 'unsupported grant';
  }
}

/** As RFC 7523 and Google's page on service accounts say. */
function wrongAssertion(assertion: string, audience: string): string | undefined {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  const { alg, kid } = read(head);
  const { iss, aud, scope, iat, exp } = read(claims);
  if (alg !== 'RS256' || kid !== 'key-1') return 'Invalid header';
  const verified = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
  if (!verified) return 'Invalid JWT Signature';
  if (iss !== EMAIL || aud !== audience) return 'Invalid issuer or audience';
  if (scope !== 'https://www.googleapis.com/auth/cloud-platform') return 'Invalid scope';
  const nowS = Date.now() / 1_000;
  const right = Number(iat) <= nowS + 1 && Number(exp) > nowS && Number(exp) - Number(iat) <= 3_600;
  return right ? undefined : 'Invalid times';
}

const PLACE = '/v1/projects/the-project/locations/europe-west4/publishers';

function vertex({ method, path, headers, body }: StrictRequest, google: Google): StrictAnswer {
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  if (!google.accepts(token)) {
    const message = `Request had invalid authentication credentials: ${headers['authorization']}`;
    return json(401, { error: { code: 401, message, status: 'UNAUTHENTICATED' } });
  }
  if (google.answer !== undefined) return google.answer;
  const keys = Object.keys(JSON.parse(body) as object)
    .toSorted()
    .join();
  switch (`${method} ${path} ${keys}`) {
    case `POST ${PLACE}/google/models/gemini-2.5-flash:generateContent contents,generationConfig`:
      return json(200, {
        candidates: [{ finishReason: 'MAX_TOKENS' }],
        usageMetadata: { promptTokenCount: 8, thoughtsTokenCount: 13, totalTokenCount: 21 },
      });
    case `POST ${PLACE}/google/models/text-embedding-005:predict instances`:
      return json(200, { predictions: [{ embeddings: { values: [0.1], statistics: { token_count: 4 } } }] });
    case `POST ${PLACE}/anthropic/models/claude-sonnet-4-5@20250929:rawPredict anthropic_version,max_tokens,messages`:
      return json(200, { content: [{ type: 'text', text: '2' }], usage: { input_tokens: 8, output_tokens: 1 } });
    default:
      return json(404, { error: { code: 404, message: `${path} is not found`, status: 'NOT_FOUND' } });
  }
}

const accountFile = (google: Google, changes: object = {}): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'the-project',
    private_key_id: 'key-1',
    private_key: privateKey,
    client_email: EMAIL,
    token_uri: `${google.url}/token`,
    ...changes,
  });

function prober(google: Google, params: object, more: Omit<CloudSetup, 'params'> = {}): CloudProbing {
  const place = { api_base: google.url, vertex_location: 'europe-west4' };
  return cloudProber({ ...more, params: { model: 'vertex_ai/gemini-2.5-flash', ...place, ...params } });
}

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
    const { probe, target } = prober(google, params, { env, files });
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
    const { probe } = prober(google, { model, vertex_credentials: accountFile(google) });
    expect(await probe()).toMatchObject({ outcome: { kind: 'ok' }, ...found });
  });

  it("logs in at an endpoint of the customer's own, which takes OpenAI's format", async () => {
    const google = await startGoogle();
    google.answer = json(200, { choices: [{ message: { content: '2' }, finish_reason: 'stop' }] });
    const api_base = `${google.url}/v1/projects/the-project/locations/l/endpoints/openapi`;
    const { probe, target } = prober(google, {
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
    const { outcome } = await prober(google, { vertex_credentials: accountFile(google) }).probe();
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
    const { outcome } = await prober(google, { vertex_credentials: accountFile(google, changes) }).probe();
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
    await tell(prober(google, { vertex_credentials: accountFile(google, { private_key: otherKey }) }));
    const person = { type: 'authorized_user', client_id: 'the-client', client_secret: 'client-secret-0123456789' };
    const file = JSON.stringify({ ...person, refresh_token: `${REFRESH}x`, token_uri: `${google.url}/token` });
    const personal = { vertex_credentials: '/person.json', vertex_project: 'the-project' };
    await tell(prober(google, personal, { files: { '/person.json': file } }));
    google.accepts = () => false;
    await tell(prober(google, { vertex_credentials: accountFile(google) }));
    expect(shown).toEqual(shown.map(() => expect.stringContaining('***')));
    expect(shown.join('\n')).not.toMatch(/ya29|token-of-google|eyJ|PRIVATE KEY|refresh-token-of|client-secret/);
  });
});

describe('the identity of a target at Vertex AI', () => {
  it('is that of the account, wherever its file is and whatever its key', async () => {
    const google = await startGoogle();
    const idOf = (params: object, files: Record<string, string> = {}): string =>
      prober(google, params, { files }).target.id;
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
