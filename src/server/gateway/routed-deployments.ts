import type { AllswellConfig, Deployment } from '../../config/index.ts';
import type { RoutedDeployment } from '../../routing/index.ts';

/** The deployments that requests can call, as routing sees them. */
export function routedDeploymentsOf({ deployments }: Pick<AllswellConfig, 'deployments'>): readonly RoutedDeployment[] {
  return deployments.filter(({ call }) => call.kind === 'callable').map(routed);
}

function routed({ modelId, modelName, targetId, limits, tags, timeoutMs, price }: Deployment): RoutedDeployment {
  const { weight, rpm, tpm, maxParallel, order, streamTimeoutMs } = limits;
  const usdPerToken = (price?.input ?? 0) + (price?.output ?? 0);
  return {
    id: modelId,
    group: modelName,
    target: targetId,
    tags,
    ...(weight !== undefined && { weight }),
    ...(rpm !== undefined && { rpm }),
    ...(tpm !== undefined && { tpm }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(order !== undefined && { order }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(streamTimeoutMs !== undefined && { streamTimeoutMs }),
    ...(price !== undefined && { usdPerToken }),
  };
}
