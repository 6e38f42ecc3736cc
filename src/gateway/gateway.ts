import type { ModelBody, ModelInfoBody, ModelsBody } from '../api/index.ts';
import type { Deployment } from '../config/index.ts';
import { bind, detailAnswer, jsonAnswer, maySee } from '../http/index.ts';
import type { BoundRoute, Caller } from '../http/index.ts';
import { wildcardSegments } from '../litellm/index.ts';
import type { FleetReader } from '../ports/index.ts';
import * as modelRoute from './model-routes.ts';
import { modelInfoOf, modelOf } from './models.ts';

export interface GatewayOptions {
  readonly deployments: readonly Deployment[];
  readonly fleet: Pick<FleetReader, 'target'>;
  /** What is listed without `?healthy_only`. */
  readonly listed: 'all' | 'healthy';
  /** `model_group_alias`: alias to group, and the aliases that no list shows. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly hiddenAliases: readonly string[];
}

/** The endpoints that list models, in the formats of OpenAI and LiteLLM. */
export function createGateway(options: GatewayOptions): readonly BoundRoute[] {
  const { deployments, fleet, listed } = options;
  const aliases = visibleAliases(options);
  const isDown = ({ targetId }: Deployment): boolean => fleet.target(targetId)?.effective === 'down';
  /** A group is hidden only if every deployment of it is down: what is unknown or doubtful may well answer. */
  const listedBy = ({ healthy_only: healthyOnly }: modelRoute.ListQuery): readonly Deployment[] => {
    if (!healthyOnly && listed === 'all') return deployments;
    const working = new Set(deployments.filter((one) => !isDown(one)).map(({ modelName }) => modelName));
    return deployments.filter(({ modelName }) => working.has(modelName));
  };
  const shownTo = (caller: Caller, query: modelRoute.ListQuery): readonly Deployment[] =>
    listedBy(query).filter(({ modelName }) => maySee(caller, modelName));
  const namesFor = (caller: Caller, query: modelRoute.ListQuery): readonly string[] => {
    const groups = new Set(listedBy(query).map(({ modelName }) => modelName));
    const seen = aliases.filter(({ alias, group }) => {
      return groups.has(group) && (maySee(caller, alias) || maySee(caller, group));
    });
    const shown = [...groups].filter((group) => maySee(caller, group));
    return [...new Set([...shown, ...seen.map(({ alias }) => alias)])];
  };

  return [
    bind(modelRoute.models, ({ caller, query }) => {
      return jsonAnswer<ModelsBody>({ data: namesFor(caller, query).map(modelOf), object: 'list' });
    }),
    bind(modelRoute.modelByName, ({ caller, query, params: { name = '' } }) => {
      if (namesFor(caller, query).includes(name)) return jsonAnswer<ModelBody>(modelOf(name));
      return detailAnswer(404, `The model \`${name}\` does not exist or is not accessible`);
    }),
    bind(modelRoute.modelInfo, ({ caller, query }) => {
      const shown = shownTo(caller, query);
      const id = query.litellm_model_id;
      if (id === undefined) return jsonAnswer<ModelInfoBody>({ data: shown.map((one) => modelInfoOf(one, caller)) });
      const one = shown.find(({ modelId }) => modelId === id);
      if (one !== undefined) return jsonAnswer<ModelInfoBody>({ data: [modelInfoOf(one, caller)] });
      return detailAnswer(400, { error: `Model id = ${id} not found on litellm proxy` });
    }),
  ];
}

interface Alias {
  readonly alias: string;
  /** The group that requests with the alias go to; a pattern where a wildcard matches. */
  readonly group: string;
}

/** As LiteLLM: without those that are hidden, or that lead to no group. */
function visibleAliases({ deployments, aliases, hiddenAliases }: GatewayOptions): readonly Alias[] {
  const groups = [...new Set(deployments.map(({ modelName }) => modelName))];
  return Object.entries(aliases).flatMap(([alias, model]) => {
    if (hiddenAliases.includes(alias)) return [];
    const group = groups.includes(model) ? model : groups.find((one) => isWildcardOf(one, model));
    return group === undefined ? [] : [{ alias, group }];
  });
}

function isWildcardOf(group: string, model: string): boolean {
  return group.includes('*') && wildcardSegments(group, model) !== undefined;
}
