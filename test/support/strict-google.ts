import { createVerify, generateKeyPairSync } from 'node:crypto';
import { cloudProber } from './cloud-prober.ts';
import type { CloudProbing, CloudSetup } from './cloud-prober.ts';
import { json, startStrictServer } from './strict-server.ts';
import type { StrictAnswer, StrictRequest, StrictServer } from './strict-server.ts';

/** Account whose signature this Google accepts. */
export const EMAIL: string = 'prober@the-project.iam.gserviceaccount.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
/** A private key that it does not accept. */
export const otherKey: string = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;
/** Token of another identity provider, and one of a person, that it accepts. */
export const SUBJECT: string = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2lnbmF0dXJl';
export const REFRESH: string = '1//refresh-token-of-a-person-0123456789';

/** Server, the tokens that it gave, and its answers. */
export interface Google extends StrictServer {
  readonly tokens: string[];
  accepts: (token: string) => boolean;
  answer: StrictAnswer | undefined;
}

/**
 * A strict Google: the token host verifies the service account's signature with its public key, and Vertex AI accepts the
 * tokens that it gave.
 */
export async function startGoogle(): Promise<Google> {
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

/** Text of the account's key file. */
export function accountFile(google: Google, changes: object = {}): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'the-project',
    private_key_id: 'key-1',
    private_key: privateKey,
    client_email: EMAIL,
    token_uri: `${google.url}/token`,
    ...changes,
  });
}

/** A prober of Vertex AI at this Google, with these parameters. */
export function vertexProber(google: Google, params: object, more: Omit<CloudSetup, 'params'> = {}): CloudProbing {
  const place = { api_base: google.url, vertex_location: 'europe-west4' };
  return cloudProber({ ...more, params: { model: 'vertex_ai/gemini-2.5-flash', ...place, ...params } });
}
