import { fleetDocs } from './key-docs-fleet.ts';
import { modelDocs } from './key-docs-models.ts';
import { redisDocs } from './key-docs-redis.ts';
import { routingDocs } from './key-docs-routing.ts';
import { settingsDocs } from './key-docs-settings.ts';
import type { KeyDocs } from './key-doc.ts';

/** Documentation of every honoured key. The reference page and the JSON Schema do not build if one is missing. */
export const keyDocs: KeyDocs = {
  ...settingsDocs,
  'general_settings.coordination_redis': redisDocs,
  'litellm_settings.cache_params': {
    type: { default: 'redis', meaning: 'allswell ignores every other type.' },
    ...redisDocs,
  },
  ...routingDocs,
  ...fleetDocs,
  ...modelDocs,
};
