import type { Route } from '../../http/index.ts';

const common = { method: 'GET', auth: 'up', group: 'Fleet' } as const;
const type = 'text/plain';

const answers = {
  200: { when: '`up`, `degraded`, `unknown` or `suspect`', type },
  404: { when: '`not found`: unknown id or name', type },
  503: { when: '`down` or `drained`; `stopping`: this pod stops', type },
};

export const targetUp: Route = {
  ...common,
  name: 'targetUp',
  paths: ['/fleet/targets/{id}/up'],
  slashesIn: 'id',
  summary: 'Whether a target takes traffic, by status and one word',
  params: { id: 'target id, `model_id`, or a name that only one target has' },
  answers: { ...answers, 409: { when: '`several targets have this name`', type } },
};

export const groupUp: Route = {
  ...common,
  name: 'groupUp',
  paths: ['/groups/{name}/up'],
  slashesIn: 'name',
  summary: 'Whether a model group takes traffic, by status and one word',
  params: { name: 'model group as in `model_name`, or an alias of one; slashes as they are or as `%2F`' },
  answers,
};

export const upRoutes: readonly Route[] = [targetUp, groupUp];
