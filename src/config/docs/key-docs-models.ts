import { builtInTarget, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The deployments. */
export const modelDocs: KeyDocs = {
  'model_list[]': {
    model_name: { default: 'required', meaning: 'Public model group of the deployment.' },
    litellm_params: { default: 'required', meaning: 'What to call, and with which credentials.' },
    model_info: { default: 'empty', meaning: 'How to probe it.' },
  },
  'model_list[].litellm_params': {
    model: {
      default: 'required',
      meaning:
        "`provider/model`. A bare name gets the [provider](providers.md) of LiteLLM's model map, else of the price list.",
    },
    api_base: {
      default: "`<PROVIDER>_API_BASE`, else the vendor's",
      meaning: 'Base URL, including `/v1` if the upstream has it. No user, query or fragment.',
    },
    base_url: { default: '', meaning: 'Alias of `api_base`; takes precedence.' },
    azure_ad_token: {
      default: '`AZURE_AD_TOKEN`',
      meaning: 'Azure only: bearer token, used if there is no key. `oidc/…` is not supported.',
    },
    api_key: { default: '`<PROVIDER>_API_KEY`', meaning: 'Upstream key. Different keys make different targets.' },
    litellm_credential_name: {
      default: '',
      meaning: 'Entry of `credential_list` that fills in missing parameters. An unknown name is warned about.',
    },
    api_version: {
      default: '`AZURE_API_VERSION`, else 2025-02-01-preview',
      meaning: 'Azure only. `v1`, `latest` and `preview` select the API below `/openai/v1`.',
    },
    organization: {
      default: '`OPENAI_ORGANIZATION`',
      meaning:
        'Sent as `OpenAI-Organization`. A list makes one deployment per item, all with the same id; LiteLLM probes, and a bridge publishes, only the first.',
    },
    custom_llm_provider: { default: 'from `model`', meaning: 'Provider, if `model` does not name it.' },
    headers: { default: 'none', meaning: 'Sent with every probe; part of the target identity.' },
    extra_headers: { default: 'none', meaning: 'Same; takes precedence over `headers`.' },
    extra_body: { default: 'none', meaning: 'Merged into every probe body; part of the target identity.' },
    region_name: { default: '', meaning: 'Part of the target identity. Takes precedence over the next two.' },
    aws_region_name: { default: '', meaning: 'Same.' },
    vertex_location: { default: '', meaning: 'Same.' },
    input_cost_per_token: {
      default: 'the price list',
      meaning: 'Price for probe costs. The same key in `model_info` takes precedence.',
    },
    output_cost_per_token: { default: 'the price list', meaning: 'Same.' },
  },
  'model_list[].model_info': {
    id: {
      default: "LiteLLM's hash of the entry",
      meaning:
        '`model_id` in answers. A bridge refuses an empty value: LiteLLM then makes up a new id at every start, or never checks the deployment.',
    },
    mode: {
      default: "from LiteLLM's model map, else from the model name, else `chat`",
      meaning:
        '`chat`, `completion`, `embedding` and `responses` get an inference probe if the [provider](providers.md) has the call; every other mode gets the `models` level.',
    },
    base_model: { default: '', meaning: 'Model name for the price list and for recognising reasoning models.' },
    health_check_timeout: {
      default: `\`HEALTH_CHECK_TIMEOUT_SECONDS\`, else ${shownSeconds(builtInTarget.timeoutMs)}`,
      meaning:
        'Deadline of one probe; may exceed the interval. Deployments that share a target use the longest deadline.',
    },
    health_check_model: {
      default: 'the model itself',
      meaning:
        'Model that the probe calls. Needed for an inference probe of a wildcard, and for a wildcard whose provider has no model list.',
    },
    health_check_max_tokens: {
      default: `${builtInTarget.maxTokens ?? 'none'}; none for a wildcard`,
      meaning: 'Token limit of the probe. An answer cut at the limit is a success.',
    },
    health_check_max_tokens_reasoning: { default: '', meaning: 'Same, for reasoning models (recognised by name).' },
    health_check_max_tokens_non_reasoning: { default: '', meaning: 'Same, for all other models.' },
    health_check_reasoning_effort: {
      default: 'not sent',
      meaning: 'Sent as `reasoning_effort`, except to embeddings.',
    },
    health_check_voice: {
      default: '`alloy`',
      meaning: 'Voice for OpenAI and Azure chat models that answer only with audio.',
    },
    health_check_params: {
      default: 'empty',
      meaning: 'Merged into the probe body. Keys of `litellm_params` redirect the probe. `stream` is dropped.',
    },
    health_check_supports_max_tokens: {
      default: 'true for chat, completion and responses',
      meaning: 'Whether to send a token limit.',
    },
    disable_background_health_check: {
      default: 'false',
      meaning:
        'While background checks are on, `/health` omits the deployment, and its target is not probed unless another deployment shares it. Checks on demand still probe it. A bridge treats any text, even `"false"`, as true, like LiteLLM.',
    },
    supported_environments: {
      default: 'all',
      meaning:
        'Environments that have this deployment; in others it is left out. If `LITELLM_ENVIRONMENT` is unset or invalid, a serving pod leaves the deployment out with a warning, like LiteLLM; a bridge refuses to start, because it probably lacks a variable that the LiteLLM pods have.',
    },
    input_cost_per_token: { default: '`litellm_params`', meaning: 'Price for probe costs.' },
    output_cost_per_token: { default: '`litellm_params`', meaning: 'Same.' },
  },
};
