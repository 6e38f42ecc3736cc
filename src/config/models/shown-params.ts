import type { ShownParams } from '../types.ts';
import { countOf, isAbsent, type MapNode, type Node } from '../yaml/index.ts';

/** Those of `litellm_params`. */
export function shownOf(params: Node | undefined): ShownParams {
  return params?.kind === 'map' ? sorted(params.entries.flatMap(shownEntry)) : {};
}

/**
 * What LiteLLM shows of a probe: its parameters with `health_check_params` over them, and of Bedrock's models the name
 * without provider and region.
 *
 * @example
 * shownOfProbe({ api_base: 'https://b' }, 'bedrock/us-west-2/x') // { api_base: 'https://b', custom_llm_provider: 'bedrock', model: 'x' }
 */
export function shownOfProbe(params: ShownParams, model: string): ShownParams {
  if (!model.startsWith(BEDROCK)) return sorted(Object.entries({ ...params, model }));
  const name = model.slice(BEDROCK.length).split('/');
  const bare = name.filter((part) => !awsRegions.has(part)).join('/');
  return sorted(Object.entries({ custom_llm_provider: 'bedrock', ...params, model: bare }));
}

const BEDROCK = 'bedrock/';
/** LiteLLM's list. */
const awsRegions = new Set(
  `ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1
  eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-gov-east-1
  us-gov-west-1 us-west-1 us-west-2`.split(/\s+/),
);

const showable = new Set(
  `model api_base api_version custom_llm_provider mode base_model aws_bedrock_runtime_endpoint aws_region_name region_name
  watsonx_region_name vertex_project vertex_location tpm rpm`.split(/\s+/),
);
/** LiteLLM makes numbers of these, however they are written. */
const counts = new Set(['tpm', 'rpm']);

function shownEntry({ key, value }: MapNode['entries'][number]): readonly (readonly [string, string | number])[] {
  if (!showable.has(key) || value.kind !== 'scalar' || isAbsent(value)) return [];
  const shown = (counts.has(key) ? countOf(value) : undefined) ?? value.value;
  return typeof shown === 'string' || typeof shown === 'number' ? [[key, shown]] : [];
}

function sorted(entries: readonly (readonly [string, string | number])[]): ShownParams {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
