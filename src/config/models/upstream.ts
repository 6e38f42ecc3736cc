import {
  modelFacts,
  routedModel,
  vendorBase,
  vendorModel,
  vendorOf,
  type FullVendor,
  type Wire,
} from '../../providers/index.ts';
import type { Entry } from './deployment.ts';
import { addNote, addProblem, type Findings } from '../problems/index.ts';
import { limitNameOf, modeByName } from './model-names.ts';
import { hasOtherLogin } from './other-logins.ts';
import { firstSet, providerOf } from './provider.ts';
import { normaliseBaseUrl } from './base-url.ts';
import type { Credential, Identity } from './identity.ts';
import { child, type Path, type Place } from '../yaml/index.ts';
import type { Env } from '../types.ts';

/** The upstream that the probe of an entry calls, and its credentials. */
export interface Upstream extends Identity {
  readonly wire: Wire;
  readonly host: string;
  readonly apiVersion: string | undefined;
  /** Name of its token limit. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** Name in lists of models, from `base_model`: an Azure deployment may have any name. */
  readonly knownAs: string | undefined;
  /** Shown as `model`: the text of the file, with the provider's prefix if it has one. */
  readonly calledAs: string;
}

/** Inputs for reading an entry. */
export interface Reading {
  readonly env: Env;
  readonly findings: Findings;
  /** An alternative remedy for a missing address. */
  readonly or?: string;
}

/** Undefined when the entry cannot be called; the reason is then in the findings. */
export function upstreamOf(entry: Entry, reading: Reading): Upstream | undefined {
  const { env, findings } = reading;
  const { upstream: params, info, path } = entry;
  const calledAs = info.health_check_model ?? params.model ?? entry.model;
  const choice = chooseProvider(entry, calledAs);
  const at = { place: entry.modelPlace, path: [...path, 'litellm_params', 'model'] };
  if (choice.kind === 'unnamed') {
    const hint =
      choice.known === undefined
        ? 'provider/model, such as openai/gpt-4o-mini'
        : `provider/model, such as ${choice.known}/…`;
    addProblem(findings, { ...at, is: 'does not name its provider', expected: hint });
    return undefined;
  }
  const vendor = vendorOf(choice.provider);
  const base = findBase(entry, choice.provider, vendor, reading);
  if (base === undefined) return undefined;
  if (!vendor.stated && vendor.wire !== 'none') {
    addNote(findings, 'info', {
      ...at,
      is: `has a provider that allswell does not know: it is called in OpenAI's format at its api_base`,
    });
  }
  const credential = credentialOf(entry, vendor, env);
  const mute = hasOtherLogin(entry, credential, findings) || vendor.speaksAt?.test(base.url) === false;
  const wire = mute ? 'none' : vendor.wire;
  const { model, route } = routedModel(choice.model, vendor);
  const knownAs = baseModelOf(entry, choice.provider, calledAs);
  const mode = modeOf(info.mode ?? route.mode ?? modeByName(choice.provider, knownAs ?? model), {
    known: modelFacts(choice.provider, model)?.mode,
    provider: choice.provider,
    vendor,
  });
  return {
    provider: choice.provider,
    upstreamModel: vendorModel(model, vendor),
    apiBase: base.url,
    host: base.host,
    region: params.region_name ?? params.aws_region_name ?? params.vertex_location,
    mode,
    credential,
    extraBody: entry.extraBody,
    wire,
    apiVersion: params.api_version ?? versionOf(mode, vendor, env),
    limitName: route.reasons === true ? vendor.limitName : limitNameOf(choice.provider, knownAs ?? model),
    knownAs,
    calledAs,
  };
}

/** For responses LiteLLM uses the configured version or the newest; for other calls its own default. */
function versionOf(mode: string, { wire, apiVersion }: FullVendor, env: Env): string | undefined {
  return wire === 'azure' && mode !== 'responses' ? (env['AZURE_API_VERSION'] ?? apiVersion) : undefined;
}

/** `base_model` describes the configured model, not a `health_check_model`. */
function baseModelOf({ info, upstream, model }: Entry, provider: string, calledAs: string): string | undefined {
  const { base_model: base } = info;
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

/** A `health_check_model` without a prefix belongs to the provider of the model that it stands for. */
function chooseProvider({ upstream, model }: Entry, calledAs: string): ReturnType<typeof providerOf> {
  const custom = upstream.custom_llm_provider;
  const own = providerOf(upstream.model ?? model, custom);
  if (calledAs === (upstream.model ?? model) || own.kind === 'unnamed') return providerOf(calledAs, custom);
  return providerOf(calledAs, calledAs.includes('/') ? custom : own.provider);
}

function findBase(
  entry: Entry,
  provider: string,
  vendor: FullVendor,
  { env, findings, or }: Reading,
): { url: string; host: string } | undefined {
  const written = entry.upstream.base_url ?? entry.upstream.api_base ?? firstSet(env, vendor.bases) ?? vendor.apiBase;
  const path: Path = [...entry.path, 'litellm_params', 'api_base'];
  const place: Place = child(entry.params, 'api_base')?.place ?? entry.modelPlace;
  if (written === undefined) {
    addProblem(findings, {
      place,
      path,
      is: whyMissing(provider, vendor),
      expected: `the base URL of the upstream, ${baseFor(vendor)}${or === undefined ? '' : `; or ${or}`}`,
    });
    return undefined;
  }
  const base = normaliseBaseUrl(written);
  if (base.kind === 'url') return { url: vendorBase(base.url, vendor), host: base.host };
  addProblem(findings, {
    place,
    path,
    is: base.is,
    expected: 'a base URL that starts with http:// or https://, and nothing after the path',
  });
  return undefined;
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

function credentialOf(
  { upstream, moreHeaders }: Entry,
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
export function headersOf({ headers, shortLived }: Credential): Credential['headers'] {
  return shortLived === undefined ? headers : { authorization: `Bearer ${shortLived}`, ...headers };
}
