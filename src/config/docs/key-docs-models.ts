import { builtInTarget, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The deployments. */
export const modelDocs: KeyDocs = {
  'model_list[]': {
    model_name: { default: '', meaning: 'Public name of the group that the deployment belongs to. Required.' },
    litellm_params: { default: '', meaning: 'Whom to call, and as whom. Required.' },
    model_info: { default: 'empty', meaning: 'How to probe it.' },
  },
  'model_list[].litellm_params': {
    model: {
      default: '',
      meaning:
        '`provider/model`. A bare name belongs to the [provider](providers.md) that LiteLLM has it at, else to the one at which the price list has it. Required.',
    },
    api_base: {
      default: "`<PROVIDER>_API_BASE`, else the vendor's",
      meaning: 'Base URL, with `/v1` where the upstream has it. No user, query or fragment.',
    },
    base_url: { default: '', meaning: 'Another name of `api_base`; goes before it.' },
    azure_ad_token: {
      default: '`AZURE_AD_TOKEN`',
      meaning: 'Azure only: sent as a bearer where there is no key. `oidc/…` is not supported.',
    },
    api_key: {
      default: '`<PROVIDER>_API_KEY`',
      meaning: 'Key of the upstream. Different keys make different targets.',
    },
    litellm_credential_name: {
      default: '',
      meaning: 'Entry of `credential_list` to take from what is not said here. One that is not there is warned about.',
    },
    api_version: {
      default: '`AZURE_API_VERSION`, else 2025-02-01-preview',
      meaning: 'Azure only. `v1`, `latest` and `preview` name the API below `/openai/v1`.',
    },
    organization: {
      default: '`OPENAI_ORGANIZATION`',
      meaning:
        'Sent as `OpenAI-Organization`. Each of a list is a deployment, and all of them have one id; of these LiteLLM probes the first, and a bridge publishes that one.',
    },
    custom_llm_provider: {
      default: 'from `model`',
      meaning: 'The provider, where the name of the model does not say it.',
    },
    headers: { default: 'none', meaning: 'Sent with every probe; part of the identity of the target.' },
    extra_headers: { default: 'none', meaning: 'The same; goes before `headers`.' },
    extra_body: {
      default: 'none',
      meaning: 'Merged into the body of every probe; part of the identity of the target.',
    },
    region_name: { default: '', meaning: 'Part of the identity of the target. Goes before the next two.' },
    aws_region_name: { default: '', meaning: 'The same.' },
    vertex_location: { default: '', meaning: 'The same.' },
    input_cost_per_token: {
      default: 'the price list',
      meaning: 'For the cost of probes. In `model_info` it goes first.',
    },
    output_cost_per_token: { default: 'the price list', meaning: 'The same.' },
  },
  'model_list[].model_info': {
    id: {
      default: "LiteLLM's hash of the entry",
      meaning:
        '`model_id` in answers. A bridge refuses a key with nothing in it: LiteLLM then makes up another id at every start, or never looks at the deployment.',
    },
    mode: {
      default: "by LiteLLM's model map, else by the name of the model, else `chat`",
      meaning:
        '`chat`, `completion`, `embedding` and `responses` are asked for an answer, as far as the [provider](providers.md) has the call; for every other mode only the list of models is asked for.',
    },
    base_model: { default: '', meaning: 'Name to look up in the price list, and to tell a reasoning model by.' },
    health_check_timeout: {
      default: `\`HEALTH_CHECK_TIMEOUT_SECONDS\`, else ${shownSeconds(builtInTarget.timeoutMs)}`,
      meaning:
        'Deadline of one probe, even beyond the interval. Of the deployments that share a target the longest counts.',
    },
    health_check_model: {
      default: 'the model itself',
      meaning:
        'What the probe calls instead. Needed for a wildcard to be asked for an answer, and where its provider has no list of models.',
    },
    health_check_max_tokens: {
      default: `${builtInTarget.maxTokens ?? 'none'}, for a wildcard none`,
      meaning: 'Token limit of the probe. A stop at the limit is a success.',
    },
    health_check_max_tokens_reasoning: { default: '', meaning: 'The same for models that reason, told by their name.' },
    health_check_max_tokens_non_reasoning: { default: '', meaning: 'The same for models that do not.' },
    health_check_reasoning_effort: { default: 'not sent', meaning: 'Sent as `reasoning_effort`, not to embeddings.' },
    health_check_voice: {
      default: '`alloy`',
      meaning: 'Voice to ask for where a chat model of OpenAI or Azure answers by voice only.',
    },
    health_check_params: {
      default: 'empty',
      meaning:
        'Merged into the body of the probe. Keys of `litellm_params` in it redirect the probe. `stream` is dropped.',
    },
    health_check_supports_max_tokens: {
      default: 'by mode',
      meaning: '`false` sends no limit, `true` sends one. By default chat, completion and responses get one.',
    },
    disable_background_health_check: {
      default: 'false',
      meaning:
        'Not listed by `/health` while background checks are on, and its target not probed unless another deployment shares it. On demand it is probed. To a bridge any text is true, even `"false"`, because it is to LiteLLM.',
    },
    supported_environments: {
      default: 'all',
      meaning:
        'Where `LITELLM_ENVIRONMENT` is none of these, there is no such deployment. Where that variable is not set, or is no environment, LiteLLM leaves the deployment out: so does a pod that serves, with a warning; a bridge does not start, because it most likely lacks what the pods have.',
    },
    input_cost_per_token: { default: '`litellm_params`', meaning: 'For the cost of probes.' },
    output_cost_per_token: { default: '`litellm_params`', meaning: 'The same.' },
  },
};
