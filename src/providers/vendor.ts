/**
 * How to speak to an upstream: which paths, which header for the key, which bodies. `none`: in no way that allswell has,
 * so a probe opens a connection and sends nothing.
 */
export type Wire = 'openai' | 'azure' | 'anthropic' | 'bedrock' | 'vertex' | 'vertex-claude' | 'none';

/** What LiteLLM's prefix of a model's name means beside the name. */
export interface VendorRoute {
  readonly mode?: string;
  readonly reasons?: true;
}

/** One row of the table of vendors. What is left out is as for any upstream that speaks like OpenAI. */
export interface Vendor {
  /** The vendor's own base URL; absent where everybody has an address of their own. */
  readonly apiBase?: string;
  /** Else OpenAI's: the key as bearer. */
  readonly wire?: Wire;
  /** Variables with the key; else `<PREFIX>_API_KEY`. */
  readonly keys?: readonly string[];
  /** Variables with the base URL; else `<PREFIX>_API_BASE`. */
  readonly bases?: readonly string[];
  /** Variables with the organization. */
  readonly organizations?: readonly string[];
  /** Where others need a key, these may be called without. */
  readonly keyless?: true;
  /** Sent unless the configuration says another. */
  readonly apiVersion?: string;
  /** Its name in the price list; without one its prices are unknown. */
  readonly prices?: string;
  /** What base URLs end with, whether or not the configuration writes it. */
  readonly baseEndsWith?: string;
  /** What names of models begin with, where the configuration leaves it out. */
  readonly modelBeginsWith?: string;
  /** Path of the list of models at the vendor's own host; else `models` below the base URL. */
  readonly listingPath?: string;
  /** What the list is good for: `partial` may lack a model that can be called; there may be `none`. */
  readonly listing?: 'partial' | 'none';
  /** Endings of names that the list leaves out. */
  readonly unlistedEnding?: RegExp;
  /** Bases at which it speaks as its row says; at any other it is asked nothing. */
  readonly speaksAt?: RegExp;
  /** Its hosts, at which OpenAI's format is found below the path of `apiBase` and nowhere else. */
  readonly ownHosts?: readonly string[];
  /** The mode of a model that nothing says another of. */
  readonly usualMode?: 'completion' | 'embedding';
  /** What LiteLLM writes before a model's name and does not send, such as `o_series/`. */
  readonly routes?: Readonly<Record<string, VendorRoute>>;
  /** Under which name a model that thinks has its thoughts counted; else `max_tokens`. */
  readonly reasoningLimit?: 'max_completion_tokens';
  /** Names that need `reasoningLimit`, whether or not the table of facts has them. */
  readonly reasoningNames?: RegExp;
}

/** A row with everything filled in. */
export type FullVendor = Omit<Vendor, 'listing'> &
  Required<Pick<Vendor, 'wire' | 'keys' | 'bases' | 'organizations'>> & {
    readonly listing: 'whole' | 'partial' | 'none';
    readonly limitName: 'max_tokens' | 'max_completion_tokens';
    /** False for a provider without a row, of which only the table of facts may know how it speaks. */
    readonly stated: boolean;
  };

export function fullVendor(prefix: string, row: Vendor | undefined, unstated: Vendor = {}): FullVendor {
  const name = prefix.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return {
    wire: 'openai',
    keys: [`${name}_API_KEY`],
    bases: [`${name}_API_BASE`],
    organizations: [],
    ...(row ?? unstated),
    listing: row?.listing ?? 'whole',
    limitName: row?.reasoningLimit ?? 'max_tokens',
    stated: row !== undefined,
  };
}
