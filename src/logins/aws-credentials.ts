import type { AwsLogin, AwsRole, AwsSource } from '../providers/index.ts';
import { askLoginHost, FORM, formText, malformed, unusable, whyUnreadable } from './ask-login-host.ts';
import { awsSignature } from './aws-signature.ts';
import { readProfile } from './aws-profile.ts';
import type { AwsKeys, Fetched, LoginFailure, LoginParts } from './types.ts';

type Found = Fetched<AwsKeys> | LoginFailure;

/** The keys of a login: those of its source, or of the role that it assumes with them. Never asks a metadata server. */
export async function awsCredentials(login: AwsLogin, parts: LoginParts, signal: AbortSignal): Promise<Found> {
  const base = await keysOf(login.source, { login, parts, signal, depth: 0 });
  if (base.kind !== 'fetched' || login.role === undefined) return base;
  return await assumeRole(login.role, base.value, { login, parts, signal, depth: 0 });
}

interface Asking {
  readonly login: AwsLogin;
  readonly parts: LoginParts;
  readonly signal: AbortSignal;
  /** Of profiles that name each other. */
  readonly depth: number;
}

/** As deep as anybody nests profiles; a ring must end. */
const MOST_PROFILES = 5;
/** Files may change at any time. */
const FILE_MS = 300_000;

async function keysOf(source: AwsSource, asking: Asking): Promise<Found> {
  switch (source.kind) {
    case 'keys': {
      const { kind: _kind, ...value } = source;
      return { kind: 'fetched', value };
    }
    case 'web-identity':
      return await byWebIdentity(source, asking);
    case 'profile':
      return await byProfile(source, asking);
  }
}

async function byProfile(source: Extract<AwsSource, { kind: 'profile' }>, asking: Asking): Promise<Found> {
  const { name } = source;
  const profile = readProfile(source, asking.parts.readFile);
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = profile;
  const { role_arn: arn, source_profile: from, web_identity_token_file: tokenFile, external_id: externalId } = profile;
  if (arn !== undefined) {
    const role = {
      arn,
      sessionName: profile['role_session_name'] ?? 'allswell',
      ...(externalId !== undefined && { externalId }),
    };
    if (tokenFile !== undefined) return await byWebIdentity({ kind: 'web-identity', tokenFile, role }, asking);
    if (from === undefined) return unusable(`AWS profile ${name} has a role_arn and no source_profile`);
    if (asking.depth >= MOST_PROFILES) return unusable(`AWS profile ${name} is nested too deeply`);
    // A profile may be its own source: its keys are then those beside the role.
    const isOwn = from === name && id !== undefined && secret !== undefined;
    const base = isOwn
      ? fromFile({ accessKeyId: id, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) })
      : await byProfile({ ...source, name: from }, { ...asking, depth: asking.depth + 1 });
    return base.kind === 'fetched' ? await assumeRole(role, base.value, asking) : base;
  }
  if (id === undefined || secret === undefined) return unusable(`AWS profile ${name} has no keys that can be used`);
  return fromFile({ accessKeyId: id, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) });
}

function fromFile(value: AwsKeys): Fetched<AwsKeys> {
  return { kind: 'fetched', value, lifeMs: FILE_MS };
}

const VERSION = '2011-06-15';
const SESSION_S = '3600';

async function byWebIdentity(
  { tokenFile, role }: Extract<AwsSource, { kind: 'web-identity' }>,
  asking: Asking,
): Promise<Found> {
  let token: string;
  try {
    token = asking.parts.readFile(tokenFile).trim();
  } catch (error) {
    return unusable(whyUnreadable(tokenFile, error));
  }
  const form = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: VERSION,
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    WebIdentityToken: token,
    DurationSeconds: SESSION_S,
  };
  return await askSts(form, undefined, asking);
}

async function assumeRole(role: AwsRole, keys: AwsKeys, asking: Asking): Promise<Found> {
  const form = {
    Action: 'AssumeRole',
    Version: VERSION,
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    DurationSeconds: SESSION_S,
    ...(role.externalId !== undefined && { ExternalId: role.externalId }),
  };
  return await askSts(form, keys, asking);
}

/** `keys` sign the request; with a token of web identity it needs no signature. */
async function askSts(
  form: Readonly<Record<string, string>>,
  keys: AwsKeys | undefined,
  asking: Asking,
): Promise<Found> {
  const { login, parts, signal } = asking;
  const url = new URL(`${login.stsEndpoint ?? stsOf(login.region)}/`);
  const request = { method: 'POST', url, contentType: FORM, body: formText(form) } as const;
  const scope = { region: login.region, service: 'sts', clock: parts.clock };
  const headers = keys === undefined ? {} : await awsSignature(request, keys, scope);
  // An answer in JSON is not documented for all of AWS' partitions.
  const answer = await askLoginHost({ url, form, headers: { ...headers, accept: 'text/xml' } }, parts, signal);
  if (answer.kind !== 'answered') return answer;
  const field = (name: string): string | undefined =>
    new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(answer.text)?.[1];
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(field);
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    return malformed(url, 'an answer without credentials', answer.latencyMs);
  }
  const lifeMs = Date.parse(field('Expiration') ?? '') - parts.clock.wallMs();
  const value = { accessKeyId, secretAccessKey, sessionToken };
  return { kind: 'fetched', value, lifeMs: lifeMs > 0 ? lifeMs : FILE_MS };
}

function stsOf(region: string): string {
  return `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
}
