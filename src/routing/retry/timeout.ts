import type { RoutedDeployment, RoutingSettings } from '../types.ts';

/** Time that one attempt may take, ms, before the caller's deadline cuts it. As LiteLLM: of the deployment, else of the router. */
export function attemptTimeoutMs(
  deployment: RoutedDeployment,
  answer: 'stream' | 'whole',
  settings: RoutingSettings,
): number {
  const wholeMs = deployment.timeoutMs ?? settings.timeoutMs;
  if (answer === 'whole') return wholeMs;
  if (deployment.streamTimeoutMs !== undefined) return deployment.streamTimeoutMs;
  return settings.streamTimeoutFrom === 'timeout' ? wholeMs : settings.streamTimeoutMs;
}
