import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { json, startStrictServer } from '../../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest } from '../../../support/strict-server.ts';
import { bearerOf, chatCompletion, message, newBehaviour, vendorOf } from './vendor.ts';
import type { Vendor } from './vendor.ts';

const EMAIL = 'gateway@the-project.iam.gserviceaccount.com';
const [right, other] = [newKeys(), newKeys()];
const PLACE = '/v1/projects/the-project/locations/europe-west4';
const models = { gemini: 'vertex_ai/gemini-2.5-flash', claude: 'vertex_ai/claude-sonnet-4-5@20250929' };

function newKeys(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Google's token host, which verifies the assertion of a service account, and Vertex AI. */
export async function startGoogle(model: keyof typeof models): Promise<Vendor> {
  const behaviour = newBehaviour();
  const given = new Map<string, number>();
  const secrets = [right, other].flatMap(({ privateKey }) => [privateKey, privateKey.split('\n')[3] ?? '']);
  const now = (): number => Date.now() + behaviour.skewMs;
  const server = await startStrictServer(async (request) => {
    if (request.path === '/token') {
      if (behaviour.login !== undefined) return await behaviour.login();
      const wrong = await wrongAssertion(request, `${server.url}/token`, now());
      if (wrong !== undefined) return json(400, { error: 'invalid_grant', error_description: wrong });
      const token = `ya29.${randomUUID()}`;
      given.set(token, now() + behaviour.lifeS * 1_000);
      secrets.push(token);
      return json(200, { access_token: token, expires_in: behaviour.lifeS, token_type: 'Bearer' });
    }
    const token = bearerOf(request);
    if (!((given.get(token) ?? 0) > now())) {
      const text = `Request had invalid authentication credentials: ${token}`;
      return json(401, [{ error: { code: 401, message: text, status: 'UNAUTHENTICATED' } }]);
    }
    return behaviour.answer?.(token) ?? vertex(request);
  });
  const account = {
    type: 'service_account',
    project_id: 'the-project',
    private_key_id: 'key-1',
    private_key: right.privateKey,
    client_email: EMAIL,
    token_uri: `${server.url}/token`,
  };
  const params = {
    model: models[model],
    api_base: server.url,
    vertex_location: 'europe-west4',
    vertex_credentials: JSON.stringify(account),
  };
  const wrong = { ...params, vertex_credentials: JSON.stringify({ ...account, private_key: other.privateKey }) };
  const refusal = [500, /^m: login at 127\.0\.0\.1:\d+: Invalid JWT: .*signature verification failed/] as const;
  const own = { params, wrong, refusal, env: {}, behaviour, secrets, given };
  return vendorOf(server, own, ({ path }) => path === '/token');
}

/** As RFC 7523 and Google's page on service accounts say. */
async function wrongAssertion({ body }: StrictRequest, audience: string, nowMs: number): Promise<string | undefined> {
  const form = Object.fromEntries(new URLSearchParams(body));
  if (form['grant_type'] !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'unsupported grant';
  try {
    const { payload, protectedHeader } = await jwtVerify(
      form['assertion'] ?? '',
      await importSPKI(right.publicKey, 'RS256'),
      {
        algorithms: ['RS256'],
        issuer: EMAIL,
        audience,
        currentDate: new Date(nowMs),
        clockTolerance: 5,
        maxTokenAge: 3_600,
        requiredClaims: ['iat', 'exp', 'scope'],
      },
    );
    const { iat = 0, exp = Infinity, scope } = payload;
    if (protectedHeader.kid !== 'key-1') return 'Invalid key id';
    if (exp - iat > 3_600) return 'Invalid JWT: Token must be a short-lived token (60 minutes)';
    return scope === 'https://www.googleapis.com/auth/cloud-platform' ? undefined : 'Invalid scope';
  } catch (error) {
    return `Invalid JWT: ${String(error)}: ${form['assertion']}`;
  }
}

function vertex(request: StrictRequest): StrictAnswer {
  const { method, path, query, headers, body } = request;
  if (method === 'POST' && query === '' && headers['content-type'] === 'application/json') {
    if (path === `${PLACE}/endpoints/openapi/chat/completions`) {
      return chatCompletion(request, 'google/gemini-2.5-flash');
    }
    const call = /^(.*)\/publishers\/anthropic\/models\/claude-sonnet-4-5@20250929:(rawPredict|streamRawPredict)$/.exec(
      path,
    );
    if (call?.[1] === PLACE) {
      const wrong = wrongClaudeBody(JSON.parse(body) as Record<string, unknown>, call[2] ?? '');
      if (wrong === undefined) return message(request);
      const error = { type: 'invalid_request_error', message: wrong };
      return json(400, { type: 'error', error });
    }
  }
  return json(404, [{ error: { code: 404, message: `${path} is not found`, status: 'NOT_FOUND' } }]);
}

/** The version stands in the body; the model stands in the path and nowhere else. */
function wrongClaudeBody(body: Readonly<Record<string, unknown>>, call: string): string | undefined {
  if (body['anthropic_version'] !== 'vertex-2023-10-16') return 'anthropic_version: Field required';
  if ('model' in body) return 'model: Extra inputs are not permitted';
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: Field required';
  if ((body['stream'] === true) !== (call === 'streamRawPredict')) return `stream: not with ${call}`;
  return undefined;
}
