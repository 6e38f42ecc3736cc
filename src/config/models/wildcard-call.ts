import { wildcardSegments } from '../../litellm/index.ts';
import { routedModel, vendorModel, vendorOf } from '../../providers/index.ts';
import { modeByName } from './model-names.ts';
import { providerOf } from './provider.ts';
import type { Deployment, RequestCall } from '../types.ts';

/**
 * What a request for `requested` calls at a deployment: {@link Deployment.call}, with the text behind the wildcards of
 * `model_name` in place of those in `litellm_params.model`, as in LiteLLM. `not-callable` for a name that it cannot take.
 *
 * @example
 * // model_name and model are `openai/*`
 * callFor(deployment, 'openai/gpt-4o') // upstreamModel gpt-4o
 */
export function callFor(deployment: CalledDeployment, requested: string): Deployment['call'] {
  const { call } = deployment;
  if (call.kind !== 'callable' || !call.upstreamModel.includes('*')) return call;
  const model = upstreamModelFor(deployment, call, requested);
  if (model === undefined) return { kind: 'not-callable', why: 'the model does not match the wildcard of its group' };
  // The name of an upstream of a cloud may be part of an address, where LiteLLM reads a route or a region before a slash.
  if (call.wire === 'bedrock' && model.includes('/')) {
    return { kind: 'not-callable', why: 'allswell does not support a route or a region within a wildcard' };
  }
  const vendor = vendorOf(call.provider);
  const routed = routedModel(model, vendor);
  const mode = routed.route.mode ?? (isByName(call) ? modeByName(call.provider, routed.model) : call.mode);
  return { ...call, mode, upstreamModel: vendorModel(routed.model, vendor) };
}

export type CalledDeployment = Pick<Deployment, 'modelName' | 'model' | 'call'>;

/** Undefined if the name is not one of the group's, or leads to another provider. */
function upstreamModelFor(
  { modelName, model }: CalledDeployment,
  { provider, upstreamModel }: RequestCall,
  requested: string,
): string | undefined {
  const segments = modelName.includes('*') ? wildcardSegments(modelName, requested) : undefined;
  if (segments === undefined) return undefined;
  // More texts than places: LiteLLM then calls what was requested.
  if (segments.length > model.split('*').length - 1) {
    const named = providerOf(requested, undefined);
    return named.kind === 'provider' && named.provider === provider ? named.model : undefined;
  }
  // A replacement text with `$` in it is no pattern.
  const filled = segments.reduce((text, segment) => text.replace('*', () => segment), upstreamModel);
  return filled === '' ? undefined : filled;
}

/** Nothing in the file says the mode, or says the one that a wildcard has anyway. */
function isByName({ provider, mode, upstreamModel }: RequestCall): boolean {
  return mode === modeByName(provider, upstreamModel);
}
