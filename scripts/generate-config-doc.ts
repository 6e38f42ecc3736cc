import { writeFileSync } from 'node:fs';
import { configPage } from './config-page.ts';
import { litellmSettingsPage } from './litellm-settings-page.ts';

writeFileSync('docs/reference/configuration.md', configPage());
writeFileSync('docs/reference/litellm-settings.md', litellmSettingsPage());
