import { builtInTarget, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';
import { entryLimitDocs, limitDocs } from './key-docs-routing.ts';
import { loginDocs } from './key-docs-logins.ts';

/** The deployments. */
export const modelDocs: KeyDocs = {
  'model_list[]': {
    model_name: { default: 'required', meaning: 'Model group of the deployment.' },
    litellm_params: { default: 'required', meaning: 'What to call, and with which credentials.' },
    model_info: { default: 'empty', meaning: 'How to probe it.' },
    ...entryLimitDocs,
  },
  'model_list[].litellm_params': {
    model: {
      default: 'required',
      meaning: "`provider/model`. The provider of a bare name is that of LiteLLM's model map, else of the price list.",
    },
    api_base: {
      default: "`<PROVIDER>_API_BASE`, else the vendor's",
      meaning: 'Base URL, with `/v1` if the upstream has it. No user, query or fragment.',
    },
    base_url: { default: '', meaning: 'Alias of `api_base`; takes precedence.' },
    azure_ad_token: {
      default: '`AZURE_AD_TOKEN`',
      meaning:
        'Azure: bearer token if there is no key. `oidc/file/<path>`, `oidc/env_path/<VARIABLE>` and `oidc/azure/` name the file of a workload identity token.',
    },
    api_key: { default: '`<PROVIDER>_API_KEY`', meaning: 'Upstream key.' },
    litellm_credential_name: {
      default: '',
      meaning: 'Entry of `credential_list`, for missing parameters. An unknown name causes a warning.',
    },
    api_version: {
      default: '`AZURE_API_VERSION`, else 2025-02-01-preview',
      meaning: 'Azure. `v1`, `latest` and `preview` select the API below `/openai/v1`.',
    },
    organization: {
      default: '`OPENAI_ORGANIZATION`',
      meaning:
        'Sent as `OpenAI-Organization`. A list makes one deployment per item, all with one id; a bridge publishes only the first, because LiteLLM probes only that.',
    },
    custom_llm_provider: { default: 'from `model`', meaning: 'Provider, if `model` does not name it.' },
    headers: { default: 'none', meaning: 'Sent with every request and every probe.' },
    extra_headers: { default: 'none', meaning: 'Same; takes precedence over `headers`.' },
    extra_body: { default: 'none', meaning: 'Merged into the body of every request and every probe.' },
    region_name: { default: '', meaning: 'Distinguishes targets. Takes precedence over the next two.' },
    aws_region_name: {
      default: 'from `model`, `AWS_REGION_NAME`, `AWS_REGION`, else `us-west-2`',
      meaning: 'Region of Bedrock; distinguishes targets.',
    },
    vertex_location: {
      default: '`VERTEXAI_LOCATION`, else `us-central1`',
      meaning: 'Location at Vertex AI; distinguishes targets.',
    },
    ...loginDocs,
    ...limitDocs,
    input_cost_per_token: {
      default: 'the price list',
      meaning: 'Price; the same key in `model_info` takes precedence.',
    },
    output_cost_per_token: { default: 'the price list', meaning: 'Same.' },
  },
  'model_list[].model_info': {
    id: {
      default: "LiteLLM's hash of the entry",
      meaning:
        '`model_id` in answers. A bridge does not probe a deployment with an empty value, for which LiteLLM has no lasting id.',
    },
    mode: {
      default: "from LiteLLM's model map, else from the model name, else `chat`",
      meaning:
        'Selects the call of an `inference` probe: `chat`, `completion`, `embedding` or `responses`. [Other modes](providers.md) get level `models`.',
    },
    base_model: { default: '', meaning: 'Model name for prices and for recognising reasoning models.' },
    health_check_timeout: {
      default: `\`HEALTH_CHECK_TIMEOUT_SECONDS\`, else ${shownSeconds(builtInTarget.timeoutMs)}`,
      meaning: 'Timeout of one probe; may exceed the interval.',
    },
    health_check_model: {
      default: 'the model itself',
      meaning: 'Model that the probe calls; for [wildcards](providers.md).',
    },
    health_check_max_tokens: {
      default: `${builtInTarget.maxTokens ?? 'none'}; none for a wildcard`,
      meaning: 'Token limit of the probe. An answer cut at the limit is a success.',
    },
    health_check_max_tokens_reasoning: { default: '', meaning: 'Same, for reasoning models.' },
    health_check_max_tokens_non_reasoning: { default: '', meaning: 'Same, for other models.' },
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
      meaning:
        'Merged into the probe body, without `stream`. Keys of `litellm_params` among them change what the probe calls, such as `api_base`.',
    },
    health_check_supports_max_tokens: {
      default: 'true for chat, completion and responses',
      meaning: 'Send a token limit.',
    },
    disable_background_health_check: {
      default: 'false',
      meaning:
        'No scheduled probes for this deployment; while background checks are on, `/health` omits it. Checks on request still probe it. A bridge reads any text, even `"false"`, as true, like LiteLLM.',
    },
    supported_environments: {
      default: 'all',
      meaning:
        'The deployment exists only if `LITELLM_ENVIRONMENT` is one of these. If the variable is unset or invalid, `serve` omits the deployment with a warning, like LiteLLM; `bridge` lists it as not probed.',
    },
    input_cost_per_token: { default: '`litellm_params`', meaning: 'Price.' },
    output_cost_per_token: { default: '`litellm_params`', meaning: 'Same.' },
  },
};
