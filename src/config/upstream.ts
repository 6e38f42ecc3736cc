import { vendorBase, vendorModel, vendorOf, type FullVendor, type Wire } from '../providers/index.ts';
import type { Entry } from './deployment.ts';
import { addNote, addProblem, type Findings } from './findings.ts';
import { modeByName } from './model-names.ts';
import { noteOtherLogin } from './other-logins.ts';
import { firstSet, providerOf } from './provider.ts';
import { normaliseBaseUrl } from './base-url.ts';
import type { Credential, Identity } from './identity.ts';
import { child, type Path, type Place } from './tree.ts';
import type { Env } from './types.ts';

/** Whom the probe of an entry calls, and as whom. */
export interface Upstream extends Identity {
  readonly wire: Wire;
  readonly host: string;
  readonly apiVersion: string | undefined;
  /** What is shown as `model`: the text of the file, with the provider's prefix where it has one. */
  readonly calledAs: string;
}

/** What an entry is read with. */
export interface Reading {
  readonly env: Env;
  readonly findings: Findings;
  /** What else may be done about an address that is missing. */
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
  const base = findBase(entry, vendor, reading);
  if (base === undefined) return undefined;
  if (!vendor.stated) {
    addNote(findings, 'info', {
      ...at,
      is: `has a provider without rules of its own: it is called in OpenAI's format at its api_base`,
    });
  }
  const credential = credentialOf(entry, vendor, env);
  noteOtherLogin(entry, credential.apiKey, findings);
  return {
    provider: choice.provider,
    upstreamModel: vendorModel(choice.model, vendor),
    apiBase: base.url,
    host: base.host,
    region: params.region_name ?? params.aws_region_name ?? params.vertex_location,
    mode: modeOf(info.mode ?? modeByName(choice.model), vendor),
    credential,
    wire: vendor.wire,
    apiVersion:
      params.api_version ?? (vendor.wire === 'azure' ? (env['AZURE_API_VERSION'] ?? vendor.apiVersion) : undefined),
    calledAs,
  };
}

/** LiteLLM's mode for Anthropic's own API asks Anthropic what `chat` asks it: one target, not two. */
function modeOf(mode: string, { wire }: FullVendor): string {
  return wire === 'anthropic' && mode === 'anthropic_messages' ? 'chat' : mode;
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
  vendor: FullVendor,
  { env, findings, or }: Reading,
): { url: string; host: string } | undefined {
  const written = entry.upstream.api_base ?? firstSet(env, vendor.bases) ?? vendor.apiBase;
  const path: Path = [...entry.path, 'litellm_params', 'api_base'];
  const place: Place = child(entry.params, 'api_base')?.place ?? entry.modelPlace;
  if (written === undefined) {
    const why = vendor.stated ? 'is missing' : 'is missing, and the provider has no address that allswell knows';
    addProblem(findings, {
      place,
      path,
      is: why,
      expected: `the base URL of the upstream, such as http://vllm:8000/v1${or === undefined ? '' : `; or ${or}`}`,
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

function credentialOf({ upstream }: Entry, { keys, organizations }: FullVendor, env: Env): Credential {
  return {
    apiKey: upstream.api_key ?? firstSet(env, keys),
    organization: upstream.organization ?? firstSet(env, organizations),
    headers: upstream.extra_headers,
  };
}
