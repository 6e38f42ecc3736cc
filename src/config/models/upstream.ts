import {
  modelFacts,
  routedModel,
  vendorBase,
  vendorModel,
  vendorOf,
  type Credential,
  type FullVendor,
  type Identity,
  type Wire,
} from '../../providers/index.ts';
import type { CallParams, ModelEntry } from './entry.ts';
import { addNote, addProblem, type Findings } from '../problems/index.ts';
import { limitNameOf, modeByName } from './model-names.ts';
import { type CloudCall, cloudCallOf } from './clouds/index.ts';
import { hasOtherLogin } from './other-logins.ts';
import { present } from './present.ts';
import { firstSet, providerOf } from './provider.ts';
import type { ModelInfo, UpstreamParams } from '../schema/index.ts';
import { child, entryOf, type Path, type SourceLocation } from '../yaml/index.ts';
import type { Env, Price, UpstreamCall } from '../types.ts';

/** Whom a request or a probe calls, and as whom. */
export interface Upstream extends Identity {
  readonly wire: Wire;
  readonly host: string;
  readonly apiVersion: string | undefined;
  /** Name of its token limit. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** Name in lists of models, from `base_model`: an Azure deployment may have any name. */
  readonly knownAs: string | undefined;
  /** Why it is asked nothing, as the end of a sentence; absent where its provider or mode is the reason. */
  readonly why: string | undefined;
  /** Shown as `model`: the text of the file, with the provider's prefix if it has one. */
  readonly calledAs: string;
}

/** Inputs for reading an entry. */
export interface Reading {
  readonly env: Env;
  readonly findings: Findings;
  /** Reads a text file or throws. */
  readonly readFile: (path: string) => string;
  /** LiteLLM reads secrets from a manager that allswell cannot read. */
  readonly hasSecretManager: boolean;
  /** What else may be done about an address that is missing. */
  readonly or?: string | undefined;
}

/** Undefined when the entry cannot be called with these parameters; the reason is then in the findings. */
export function upstreamOf(entry: ModelEntry, call: CallParams, reading: Reading): Upstream | undefined {
  const { env, findings } = reading;
  const { info, path } = entry;
  const { upstream: params, calledAs } = call;
  const choice = chooseProvider(entry, call);
  const at = { location: entry.modelLocation, path: [...path, 'litellm_params', 'model'] };
  if (choice.kind === 'unnamed') {
    const hint =
      choice.known === undefined
        ? 'provider/model, such as openai/gpt-4o-mini'
        : `provider/model, such as ${choice.known}/…`;
    addProblem(findings, { ...at, is: 'does not name its provider', expected: hint, about: 'no-upstream' });
    return undefined;
  }
  const vendor = vendorOf(choice.provider);
  const { model, route } = routedModel(choice.model, vendor);
  const knownAs = baseModelOf(entry, call, choice.provider);
  const mode = modeOf(info.mode ?? route.mode ?? modeByName(choice.provider, knownAs ?? model), {
    known: modelFacts(choice.provider, model)?.mode,
    provider: choice.provider,
    vendor,
  });
  const keys = credentialOf(call, vendor, isInSecretManager(entry, reading) ? {} : env);
  const cloud = cloudCallOf(choice.provider, { ...reading, model, mode, params, apiKey: keys.apiKey });
  const base = findBase({ entry, params, provider: choice.provider, vendor, cloud }, reading);
  if (base === undefined) return undefined;
  if (!vendor.stated && vendor.wire !== 'none') {
    addNote(findings, 'info', {
      ...at,
      is: `has a provider that allswell does not know: it is called in OpenAI's format at its api_base`,
    });
  }
  const credential = { ...keys, login: cloud.login };
  if (cloud.why !== undefined) {
    addNote(findings, 'warn', { ...at, is: `${cloud.why}: a probe only opens a connection` });
  }
  const mute = hasOtherLogin(entry, credential, findings) || isMute(vendor, cloud, base.url);
  const wire = mute ? 'none' : (cloud.wire ?? vendor.wire);
  return {
    provider: choice.provider,
    upstreamModel: vendorModel(cloud.model ?? model, vendor),
    apiBase: base.url,
    host: base.host,
    region: params.region_name ?? cloud.region ?? params.aws_region_name ?? params.vertex_location,
    mode,
    credential,
    extraBody: call.extraBody,
    wire,
    apiVersion: params.api_version ?? versionOf(mode, vendor, env),
    limitName: route.reasons === true ? vendor.limitName : limitNameOf(choice.provider, knownAs ?? model),
    knownAs,
    why: cloud.why,
    calledAs,
  };
}

/** Whether the upstream at this base is asked nothing. */
function isMute({ speaksAt }: FullVendor, { wire }: CloudCall, url: string): boolean {
  return wire === undefined && speaksAt?.test(url) === false;
}

/** For responses LiteLLM uses the configured version or the newest; for other calls its own default. */
function versionOf(mode: string, { wire, apiVersion }: FullVendor, env: Env): string | undefined {
  return wire === 'azure' && mode !== 'responses' ? (env['AZURE_API_VERSION'] ?? apiVersion) : undefined;
}

/** `base_model` describes the configured model, not a `health_check_model`. */
function baseModelOf(
  { info: { base_model: base }, model }: ModelEntry,
  { upstream, calledAs }: CallParams,
  provider: string,
): string | undefined {
  if (base === undefined || calledAs !== (upstream.model ?? model)) return undefined;
  return base.startsWith(`${provider}/`) ? base.slice(provider.length + 1) : base;
}

/**
 * For Anthropic, `anthropic_messages` and `chat` send the same request: one target, not two. OpenAI's chat models have no
 * completions, so `completion` is probed as `chat`.
 */
function modeOf(
  mode: string,
  { known, provider, vendor }: { known: string | undefined; provider: string; vendor: FullVendor },
): string {
  if (vendor.wire === 'anthropic' && mode === 'anthropic_messages') return 'chat';
  return provider === 'openai' && mode === 'completion' && known === 'chat' ? 'chat' : mode;
}

/** LiteLLM's older names of two providers. */
const aliases: Readonly<Record<string, string>> = { vertex_ai_beta: 'vertex_ai', bedrock_converse: 'bedrock' };

function chooseProvider(entry: ModelEntry, call: CallParams): ReturnType<typeof providerOf> {
  const choice = providerByName(entry, call);
  return choice.kind === 'provider' ? { ...choice, provider: aliases[choice.provider] ?? choice.provider } : choice;
}

/** A `health_check_model` without a prefix belongs to the provider of the model that it stands for. */
function providerByName({ model }: ModelEntry, { upstream, calledAs }: CallParams): ReturnType<typeof providerOf> {
  const custom = upstream.custom_llm_provider;
  const own = providerOf(upstream.model ?? model, custom);
  if (calledAs === (upstream.model ?? model) || own.kind === 'unnamed') return providerOf(calledAs, custom);
  return providerOf(calledAs, calledAs.includes('/') ? custom : own.provider);
}

interface Addressed {
  readonly entry: ModelEntry;
  readonly params: CallParams['upstream'];
  readonly provider: string;
  readonly vendor: FullVendor;
  readonly cloud: CloudCall;
}

function findBase(
  { entry, params, provider, vendor, cloud }: Addressed,
  { env, findings, or }: Reading,
): { url: string; host: string } | undefined {
  const named = params.base_url ?? params.api_base ?? firstSet(env, vendor.bases);
  const written =
    cloud.wire?.startsWith('vertex') === true ? cloud.apiBase : (named ?? cloud.apiBase ?? vendor.apiBase);
  const path: Path = [...entry.path, 'litellm_params', 'api_base'];
  const location: SourceLocation = child(entry.params, 'api_base')?.location ?? entry.modelLocation;
  if (written === undefined) {
    addProblem(findings, {
      location,
      path,
      about: 'no-upstream',
      is: whyMissing(provider, vendor),
      expected: `the base URL of the upstream, ${baseFor(vendor)}${or === undefined ? '' : `; or ${or}`}`,
    });
    return undefined;
  }
  const base = normaliseBaseUrl(written);
  if (base.kind === 'url') return { url: vendorBase(base.url, vendor), host: base.host };
  addProblem(findings, {
    location,
    path,
    is: base.is,
    expected: 'a base URL that starts with http:// or https://, and nothing after the path',
  });
  return undefined;
}

/** A base URL in one spelling, or why it is not one. Two spellings of one place must not become two targets. */
type BaseUrl =
  | { readonly kind: 'url'; readonly url: string; readonly host: string }
  | { readonly kind: 'unusable'; readonly is: string };

/** @example normaliseBaseUrl('HTTPS://API.Example.com:443/v1/') // url 'https://api.example.com/v1' */
function normaliseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { kind: 'unusable', is: 'is text that is not a URL' };
  }
  // Both would end up in places where addresses are shown.
  if (url.username !== '' || url.password !== '') return { kind: 'unusable', is: 'has a user or a password in it' };
  if (url.search !== '' || url.hash !== '') return { kind: 'unusable', is: 'has a query or a fragment' };
  return { kind: 'url', url: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`, host: url.host };
}

function baseFor({ wire }: FullVendor): string {
  return wire === 'none' ? 'to which a probe then only opens a connection' : 'such as http://vllm:8000/v1';
}

function whyMissing(provider: string, { wire, stated }: FullVendor): string {
  if (wire === 'none') {
    return `is missing, and allswell does not support the API of ${provider}: the deployment cannot be probed`;
  }
  return stated ? 'is missing' : 'is missing, and allswell knows no address of the provider';
}

/** What a secret manager holds must not be replaced by another key that happens to be in the environment. */
function isInSecretManager({ params }: ModelEntry, { hasSecretManager }: Reading): boolean {
  const key = entryOf(params, 'api_key')?.value;
  return hasSecretManager && key?.kind === 'scalar' && key.unset === true;
}

function credentialOf(
  { upstream, moreHeaders }: CallParams,
  { keys, organizations, wire }: FullVendor,
  env: Env,
): Credential {
  const apiKey = upstream.api_key ?? firstSet(env, keys);
  const token = wire === 'azure' ? (upstream.azure_ad_token ?? firstSet(env, ['AZURE_AD_TOKEN'])) : undefined;
  return {
    apiKey,
    organization: upstream.organization ?? firstSet(env, organizations),
    headers: moreHeaders === undefined ? upstream.extra_headers : { ...moreHeaders, ...upstream.extra_headers },
    // `oidc/…` names the source of a token; it is not a token.
    shortLived: apiKey === undefined && token?.startsWith('oidc/') === false ? token : undefined,
  };
}

/** All headers that a deployment's requests carry beside the key. */
function headersOf({ headers, shortLived }: Credential): Credential['headers'] {
  return shortLived === undefined ? headers : { authorization: `Bearer ${shortLived}`, ...headers };
}

/** The fields that a request and a probe have in common. */
export function callOf(upstream: Upstream): UpstreamCall {
  const { provider, wire, upstreamModel, apiBase, host, region, apiVersion, credential } = upstream;
  const { apiKey, organization, login } = credential;
  const headers = headersOf(credential);
  return {
    provider,
    wire,
    upstreamModel,
    apiBase,
    host,
    ...present({ region, apiKey, apiVersion, organization, headers, login }),
  };
}

/** US dollars per token: of `model_info`, else of the parameters. */
export function priceOf(info: ModelInfo, params: UpstreamParams): Price | undefined {
  const input = info.input_cost_per_token ?? params.input_cost_per_token;
  const output = info.output_cost_per_token ?? params.output_cost_per_token;
  return input === undefined && output === undefined ? undefined : present({ input, output });
}
