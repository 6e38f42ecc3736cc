import { fleetDocs } from './key-docs-fleet.ts';
import { modelDocs } from './key-docs-models.ts';
import { redisDocs } from './key-docs-redis.ts';
import { settingsDocs } from './key-docs-settings.ts';
import type { KeyDocs } from './key-doc.ts';

/** Every key that is honoured. The reference page and the JSON Schema fail to build when one is missing here. */
export const keyDocs: KeyDocs = {
  ...settingsDocs,
  'general_settings.coordination_redis': redisDocs,
  'litellm_settings.cache_params': {
    type: { default: 'redis', meaning: 'Every other type has nothing to say to allswell.' },
    ...redisDocs,
  },
  ...fleetDocs,
  ...modelDocs,
};
