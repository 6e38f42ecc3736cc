import { formatNote } from '../config/index.ts';
import type { AllswellConfig, ConfigNote } from '../config/index.ts';
import type { Logger } from '../ports/index.ts';

/** Tells once what this pod was told, and what about it deserves attention. */
export function logStart(logger: Logger, config: AllswellConfig, notes: readonly ConfigNote[]): void {
  logger.info(configLine(config));
  for (const note of notes) logger[note.level](formatNote(note));
  for (const warning of config.activation.warnings) logger.warn(warning);
}

/** LiteLLM's line at load, with its spelling of values. */
function configLine({ activation, details, intervalMs, concurrency, modelGroups }: AllswellConfig): string {
  const { mode } = activation;
  const values = {
    enabled: python(mode === 'shared' || mode === 'independent'),
    shared: python(mode === 'shared' || mode === 'on-demand-shared'),
    interval_seconds: intervalMs / 1000,
    max_concurrency: concurrency.total,
    details: python(details === 'full'),
    health_check_routing: python(false),
    model_groups: modelGroups === null ? 'None' : `[${modelGroups.map((name) => `'${name}'`).join(', ')}]`,
  };
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return `background_health_check_config ${shown.join(' ')}`;
}

function python(value: boolean): string {
  return value ? 'True' : 'False';
}
