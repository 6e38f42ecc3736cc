import { createRequire } from 'node:module';
import type * as GenaiPrices from '@pydantic/genai-prices';
import { providerOfBare, vendorOf, vendorsPricedAs } from '../../providers/index.ts';
import type { Env } from '../types.ts';

export type ProviderChoice =
  | { readonly kind: 'provider'; readonly provider: string; readonly model: string }
  /** A bare name: `known` is the provider that it seems to mean. */
  | { readonly kind: 'unnamed'; readonly known?: string };

/**
 * Splits `provider/model`. A bare name belongs to `custom_llm_provider`, else to the provider that LiteLLM's model map has
 * it at, else to the one vendor that the price list has it at.
 *
 * @example
 * providerOf('hosted_vllm/meta-llama/Llama-3.1-8B') // provider hosted_vllm, model meta-llama/Llama-3.1-8B
 */
export function providerOf(model: string, custom: string | undefined): ProviderChoice {
  if (custom !== undefined) {
    const prefix = `${custom}/`;
    return { kind: 'provider', provider: custom, model: model.startsWith(prefix) ? model.slice(prefix.length) : model };
  }
  const slash = model.indexOf('/');
  if (slash > 0) return { kind: 'provider', provider: model.slice(0, slash), model: model.slice(slash + 1) };
  const mapped = providerOfBare(model);
  const listed = mapped === undefined ? providerInPriceList(model) : vendorOf(mapped).prices;
  if (mapped !== undefined && listed === undefined) return { kind: 'provider', provider: mapped, model };
  const [provider, ...more] = listed === undefined ? [] : vendorsPricedAs(listed);
  // Google sells its models at two addresses, to two kinds of keys.
  if (provider !== undefined && more.length === 0) return { kind: 'provider', provider, model };
  return { kind: 'unnamed', ...(provider !== undefined && { known: provider }) };
}

export function firstSet(env: Env, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}

type PriceList = Pick<typeof GenaiPrices, 'findProvider' | 'calcPrice'>;

/** Loaded only when a bare name turns up: the list takes 50 ms to read, and most files name their providers. */
function providerInPriceList(model: string): string | undefined {
  // Another seller's name for a vendor's model: the vendor would be asked for what it does not know, with a key that is not its own.
  if (resold.test(model)) return undefined;
  const { findProvider, calcPrice } = createRequire(import.meta.url)('@pydantic/genai-prices') as PriceList;
  const found = findProvider({ modelId: model })?.id;
  if (found !== undefined) return found;
  // Embedding models have prices there but no pattern of their own.
  return calcPrice({ input_tokens: 1 }, model, { providerId: 'openai' }) === null ? undefined : 'openai';
}

/** Such as Bedrock's `us.anthropic.claude-3-opus-20240229-v1:0` and Vertex AI's `claude-3-opus@20240229`. */
const resold = /^[a-z][a-z-]*\d*\.[a-z]|@|:\d+$/i;
