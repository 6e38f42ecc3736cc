import type { AllswellConfig, Deployment, ProbeTarget, RequestCall } from '../../config/index.ts';
import { type PriceBook, usdOf } from '../../providers/pricing/index.ts';
import type { RoutedDeployment } from '../../routing/index.ts';

/**
 * The deployments that requests can be sent to, as routing sees them. The model group of a wildcard is its pattern, such as
 * `openai/*`. {@link deploymentsByRoutedId} leads back from an id.
 */
export function routedDeploymentsOf(config: RoutedConfig, prices: PriceBook): readonly RoutedDeployment[] {
  const targets = new Map(config.targets.map((target) => [target.id, target]));
  return [...deploymentsByRoutedId(config)].map(([id, deployment]) => {
    const { modelName: group, targetId: target, limits, tags, timeoutMs } = deployment;
    const { rpm, tpm, maxParallel, weight, order, retries, cooldownMs } = limits;
    const usdPerToken = priceFor(deployment, config, { prices, target: targets.get(target) });
    const streamTimeoutMs = limits.streamTimeoutMs ?? streamTimeoutOf(deployment, config);
    const optional = {
      weight,
      rpm,
      tpm,
      maxParallel,
      order,
      usdPerToken,
      timeoutMs,
      streamTimeoutMs,
      retries,
      cooldownMs,
    };
    return { id, group, target, tags, ...present(optional) };
  });
}

/**
 * The same deployments by their ids for routing: `model_info.id`, or LiteLLM's hash. Deployments of one entry with several
 * organizations have one such id; then all but the first get a number behind it.
 */
export function deploymentsByRoutedId({ deployments }: Pick<AllswellConfig, 'deployments'>): RoutedById {
  const byId = new Map<string, CallableDeployment>();
  for (const deployment of deployments) {
    if (!isCallable(deployment)) continue;
    let id = deployment.modelId;
    for (let number = 2; byId.has(id); number += 1) id = `${deployment.modelId}#${number}`;
    byId.set(id, deployment);
  }
  return byId;
}

/** Why requests for a group cannot be sent anywhere. */
export interface UncallableGroup {
  readonly group: string;
  readonly why: string;
}

/** The groups without a deployment that requests can call, by their names and aliases. */
export function uncallableGroups({
  deployments,
  unprobed,
  routing,
}: Pick<AllswellConfig, 'deployments' | 'unprobed' | 'routing'>): Uncallable {
  const callable = new Set(deployments.filter(isCallable).map(({ modelName }) => modelName));
  const found = new Map<string, UncallableGroup>();
  for (const { modelName: group, call } of deployments) {
    if (callable.has(group) || found.has(group)) continue;
    found.set(group, { group, why: call.kind === 'callable' ? unspoken(call) : call.why });
  }
  for (const { modelName: group, why } of unprobed) {
    if (!callable.has(group) && !found.has(group)) found.set(group, { group, why });
  }
  for (const [alias, group] of Object.entries(routing.aliases)) {
    const one = found.get(group);
    if (one !== undefined) found.set(alias, one);
  }
  return found;
}

export type Uncallable = ReadonlyMap<string, UncallableGroup>;

function unspoken({ provider }: RequestCall): string {
  return `allswell cannot send requests to ${provider}, whose API it does not speak`;
}

/** The parts of a configuration that this reads. */
export type RoutedConfig = Pick<AllswellConfig, 'deployments' | 'targets' | 'routing'>;
export type RoutedById = ReadonlyMap<string, CallableDeployment>;
/** A deployment that requests can be sent to. */
export type CallableDeployment = Deployment & { readonly call: RequestCall };

/** With wire `none` allswell can only open a connection to the upstream. */
function isCallable(deployment: Deployment): deployment is CallableDeployment {
  return deployment.call.kind === 'callable' && deployment.call.wire !== 'none';
}

/** As in LiteLLM, the `timeout` of a deployment also holds for streams, unless a setting limits streams in particular. */
function streamTimeoutOf({ timeoutMs }: Deployment, { routing }: RoutedConfig): number | undefined {
  return routing.streamTimeoutFrom === 'timeout' ? timeoutMs : undefined;
}

/** Cost of tokens at a deployment, US dollars: by the configured price, else by the price list; undefined if it is in neither. */
export function usdOfTokens(
  deployment: CallableDeployment,
  { input: inputTokens, output: outputTokens }: { readonly input: number; readonly output: number },
  { prices, target }: Priced,
): number | undefined {
  const { call, price } = deployment;
  return usdOf(
    { provider: call.provider, model: pricedModel(deployment, target), inputTokens, outputTokens },
    price,
    prices,
  );
}

/** The probe may call another model; if not, its `base_model` names the price. */
function pricedModel({ call }: CallableDeployment, target: ProbeTarget | undefined): string {
  return target?.upstreamModel === call.upstreamModel ? target.priceModel : call.upstreamModel;
}

interface Priced {
  readonly prices: PriceBook;
  readonly target: ProbeTarget | undefined;
}

/** Only cost-based routing asks for prices: the price list takes 50 ms to read. */
function priceFor(deployment: CallableDeployment, { routing }: RoutedConfig, priced: Priced): number | undefined {
  return routing.strategy === 'cost-based-routing'
    ? usdOfTokens(deployment, { input: 1, output: 1 }, priced)
    : undefined;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
