import { guardsFor } from '../../../bridge/index.ts';
import type { Pool } from '../../../bridge/index.ts';
import type { FoundCooldown, PoolGuard } from '../../../ports/index.ts';
import { few } from './check.ts';
import { isOurs, hasId, nameOf } from './expected.ts';
import type { ConfiguredDeployment, Expected } from './expected.ts';
import type { ListedModel, ResultRow } from './litellm-pages.ts';

/** A deployment that is cooled down for a few seconds to see whether LiteLLM obeys. */
export interface Canary {
  readonly kind: 'canary';
  readonly deployment: ConfiguredDeployment;
  /** `cooled`: allswell keeps its cooldown already. */
  readonly state: 'free' | 'cooled';
  /** What must be free of a cooldown when the canary is cooled down. */
  readonly guards: readonly PoolGuard[];
}

export type ChosenCanary =
  | Canary
  /** The operator's choice must not be cooled down. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

export interface CanaryInput {
  readonly expected: Expected;
  readonly pools: readonly Pool[];
  /** By `modelId`. */
  readonly cooldowns: ReadonlyMap<string, FoundCooldown>;
  /** Of `--with-canary`. */
  readonly named: string | undefined;
}

/**
 * Chooses the canary: the deployment that the operator names, else one that is down. Never the last routable one of its
 * group: another deployment of each pool that it is in must be healthy and not cooled down.
 */
export function chooseCanary(input: CanaryInput): ChosenCanary {
  const { expected, named } = input;
  if (named !== undefined) {
    const deployment = expected.deployments.find((one) => hasId(one, named));
    if (deployment === undefined) {
      return { kind: 'refused', why: `--with-canary ${named}: the configuration has no deployment with this id` };
    }
    const why = whyNot(deployment, input);
    return why === undefined ? canaryOf(deployment, input) : { kind: 'refused', why: `--with-canary ${named}: ${why}` };
  }
  const down = expected.deployments.filter((one) => rowOf(one, expected)?.list === 'unhealthy');
  if (down.length === 0) {
    return {
      kind: 'none',
      why: 'no deployment is down; name one with --with-canary to cool it down for a few seconds',
    };
  }
  const fit = down.filter((one) => whyNot(one, input) === undefined).map((one) => canaryOf(one, input));
  // Only a deployment that LiteLLM may still choose shows that the cooldown is the reason.
  const best = fit.find(({ state }) => state === 'free') ?? fit[0];
  return (
    best ?? {
      kind: 'none',
      why: `each deployment that is down is the last of its group, or cooled down by LiteLLM itself: ${few(down.map(nameOf))}`,
    }
  );
}

function canaryOf(deployment: ConfiguredDeployment, { cooldowns, pools }: CanaryInput): Canary {
  const { modelId } = deployment;
  const cooledByLitellm = new Set(cooldowns.keys());
  const guards = guardsFor({ plan: { cooled: new Set([modelId]) }, pools, cooledByLitellm, stillCooled: new Set() });
  return { kind: 'canary', deployment, state: cooldowns.has(modelId) ? 'cooled' : 'free', guards };
}

function whyNot(deployment: ConfiguredDeployment, { expected, pools, cooldowns }: CanaryInput): string | undefined {
  if (expected.results === undefined) {
    return 'without results of allswell in Redis, the health of the other deployments is unknown';
  }
  if (cooldowns.get(deployment.modelId)?.by === 'litellm') return 'LiteLLM itself has cooled it down';
  const routable = (id: string): boolean => {
    const other = expected.deployments.find((one) => hasId(one, id));
    if (other === undefined || cooldowns.has(other.modelId)) return false;
    const row = rowOf(other, expected);
    return row?.list === 'healthy' && row.state !== 'suspect';
  };
  const last = pools.find(
    ({ own }) => own.includes(deployment.modelId) && !own.some((id) => id !== deployment.modelId && routable(id)),
  );
  return last === undefined ? undefined : `no other deployment of ${last.name} is healthy and free of a cooldown`;
}

function rowOf(deployment: ConfiguredDeployment, { results }: Expected): ResultRow | undefined {
  return results?.rows.find((row) => isOurs(row) && hasId(deployment, row.id));
}

/**
 * How a pod's Router is asked whether it would choose a deployment. LiteLLM's token counter lets the Router choose and
 * calls no upstream; it answers with the chosen model, without the prefix of the provider.
 */
export interface RouterQuestion {
  /** The model of the request. A deployment's id is of no use: LiteLLM takes that deployment whether it is cooled down or not. */
  readonly model: string;
  /** The answer that means this deployment. */
  readonly chosen: string;
  /** `always`: it is the only one that the Router can choose. `sometimes`: it is one of a group. */
  readonly chooses: 'always' | 'sometimes';
}

/**
 * Finds a question whose answer names one deployment only; undefined if no question does.
 *
 * @example
 * const models = [{ id: 'a', group: 'chat', model: 'openai/gpt-4o' }, { id: 'b', group: 'chat', model: 'azure/mine' }]
 * questionFor(models[0], models) // { model: 'openai/gpt-4o', chosen: 'gpt-4o', chooses: 'always' }
 */
export function questionFor(canary: ListedModel, models: readonly ListedModel[]): RouterQuestion | undefined {
  const chosen = withoutProvider(canary.model);
  const groups = new Set(models.map(({ group }) => group));
  const wildcard = [...groups].some((group) => group.includes('*'));
  const alone = models.filter(({ model }) => model === canary.model).length === 1;
  if (alone && !wildcard && chosen !== canary.model && !groups.has(canary.model)) {
    return { model: canary.model, chosen, chooses: 'always' };
  }
  const peers = models.filter(({ group, id }) => group === canary.group && id !== canary.id);
  const distinct = peers.length > 0 && peers.every(({ model }) => withoutProvider(model) !== chosen);
  if (distinct && chosen !== canary.group && !canary.group.includes('*')) {
    return { model: canary.group, chosen, chooses: 'sometimes' };
  }
  return undefined;
}

function withoutProvider(model: string): string {
  const at = model.indexOf('/');
  return at === -1 ? model : model.slice(at + 1);
}
