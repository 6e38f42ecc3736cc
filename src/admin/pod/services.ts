import { authError, errorAnswer } from '../../http/index.ts';
import type { Caller } from '../../http/index.ts';

/** `GET /health/services`: allswell sends no messages to anybody, so each of LiteLLM's services is one that is not set up. */
export function testService(service: string, caller: Caller): Response {
  if (!services.has(service)) return refusal(400, `Service must be one of: ${[...services].join(', ')}.`);
  const adminOnly = adminServices[service];
  if (adminOnly !== undefined && caller.role !== 'admin') {
    return authError(`Only proxy admins can trigger ${adminOnly}.`, 403);
  }
  return refusal(422, `"${service}" not in proxy config: general_settings. Unable to test this.`);
}

const services: ReadonlySet<string> = new Set(
  `slack_budget_alerts email langfuse langfuse_otel slack ms_teams openmeter webhook braintrust otel custom_callback_api
  langsmith datadog datadog_metrics datadog_llm_observability generic_api arize galileo newrelic pointfive sqs`.split(
    /\s+/,
  ),
);

const adminServices: Readonly<Record<string, string>> = {
  newrelic: 'the New Relic test event',
  pointfive: 'the PointFive liveness ping',
  webhook: 'the webhook test alert',
};

/** LiteLLM shows its detail object as Python prints it. */
function refusal(status: 400 | 422, message: string): Response {
  return errorAnswer(status, { message: `{'error': '${message}'}`, type: 'auth_error', param: 'None' });
}
