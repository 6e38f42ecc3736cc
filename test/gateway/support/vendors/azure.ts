import { randomUUID } from 'node:crypto';
import { json, startStrictServer } from '../../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest } from '../../../support/strict-server.ts';
import { bearerOf, chatCompletion, newBehaviour, vendorOf } from './vendor.ts';
import type { Vendor } from './vendor.ts';

const SECRET = 'S3cret~of-the-application-0123456789';
const GIVEN = 'token-of-a-person-0123456789';
const WRONG = 'other~of-the-application-0123456789';
const REFUSED: Vendor['refusal'] = [401, /^Access token is missing, invalid/];
const LOGIN_REFUSED: Vendor['refusal'] = [500, /^m: login at 127\.0\.0\.1:\d+: AADSTS7000215: Invalid client secret/];
const LOGIN_PATH = '/the-tenant/oauth2/v2.0/token';

/** Azure OpenAI behind Entra ID: with a client secret, or with a token that the file has. */
export async function startAzure(how: 'entra' | 'token'): Promise<Vendor> {
  const behaviour = newBehaviour();
  const given = new Map<string, number>(how === 'token' ? [[GIVEN, Infinity]] : []);
  const secrets = [SECRET, GIVEN, WRONG];
  const now = (): number => Date.now() + behaviour.skewMs;
  const server = await startStrictServer(async (request) => {
    if (request.path.includes('/oauth2/')) {
      if (behaviour.login !== undefined) return await behaviour.login();
      const wrong = wrongForm(request);
      if (wrong !== undefined) return wrong;
      const token = `entra-token-${randomUUID()}`;
      given.set(token, now() + behaviour.lifeS * 1_000);
      secrets.push(token);
      return json(200, { token_type: 'Bearer', expires_in: behaviour.lifeS, access_token: token });
    }
    const token = bearerOf(request);
    const { method, path, query, headers } = request;
    if (headers['api-key'] !== undefined || !((given.get(token) ?? 0) > now())) {
      const message = `Access token is missing, invalid, audience is incorrect, or have expired: ${token}`;
      return json(401, { error: { code: 'Unauthorized', message } });
    }
    const right = path === '/openai/deployments/ours/chat/completions' && query === 'api-version=2024-10-21';
    if (method !== 'POST' || !right) return json(404, { error: { code: '404', message: 'Resource not found' } });
    return behaviour.answer?.(token) ?? chatCompletion(request, undefined);
  });
  const login =
    how === 'token'
      ? { azure_ad_token: GIVEN }
      : { tenant_id: 'the-tenant', client_id: 'the-client', client_secret: SECRET };
  const params = { model: 'azure/ours', api_base: server.url, api_version: '2024-10-21', ...login };
  const own = {
    params,
    wrong: { ...params, [how === 'token' ? 'azure_ad_token' : 'client_secret']: WRONG },
    refusal: how === 'token' ? REFUSED : LOGIN_REFUSED,
    env: { AZURE_AUTHORITY_HOST: server.url },
    behaviour,
    secrets,
    given,
  };
  return vendorOf(server, own, ({ path }) => path.includes('/oauth2/'));
}

function wrongForm({ method, path, headers, body }: StrictRequest): StrictAnswer | undefined {
  const form = Object.fromEntries(new URLSearchParams(body));
  const right =
    method === 'POST' &&
    path === LOGIN_PATH &&
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true &&
    form['client_id'] === 'the-client' &&
    form['grant_type'] === 'client_credentials' &&
    form['scope'] === 'https://cognitiveservices.azure.com/.default' &&
    form['client_secret'] === SECRET;
  if (right) return undefined;
  const description = `AADSTS7000215: Invalid client secret provided: ${form['client_secret']}`;
  return json(401, { error: 'invalid_client', error_description: description });
}
