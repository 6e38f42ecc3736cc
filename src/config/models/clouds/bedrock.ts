import { bedrock, type AwsLogin, type AwsRole, type AwsSource } from '../../../providers/index.ts';
import type { UpstreamParams } from '../../schema/index.ts';
import type { Env } from '../../types.ts';
import { setting, tokenFileOf, type CloudCall, type CloudInput } from './cloud.ts';

/** Bedrock's runtime: chat by Converse, embeddings by InvokeModel. */
export function bedrockCall({ model: named, mode, params, apiKey, env }: CloudInput): CloudCall {
  const parts = named.split('/');
  const inPath = regions.test(parts[0] ?? '') ? parts.shift() : undefined;
  const model = parts.join('/');
  const called = params.model_id ?? model;
  const region =
    params.aws_region_name ??
    inPath ??
    regionOfArn(called) ??
    setting(params.region_name, env, 'AWS_REGION_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION') ??
    DEFAULT_REGION;
  const place = {
    apiBase: params.aws_bedrock_runtime_endpoint ?? `https://bedrock-runtime.${region}.${suffixOf(region)}`,
    model: called,
    region,
  };
  if (!isAskable(called, model, mode)) return { ...place, wire: 'none' };
  if (apiKey !== undefined) return place;
  const found = sourceOf({ params, env });
  if (found === undefined) return { ...place, wire: 'none', why: 'has no credentials of AWS that allswell can use' };
  const stsEndpoint = setting(params.aws_sts_endpoint, env, 'AWS_STS_ENDPOINT')?.replace(/\/+$/, '');
  return {
    ...place,
    login: { kind: 'aws', region, service: 'bedrock', ...found, ...(stsEndpoint !== undefined && { stsEndpoint }) },
  };
}

/** LiteLLM's. */
const DEFAULT_REGION = 'us-west-2';
const regions = /^[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d$/;

/** Other words before a name are routes of LiteLLM to other APIs; an ARN has slashes of its own. */
function isAskable(called: string, model: string, mode: string): boolean {
  if (!called.startsWith('arn:') && called.includes('/')) return false;
  return mode !== 'embedding' || bedrock.embeddingFamily(model) !== undefined;
}

function regionOfArn(model: string): string | undefined {
  const region = /^arn:[^:]+:bedrock:([^:]+):/.exec(model)?.[1];
  return region === '' ? undefined : region;
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

interface Sources {
  readonly params: UpstreamParams;
  readonly env: Env;
}

/** In boto3's order, with LiteLLM's parameters before it. Instance metadata is never asked. */
function sourceOf({ params, env }: Sources): Pick<AwsLogin, 'source' | 'role'> | undefined {
  const role = roleOf({ params, env });
  const reference = setting(params.aws_web_identity_token, env, 'AWS_WEB_IDENTITY_TOKEN');
  if (reference !== undefined) {
    const tokenFile = tokenFileOf(reference, env);
    return role === undefined || tokenFile === undefined
      ? undefined
      : { source: { kind: 'web-identity', tokenFile, role } };
  }
  const source = ambientSource({ params, env });
  if (source === undefined || role === undefined) return source && { source };
  // Kubernetes already gives this role.
  return source.kind === 'web-identity' && source.role.arn === role.arn ? { source } : { source, role };
}

function roleOf({ params, env }: Sources): AwsRole | undefined {
  const arn = setting(params.aws_role_name, env, 'AWS_ROLE_NAME');
  if (arn === undefined) return undefined;
  const externalId = setting(params.aws_external_id, env, 'AWS_EXTERNAL_ID');
  return {
    arn,
    sessionName: setting(params.aws_session_name, env, 'AWS_SESSION_NAME') ?? 'allswell',
    ...(externalId !== undefined && { externalId }),
  };
}

function ambientSource({ params, env }: Sources): AwsSource | undefined {
  const named = params.aws_profile_name ?? env['AWS_PROFILE_NAME'];
  if (named !== undefined && named !== '') return profile(named, env);
  const accessKeyId = setting(params.aws_access_key_id, env, 'AWS_ACCESS_KEY_ID');
  const secretAccessKey = setting(params.aws_secret_access_key, env, 'AWS_SECRET_ACCESS_KEY');
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    // A session of the environment belongs to the keys of the environment.
    const own = params.aws_access_key_id !== undefined;
    const sessionToken = own ? params.aws_session_token : setting(params.aws_session_token, env, 'AWS_SESSION_TOKEN');
    return { kind: 'keys', accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  }
  const { AWS_PROFILE: usual, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: arn } = env;
  if (usual !== undefined && usual !== '') return profile(usual, env);
  if (tokenFile === undefined || tokenFile === '' || arn === undefined || arn === '') return undefined;
  return { kind: 'web-identity', tokenFile, role: { arn, sessionName: env['AWS_ROLE_SESSION_NAME'] ?? 'allswell' } };
}

function profile(name: string, env: Env): AwsSource {
  const home = `${env['HOME'] ?? ''}/.aws`;
  return {
    kind: 'profile',
    name,
    credentialsFile: env['AWS_SHARED_CREDENTIALS_FILE'] ?? `${home}/credentials`,
    configFile: env['AWS_CONFIG_FILE'] ?? `${home}/config`,
  };
}
