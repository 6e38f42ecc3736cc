import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../src/testing/index.ts';
import { cloudProber } from '../../support/cloud-prober.ts';
import type { CloudProbing, CloudSetup } from '../../support/cloud-prober.ts';
import { closingServers, json, startStrictServer } from '../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest, StrictServer } from '../../support/strict-server.ts';

// A strict Azure: Entra ID accepts one application with one proof, and the resource accepts the tokens that it gave.

closingServers();

const SECRET = 'S3cret~of-the-application-0123456789';
const ASSERTION = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJl';

interface Azure extends StrictServer {
  /** Tokens given. */
  readonly tokens: string[];
  /** Accepted by the resource; by default every token that was given. */
  accepts: (token: string) => boolean;
  /** Instead of the login host's answer. */
  login: StrictAnswer | undefined;
}

async function startAzure(): Promise<Azure> {
  const tokens: string[] = [];
  const server = await startStrictServer((request) =>
    request.path.includes('/oauth2/') ? (azure.login ?? entra(request, tokens)) : resource(request, azure),
  );
  const azure: Azure = { ...server, tokens, accepts: (token) => tokens.includes(token), login: undefined };
  return azure;
}

function entra({ method, path, headers, body }: StrictRequest, tokens: string[]): StrictAnswer {
  const form = Object.fromEntries(new URLSearchParams(body));
  const right =
    method === 'POST' &&
    path === '/the-tenant/oauth2/v2.0/token' &&
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true &&
    form['client_id'] === 'the-client' &&
    form['grant_type'] === 'client_credentials' &&
    form['scope'] === 'https://cognitiveservices.azure.com/.default' &&
    (form['client_secret'] === SECRET ||
      (form['client_assertion_type'] === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
        form['client_assertion'] === ASSERTION));
  if (!right) {
    const description = `AADSTS7000215: Invalid client secret provided: ${form['client_secret'] ?? form['client_assertion']}`;
    return json(401, { error: 'invalid_client', error_description: description });
  }
  tokens.push(`token-of-entra-number-${tokens.length + 1}`);
  return json(200, { token_type: 'Bearer', expires_in: 3_600, access_token: tokens.at(-1) });
}

function resource({ path, query, headers, body }: StrictRequest, azure: Azure): StrictAnswer {
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  if (headers['api-key'] !== undefined || !azure.accepts(token)) {
    return json(401, { error: { code: '401', message: `Access denied for ${headers['authorization']}` } });
  }
  const asked = JSON.parse(body) as { messages?: unknown; max_tokens?: number };
  const right = path === '/openai/deployments/ours/chat/completions' && query === 'api-version=2025-02-01-preview';
  if (!right || asked.messages === undefined || asked.max_tokens !== 16) return json(400, { error: { message: 'no' } });
  return json(200, {
    choices: [{ message: { content: '2' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 1 },
  });
}

const login = { tenant_id: 'the-tenant', client_id: 'the-client' };

function prober(azure: Azure, params: object, more: Omit<CloudSetup, 'params'> = {}): CloudProbing {
  const env = { AZURE_AUTHORITY_HOST: azure.url, ...more.env };
  return cloudProber({ ...more, env, params: { model: 'azure/ours', api_base: azure.url, ...params } });
}

const loginsAt = ({ requests }: Azure): number => requests.filter(({ path }) => path.includes('/oauth2/')).length;

describe('a probe of Azure without a key', () => {
  it.each([
    ['a client secret', { ...login, client_secret: SECRET }, {}],
    [
      'a client secret in the environment',
      {},
      { AZURE_TENANT_ID: 'the-tenant', AZURE_CLIENT_ID: 'the-client', AZURE_CLIENT_SECRET: SECRET },
    ],
    ['the token of a workload identity', login, { AZURE_FEDERATED_TOKEN_FILE: '/var/token' }],
    ['a token file that the parameters name', { ...login, azure_ad_token: 'oidc/file//var/token' }, {}],
    [
      'the source that LiteLLM calls oidc/azure',
      { ...login, azure_ad_token: 'oidc/azure/' },
      { AZURE_FEDERATED_TOKEN_FILE: '/var/token' },
    ],
  ] as const)('logs in by %s', async (_, params, env) => {
    const azure = await startAzure();
    const { probe, target, warnings } = prober(azure, params, { env, files: { '/var/token': `${ASSERTION}\n` } });
    expect(target).toMatchObject({ wire: 'azure', level: 'inference' });
    expect(warnings).toEqual([expect.stringContaining('master_key')]);
    expect(await probe()).toMatchObject({ outcome: { kind: 'ok' }, inputTokens: 9, outputTokens: 1 });
    expect(loginsAt(azure)).toBe(1);
  });

  it('sends a token that is given as it is, and asks no login host', async () => {
    const azure = await startAzure();
    azure.accepts = (token) => token === 'given-token';
    const { probe } = prober(azure, { azure_ad_token: 'given-token' });
    expect((await probe()).outcome).toEqual({ kind: 'ok' });
    expect(loginsAt(azure)).toBe(0);
  });

  it('shares one token among probes at the same time, and keeps it until shortly before its end', async () => {
    const azure = await startAzure();
    const clock = manualClock();
    const { probe } = prober(azure, { ...login, client_secret: SECRET }, { clock });
    expect(await Promise.all([probe(), probe(), probe()])).toMatchObject([
      { outcome: { kind: 'ok' } },
      { outcome: { kind: 'ok' } },
      { outcome: { kind: 'ok' } },
    ]);
    clock.advance(3_200_000);
    await probe();
    expect(loginsAt(azure)).toBe(1);
    clock.advance(200_000);
    await probe();
    expect(loginsAt(azure)).toBe(2);
  });

  it('goes on with a token that still lives while the login host fails', async () => {
    const azure = await startAzure();
    const clock = manualClock();
    const { probe } = prober(azure, { ...login, client_secret: SECRET }, { clock });
    await probe();
    azure.login = json(503, { error: 'temporarily_unavailable' });
    clock.advance(3_400_000);
    expect((await probe()).outcome).toEqual({ kind: 'ok' });
    clock.advance(250_000);
    expect((await probe()).outcome).toMatchObject({ kind: 'failed', failure: { class: 'server', status: 503 } });
  });

  it('fetches a new token after the resource refused the old one', async () => {
    const azure = await startAzure();
    const clock = manualClock();
    const { probe } = prober(azure, { ...login, client_secret: SECRET }, { clock });
    await probe();
    azure.accepts = (token) => token === azure.tokens[1];
    clock.advance(5_000);
    expect((await probe()).outcome).toMatchObject({ kind: 'failed', failure: { class: 'auth', status: 401 } });
    expect((await probe()).outcome).toEqual({ kind: 'ok' });
  });
});

describe('a login at Entra ID that fails', () => {
  it('is a refusal where the proof is wrong, and is not tried again at once', async () => {
    const azure = await startAzure();
    const { probe } = prober(azure, { ...login, client_secret: 'wrong-secret-0123456789' });
    const { outcome } = await probe();
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        class: 'auth',
        status: 401,
        message: expect.stringMatching(/^login at 127\.0\.0\.1:\d+: AADSTS7000215: /),
      },
    });
    await probe();
    expect(loginsAt(azure)).toBe(1);
    expect(azure.requests).toHaveLength(1);
  });

  it.each([
    [
      'an unknown tenant',
      json(400, { error: 'invalid_request', error_description: 'AADSTS90002: Tenant not found' }),
      'auth',
    ],
    ['no such path', json(404, {}), 'auth'],
    ['an overload', json(429, { error: 'slow down' }), 'overloaded'],
    ['a fault of its own', json(500, {}), 'server'],
    ['an answer without a token', json(200, {}), 'server'],
    ['no JSON', { status: 200, body: '<html>' }, 'server'],
  ])('has the class of %s', async (_, answer, name) => {
    const azure = await startAzure();
    azure.login = answer;
    const { probe } = prober(azure, { ...login, client_secret: SECRET });
    expect((await probe()).outcome).toMatchObject({
      failure: { class: name, message: expect.stringMatching(/^login at 127/) },
    });
  });

  it('is a network failure where the login host is not there', async () => {
    const azure = await startAzure();
    const { probe } = prober(
      azure,
      { ...login, client_secret: SECRET },
      { env: { AZURE_AUTHORITY_HOST: 'http://127.0.0.1:1' } },
    );
    expect((await probe()).outcome).toMatchObject({
      kind: 'failed',
      failure: { class: 'network', message: expect.stringContaining('login at 127.0.0.1:1: connect ECONNREFUSED') },
    });
  });

  it('is a refusal where the file of the token has gone', async () => {
    const azure = await startAzure();
    const { probe } = prober(azure, login, { env: { AZURE_FEDERATED_TOKEN_FILE: '/gone' } });
    expect((await probe()).outcome).toMatchObject({
      failure: { class: 'auth', message: 'login: cannot read /gone (ENOENT)' },
    });
  });

  it('shows no secret and no token, whoever repeats them', async () => {
    const azure = await startAzure();
    const shown: string[] = [];
    const tell = async (probing: CloudProbing): Promise<void> => void shown.push(JSON.stringify(await probing.probe()));
    await tell(prober(azure, { ...login, client_secret: `${SECRET}-wrong` }));
    await tell(
      prober(azure, login, { env: { AZURE_FEDERATED_TOKEN_FILE: '/t' }, files: { '/t': `${ASSERTION}wrong` } }),
    );
    azure.accepts = () => false;
    await tell(prober(azure, { ...login, client_secret: SECRET }));
    expect(shown).toEqual(shown.map(() => expect.stringContaining('***')));
    expect(shown.join('\n')).not.toMatch(/S3cret~of|token-of-entra|eyJhbGci/);
  });
});

describe('the identity of a target that logs in at Entra ID', () => {
  const idOf = (params: object): string => {
    return cloudProber({ params: { model: 'azure/ours', api_base: 'http://az', ...params } }).target.id;
  };

  it('is that of the application, whatever its proof', () => {
    const one = idOf({ ...login, client_secret: 'a' });
    expect(idOf({ ...login, client_secret: 'renewed' })).toBe(one);
    expect(idOf({ ...login, client_id: 'another', client_secret: 'a' })).not.toBe(one);
    expect(idOf({ azure_ad_token: 'a' })).toBe(idOf({ azure_ad_token: 'b' }));
  });
});
