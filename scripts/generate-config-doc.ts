import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../src/config/docs/json-schema.ts';
import { configPage } from './config-page.ts';
import { litellmSettingsPage } from './litellm-settings-page.ts';

writeFileSync('docs/reference/configuration.md', configPage());
writeFileSync('docs/reference/litellm-settings.md', litellmSettingsPage());
writeFileSync('docs/reference/config.schema.generated.json', `${JSON.stringify(configJsonSchema(), null, 1)}\n`);
