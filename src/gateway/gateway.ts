import type { ModelBody, ModelInfoBody, ModelsBody } from '../api/index.ts';
import type { Deployment } from '../config/index.ts';
import { bind, detailAnswer, jsonAnswer, maySee } from '../http/index.ts';
import type { BoundRoute, Caller } from '../http/index.ts';
import type { FleetReader } from '../ports/index.ts';
import * as modelRoute from './model-routes.ts';
import { modelInfoOf, modelOf } from './models.ts';

export interface GatewayOptions {
  readonly deployments: readonly Deployment[];
  readonly fleet: Pick<FleetReader, 'target'>;
  /** What is listed without `?healthy_only`. */
  readonly listed: 'all' | 'healthy';
}

/** The endpoints that list models, in the formats of OpenAI and LiteLLM. */
export function createGateway({ deployments, fleet, listed }: GatewayOptions): readonly BoundRoute[] {
  const isDown = ({ targetId }: Deployment): boolean => fleet.target(targetId)?.effective === 'down';
  /** A group is hidden only if every deployment of it is down: what is unknown or doubtful may well answer. */
  const shownTo = (caller: Caller, { healthy_only: healthyOnly }: modelRoute.ListQuery): readonly Deployment[] => {
    const seen = deployments.filter(({ modelName }) => maySee(caller, modelName));
    if (!healthyOnly && listed === 'all') return seen;
    const working = new Set(seen.filter((one) => !isDown(one)).map(({ modelName }) => modelName));
    return seen.filter(({ modelName }) => working.has(modelName));
  };
  const groupsOf = (shown: readonly Deployment[]): readonly string[] => [
    ...new Set(shown.map(({ modelName }) => modelName)),
  ];

  return [
    bind(modelRoute.models, ({ caller, query }) => {
      return jsonAnswer<ModelsBody>({ data: groupsOf(shownTo(caller, query)).map(modelOf), object: 'list' });
    }),
    bind(modelRoute.modelByName, ({ caller, query, params: { name = '' } }) => {
      if (groupsOf(shownTo(caller, query)).includes(name)) return jsonAnswer<ModelBody>(modelOf(name));
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
