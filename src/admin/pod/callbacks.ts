import type { CallbacksBody } from '../../api/index.ts';

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
