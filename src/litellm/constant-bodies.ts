import type { CallbacksBody, LicenseBody } from '../api/index.ts';

/** What LiteLLM answers without a licence: every feature here is in the open. */
export const license: LicenseBody = {
  has_license: false,
  license_type: 'community',
  expiration_date: null,
  allowed_features: [],
  limits: { max_users: null, max_teams: null },
};

/** LiteLLM's document for a proxy without callbacks and alerting: allswell has none. Nor has it a timeout for all requests. */
export const activeCallbacks: CallbacksBody = {
  alerting: '[]',
  'litellm.callbacks': [],
  'litellm.input_callback': [],
  'litellm.failure_callback': [],
  'litellm.success_callback': [],
  'litellm._async_success_callback': [],
  'litellm._async_failure_callback': [],
  'litellm._async_input_callback': [],
  all_litellm_callbacks: [],
  num_callbacks: 0,
  num_alerting: 0,
  'litellm.request_timeout': null,
};
