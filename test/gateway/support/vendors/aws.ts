import { randomUUID } from 'node:crypto';
import { wrongSignature } from '../../../support/check-sigv4.ts';
import type { SigningKey } from '../../../support/check-sigv4.ts';
import { json, startStrictServer } from '../../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest } from '../../../support/strict-server.ts';
import { chunkFrame } from './aws-frames.ts';
import { bearerOf, chatCompletion, messageFor, newBehaviour, vendorOf } from './vendor.ts';
import type { Vendor, VendorBehaviour } from './vendor.ts';

const LONG: SigningKey = {
  accessKeyId: 'AKIDLONGLIVED0000001',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const API_KEY = 'bedrock-api-key-0123456789';
const WRONG = 'other/secret+0123456789';
const ROLE = 'arn:aws:iam::123456789012:role/gateway';
const REGION = 'eu-central-1';
const MODEL = 'openai.gpt-oss-120b-1:0';
export const CLAUDE: string = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

const refusals: Readonly<Record<'keys' | 'role' | 'api-key', Vendor['refusal']>> = {
  keys: [403, /^The request signature we calculated does not match/],
  'api-key': [403, /^The security token is invalid/],
  role: [500, /^m: login at 127\.0\.0\.1:\d+: InvalidSignatureException: signature/],
};

interface Aws {
  readonly behaviour: VendorBehaviour;
  readonly keys: Map<string, SigningKey>;
  readonly secrets: string[];
  readonly given: Map<string, number>;
  readonly now: () => number;
}

/** STS and Bedrock's runtime, which recompute every signature from the bytes that arrived. */
export async function startAws(how: 'keys' | 'role' | 'api-key', model: string = MODEL): Promise<Vendor> {
  const behaviour = newBehaviour();
  const aws: Aws = {
    behaviour,
    keys: new Map([[LONG.accessKeyId, LONG]]),
    secrets: [LONG.secretAccessKey, API_KEY, WRONG],
    given: new Map(),
    now: () => Date.now() + behaviour.skewMs,
  };
  const server = await startStrictServer(async (request) => {
    if (request.path !== '/') return runtime(request, aws);
    return behaviour.login === undefined ? securityTokens(request, aws) : await behaviour.login();
  });
  const keys = { aws_access_key_id: LONG.accessKeyId, aws_secret_access_key: LONG.secretAccessKey };
  const login = how === 'api-key' ? { api_key: API_KEY } : how === 'keys' ? keys : { ...keys, aws_role_name: ROLE };
  const place = { aws_bedrock_runtime_endpoint: server.url, aws_sts_endpoint: server.url, aws_region_name: REGION };
  const params = { model: `bedrock/${model}`, ...place, ...login };
  const wrong = { ...params, ...(how === 'api-key' ? { api_key: WRONG } : { aws_secret_access_key: WRONG }) };
  const { secrets, given } = aws;
  const own = { params, wrong, refusal: refusals[how], env: {}, behaviour, secrets, given };
  return vendorOf(server, own, ({ path }) => path === '/');
}

function securityTokens(request: StrictRequest, { keys, secrets, given, behaviour, now }: Aws): StrictAnswer {
  const form = Object.fromEntries(new URLSearchParams(request.body));
  const error = (status: number, code: string): StrictAnswer => {
    const text = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}: ${request.headers['authorization']}</Message></Error></ErrorResponse>`;
    return { status, body: text, headers: { 'content-type': 'text/xml' } };
  };
  const wrong = wrongSignature(request, { key: LONG, region: REGION, service: 'sts', nowMs: now() });
  if (wrong !== undefined) return error(403, wrong);
  if (form['Action'] !== 'AssumeRole' || form['Version'] !== '2011-06-15' || form['RoleArn'] !== ROLE) {
    return error(403, 'AccessDenied');
  }
  const key = {
    accessKeyId: `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`,
    secretAccessKey: `from/sts+${randomUUID()}`,
    sessionToken: `session//${randomUUID()}==`,
  };
  const endsMs = now() + behaviour.lifeS * 1_000;
  keys.set(key.accessKeyId, key);
  given.set(key.accessKeyId, endsMs);
  secrets.push(key.secretAccessKey, key.sessionToken);
  const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
    <AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey>
    <SessionToken>${key.sessionToken}</SessionToken><Expiration>${new Date(endsMs).toISOString()}</Expiration>
  </Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  return { status: 200, body, headers: { 'content-type': 'text/xml' } };
}

function runtime(request: StrictRequest, { behaviour, keys, given, now }: Aws): StrictAnswer {
  const { method, path, headers } = request;
  const refuse = (status: number, name: string, text: string): StrictAnswer => ({
    ...json(status, { message: text }),
    headers: { 'x-amzn-errortype': name },
  });
  const session = headers['x-amz-security-token'] ?? '';
  const wrong = bearerOf(request) === API_KEY ? undefined : wrongLogin(request, { keys, given, now });
  if (wrong !== undefined) return refuse(403, wrong, `${said[wrong] ?? 'The security token is invalid.'} ${session}`);
  if (headers['content-type'] !== 'application/json') return refuse(400, 'ValidationException', 'no JSON');
  const isClaude = path.startsWith(`/model/${encodeURIComponent(CLAUDE)}/invoke`);
  if (method !== 'POST' || (path !== '/openai/v1/chat/completions' && !isClaude)) {
    return refuse(404, 'UnknownOperationException', 'Unknown operation');
  }
  const own = behaviour.answer?.(session || bearerOf(request));
  if (own !== undefined) return own;
  if (!isClaude) {
    const asked = JSON.parse(request.body) as { model?: string };
    if (asked.model === MODEL) return chatCompletion(request, MODEL);
    return refuse(400, 'ValidationException', 'The provided model identifier is invalid.');
  }
  const wrongBody = wrongClaudeBody(JSON.parse(request.body) as Record<string, unknown>);
  if (wrongBody !== undefined) return refuse(400, 'ValidationException', wrongBody);
  const { answer, events } = messageFor(request);
  if (path.endsWith('/invoke')) return json(200, answer);
  // Cut anywhere: the borders of a connection's parts are not those of its messages.
  const bytes = Buffer.concat(events.map(chunkFrame));
  const parts = [bytes.subarray(0, 7), bytes.subarray(7, 300), bytes.subarray(300)];
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: parts };
}

/** The model is in the path, and whether to stream. */
function wrongClaudeBody(body: Readonly<Record<string, unknown>>): string | undefined {
  if (body['anthropic_version'] !== 'bedrock-2023-05-31') return 'anthropic_version: Field required';
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: Field required';
  const extra = ['model', 'stream'].find((name) => name in body);
  return extra === undefined ? undefined : `${extra}: Extra inputs are not permitted`;
}

/** AWS' words. */
const said: Readonly<Record<string, string>> = {
  'InvalidSignatureException: time': 'Signature expired: 20261130T120000Z is now earlier than 20261130T121500Z',
  'InvalidSignatureException: signature':
    'The request signature we calculated does not match the signature you provided.',
  ExpiredTokenException: 'The security token included in the request is expired',
};

function wrongLogin(
  request: StrictRequest,
  { keys, given, now }: Pick<Aws, 'keys' | 'given' | 'now'>,
): string | undefined {
  const id = /Credential=([^/]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
  const key = keys.get(id);
  if (key === undefined) return 'UnrecognizedClientException';
  const isSession = key.sessionToken !== undefined;
  if (isSession && !((given.get(id) ?? 0) > now())) return 'ExpiredTokenException';
  return wrongSignature(request, { key, region: REGION, service: 'bedrock', nowMs: now() });
}
