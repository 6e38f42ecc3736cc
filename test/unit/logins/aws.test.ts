import { describe, expect, it } from 'vitest';
import { wrongSignature } from '../../support/check-sigv4.ts';
import type { SigningKey } from '../../support/check-sigv4.ts';
import { cloudProber } from '../../support/cloud-prober.ts';
import type { CloudProbing, CloudSetup } from '../../support/cloud-prober.ts';
import { closingServers, json, startStrictServer } from '../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest, StrictServer } from '../../support/strict-server.ts';

// A strict AWS: STS and Bedrock's runtime, which recompute every signature from what arrived.

closingServers();

const LONG: SigningKey = {
  accessKeyId: 'AKIDLONGLIVED0000001',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const GIVEN: SigningKey = {
  accessKeyId: 'ASIDGIVENSESSION0001',
  secretAccessKey: 'given/Secret+0123456789abcdefghijklmnopq',
  sessionToken: 'given-session-token//0123456789==',
};
const ROLE = 'arn:aws:iam::123456789012:role/prober';
const WEB_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2lnbmF0dXJl';
const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const REGION = 'eu-central-1';

interface Aws extends StrictServer {
  /** Keys that the runtime accepts: the long-lived one, and those that STS gave. */
  readonly keys: SigningKey[];
  answer: StrictAnswer | undefined;
  sts: StrictAnswer | undefined;
}

async function startAws(): Promise<Aws> {
  const keys: SigningKey[] = [LONG, GIVEN];
  const server = await startStrictServer((request) =>
    request.path === '/' ? (aws.sts ?? securityTokens(request, keys)) : runtime(request, aws),
  );
  const aws: Aws = { ...server, keys, answer: undefined, sts: undefined };
  return aws;
}

function securityTokens(request: StrictRequest, keys: SigningKey[]): StrictAnswer {
  const form = Object.fromEntries(new URLSearchParams(request.body));
  const error = (status: number, code: string): StrictAnswer => {
    const text = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code} for ${form['WebIdentityToken'] ?? request.headers['authorization']}</Message></Error></ErrorResponse>`;
    return { status, body: text, headers: { 'content-type': 'text/xml' } };
  };
  if (form['Version'] !== '2011-06-15' || form['RoleArn'] !== ROLE || form['RoleSessionName'] === undefined) {
    return error(400, 'ValidationError');
  }
  if (form['Action'] === 'AssumeRoleWithWebIdentity') {
    if (form['WebIdentityToken'] !== WEB_TOKEN) return error(400, 'InvalidIdentityToken');
  } else if (form['Action'] === 'AssumeRole') {
    const scope = { key: LONG, region: REGION, service: 'sts', nowMs: Date.now() };
    const wrong = wrongSignature(request, scope);
    if (wrong !== undefined) return error(403, wrong);
    if (form['ExternalId'] !== 'the-external-id') return error(403, 'AccessDenied');
  } else return error(400, 'InvalidAction');
  const at = keys.length;
  const key = {
    accessKeyId: `ASIDFROMSTS00000000${at}`,
    secretAccessKey: `from/sts+secret-${at}-0123456789`,
    sessionToken: `session-from-sts-${at}//+==`,
  };
  keys.push(key);
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  const body = `<${form['Action']}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${form['Action']}Result><Credentials>
    <AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey>
    <SessionToken>${key.sessionToken}</SessionToken><Expiration>${expiration}</Expiration>
  </Credentials></${form['Action']}Result></${form['Action']}Response>`;
  return { status: 200, body, headers: { 'content-type': 'text/xml' } };
}

function runtime(request: StrictRequest, aws: Aws): StrictAnswer {
  const refuse = (status: number, name: string, message: string): StrictAnswer => {
    return { ...json(status, { message }), headers: { 'x-amzn-errortype': name } };
  };
  const bearer = request.headers['authorization'] === 'Bearer bedrock-api-key-0123456789';
  const id = /Credential=([^/]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const key = aws.keys.find(({ accessKeyId }) => accessKeyId === id);
  const scope = { region: REGION, service: 'bedrock', nowMs: Date.now() };
  const wrong = key === undefined ? 'UnrecognizedClientException' : wrongSignature(request, { key, ...scope });
  if (!bearer && wrong !== undefined) {
    return refuse(
      403,
      wrong,
      `The security token is invalid: ${request.headers['authorization']} ${request.headers['x-amz-security-token']}`,
    );
  }
  if (aws.answer !== undefined) return aws.answer;
  return called(request) ?? refuse(400, 'ValidationException', 'The provided model identifier is invalid.');
}

/** What each call of the runtime demands of its body. */
function called({ method, path, headers, body }: StrictRequest): StrictAnswer | undefined {
  const asked = JSON.parse(body) as Record<string, unknown>;
  const keys = Object.keys(asked).toSorted().join();
  if (method !== 'POST' || headers['content-type'] !== 'application/json') return undefined;
  switch (path) {
    case `/model/${encodeURIComponent(MODEL)}/converse`:
    case `/model/${encodeURIComponent(`arn:aws:bedrock:${REGION}:123456789012:inference-profile/${MODEL}`)}/converse`:
      if (keys !== 'inferenceConfig,messages') return undefined;
      return json(200, {
        output: { message: { role: 'assistant', content: [{ text: '2' }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 14, outputTokens: 1, totalTokens: 15 },
      });
    case '/model/amazon.titan-embed-text-v2%3A0/invoke':
      return keys === 'inputText' ? json(200, { embedding: [0.1], inputTextTokenCount: 3 }) : undefined;
    case '/model/cohere.embed-english-v3/invoke':
      return keys === 'input_type,texts' ? json(200, { embeddings: [[0.1]] }) : undefined;
    default:
      return undefined;
  }
}

function prober(aws: Aws, params: object, more: Omit<CloudSetup, 'params'> = {}): CloudProbing {
  const places = { aws_bedrock_runtime_endpoint: aws.url, aws_sts_endpoint: aws.url, aws_region_name: REGION };
  return cloudProber({ ...more, params: { model: `bedrock/${MODEL}`, ...places, ...params } });
}

const inFile = { aws_access_key_id: LONG.accessKeyId, aws_secret_access_key: LONG.secretAccessKey };
const session = {
  aws_access_key_id: GIVEN.accessKeyId,
  aws_secret_access_key: GIVEN.secretAccessKey,
  aws_session_token: GIVEN.sessionToken,
};
const upper = (params: object): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toUpperCase(), String(value)]));
const files = {
  '/home/.aws/credentials': `[default]\naws_access_key_id = other\naws_secret_access_key = other\n\n[ours]\naws_access_key_id = ${LONG.accessKeyId}\naws_secret_access_key=${LONG.secretAccessKey}\n`,
  '/home/.aws/config': `[profile ours]\nregion = ${REGION}\n[profile chained]\nrole_arn = ${ROLE}\nsource_profile = ours\nexternal_id = the-external-id\n[profile web]\nrole_arn = ${ROLE}\nweb_identity_token_file = /var/token\n`,
  '/var/token': `${WEB_TOKEN}\n`,
};
const HOME = { HOME: '/home' };
const POD = { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/token', AWS_ROLE_ARN: ROLE };

describe('a probe of Bedrock', () => {
  it.each([
    ['keys in the file', inFile, {}, 0],
    ['keys of a session in the file', session, {}, 0],
    ['keys in the environment', {}, upper(inFile), 0],
    ['keys of a session in the environment', {}, upper(session), 0],
    ['a profile', { aws_profile_name: 'ours' }, HOME, 0],
    ['the profile of the environment', {}, { ...HOME, AWS_PROFILE: 'ours' }, 0],
    ['a profile with a role', { aws_profile_name: 'chained' }, HOME, 1],
    ['a profile with a web identity', { aws_profile_name: 'web' }, HOME, 1],
    ['a role that is assumed', { ...inFile, aws_role_name: ROLE, aws_external_id: 'the-external-id' }, {}, 1],
    ["a pod's web identity", {}, POD, 1],
    ["a pod's web identity for the role that it has anyway", { aws_role_name: ROLE }, POD, 1],
    ['a web identity in the file', { aws_role_name: ROLE, aws_web_identity_token: 'oidc/file//var/token' }, {}, 1],
    ['an API key of Bedrock', { api_key: 'bedrock-api-key-0123456789' }, {}, 0],
    ['an API key in the environment', {}, { AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key-0123456789' }, 0],
  ] as const)('logs in by %s', async (_, params, env, logins) => {
    const aws = await startAws();
    const { probe, target } = prober(aws, params, { env, files });
    expect(target).toMatchObject({ wire: 'bedrock', level: 'inference', region: REGION });
    expect(await probe()).toMatchObject({ outcome: { kind: 'ok' }, inputTokens: 14, outputTokens: 1 });
    await probe();
    expect(aws.requests.filter(({ path }) => path === '/')).toHaveLength(logins);
  });

  it.each([
    [`bedrock/converse/${MODEL}`, {}],
    [`bedrock/${REGION}/${MODEL}`, { aws_region_name: undefined }],
    [`bedrock/arn:aws:bedrock:${REGION}:123456789012:inference-profile/${MODEL}`, { aws_region_name: undefined }],
    ['bedrock/anything', { model_id: `arn:aws:bedrock:${REGION}:123456789012:inference-profile/${MODEL}` }],
    ['bedrock/amazon.titan-embed-text-v2:0', {}],
    ['bedrock/cohere.embed-english-v3', {}],
  ])('asks for %s what its API demands', async (model, params) => {
    const aws = await startAws();
    const { probe } = prober(aws, { ...inFile, model, ...params });
    expect((await probe()).outcome).toEqual({ kind: 'ok' });
  });

  it('is priced like the model that it asks', async () => {
    const aws = await startAws();
    const { costUsd } = await prober(aws, inFile).probe();
    expect(costUsd).toBeGreaterThan(0);
  });

  it.each([
    [403, 'AccessDeniedException', 'You are not authorized', 'auth'],
    [404, 'ResourceNotFoundException', 'Model not found', 'not-found'],
    [400, 'ValidationException', 'The provided model identifier is invalid.', 'not-found'],
    [400, 'ValidationException', 'Malformed input request', 'bad-probe'],
    [429, 'ThrottlingException', 'Too many requests', 'overloaded'],
    [424, 'ModelErrorException', 'The model failed', 'server'],
    [408, 'ModelTimeoutException', 'Timed out', 'timeout'],
    [500, 'InternalServerException', 'Oops', 'server'],
  ])('that is answered %i %s: %s is of class %s', async (status, name, message, expected) => {
    const aws = await startAws();
    aws.answer = { ...json(status, { message }), headers: { 'x-amzn-errortype': name } };
    expect((await prober(aws, inFile).probe()).outcome).toMatchObject({ failure: { class: expected, message } });
  });

  it.each([
    ['{}', 'answer without a message'],
    ['', 'empty body'],
  ])('whose answer is %j proves nothing', async (body, why) => {
    const aws = await startAws();
    aws.answer = { status: 200, body };
    const { outcome } = await prober(aws, inFile).probe();
    expect(outcome).toMatchObject({ failure: { class: 'server', message: expect.stringContaining(why) } });
  });
});

describe('a login at AWS that fails', () => {
  it('is refused by the runtime where the secret is wrong', async () => {
    const aws = await startAws();
    const { probe } = prober(aws, { ...inFile, aws_secret_access_key: `${LONG.secretAccessKey}x` });
    expect((await probe()).outcome).toMatchObject({ failure: { class: 'auth', status: 403 } });
  });

  it.each([
    ['a role that may not be assumed', { ...inFile, aws_role_name: ROLE }, {}, 'auth', /^login at 127.*AccessDenied/],
    ['a profile that is not there', { aws_profile_name: 'none' }, HOME, 'auth', /^login: AWS profile none has no keys/],
    [
      'a token file that is gone',
      {},
      { ...POD, AWS_WEB_IDENTITY_TOKEN_FILE: '/gone' },
      'auth',
      /^login: cannot read \/gone \(ENOENT\)$/,
    ],
    [
      'no STS',
      { aws_sts_endpoint: 'http://127.0.0.1:1' },
      POD,
      'network',
      /^login at 127\.0\.0\.1:1: connect ECONNREFUSED/,
    ],
  ] as const)('has the class of %s', async (_, params, env, name, message) => {
    const aws = await startAws();
    const { outcome } = await prober(aws, params, { env, files }).probe();
    expect(outcome).toMatchObject({ failure: { class: name, message: expect.stringMatching(message) } });
  });

  it('is a fault of STS where it answers something else', async () => {
    const aws = await startAws();
    aws.sts = { status: 200, body: '<html>' };
    expect((await prober(aws, {}, { env: POD, files }).probe()).outcome).toMatchObject({
      failure: { class: 'server', message: expect.stringContaining('an answer without credentials') },
    });
  });

  it('shows no secret, whoever repeats them', async () => {
    const aws = await startAws();
    const shown: string[] = [];
    const tell = async (probing: CloudProbing): Promise<void> => void shown.push(JSON.stringify(await probing.probe()));
    await tell(prober(aws, { ...session, aws_secret_access_key: `${GIVEN.secretAccessKey}x` }));
    await tell(prober(aws, {}, { env: POD, files: { '/var/token': `${WEB_TOKEN}x` } }));
    const working = prober(aws, {}, { env: POD, files });
    await working.probe();
    // It was valid, and no longer is: the runtime repeats what STS gave.
    aws.keys.pop();
    await tell(working);
    expect(shown).toEqual(shown.map(() => expect.stringContaining('***')));
    expect(shown.join('\n')).not.toMatch(/given-session|given\/Secret|eyJhbGci|session-from-sts|from\/sts\+secret/);
  });

  it('never asks for instance metadata: without credentials nothing is sent', () => {
    const { target, warnings } = cloudProber({ params: { model: `bedrock/${MODEL}`, aws_region_name: REGION } });
    expect(target).toMatchObject({ wire: 'none', level: 'connect' });
    expect(warnings).toContainEqual(expect.stringContaining('has no credentials of AWS that allswell can use'));
  });
});

describe('the identity of a target at Bedrock', () => {
  const idOf = (params: object, env: Record<string, string> = {}): string =>
    cloudProber({ params: { model: `bedrock/${MODEL}`, aws_region_name: REGION, ...params }, env, files }).target.id;

  it('is that of a role or of a long-lived key, and not of what is renewed', () => {
    expect(idOf(session)).toBe(idOf({ ...session, aws_session_token: 'renewed', aws_access_key_id: 'ASIDRENEWED' }));
    expect(idOf({}, POD)).toBe(idOf({}, { ...POD, AWS_WEB_IDENTITY_TOKEN_FILE: '/elsewhere' }));
    expect(idOf({}, POD)).not.toBe(idOf({}, { ...POD, AWS_ROLE_ARN: `${ROLE}-2` }));
    expect(idOf(inFile)).not.toBe(idOf({ ...inFile, aws_access_key_id: 'AKIDOTHER' }));
    expect(idOf(inFile)).not.toBe(idOf({ ...inFile, aws_region_name: 'us-east-1' }));
  });
});
