import { counted } from '../../health/index.ts';
import { isDeepStrictEqual } from 'node:util';
import { formatNote, formatRefusal } from '../../config/index.ts';
import type { AllswellConfig, LoadedConfig } from '../../config/index.ts';
import type { Logger } from '../../ports/index.ts';
import { keepRestartSettings } from './restart-settings.ts';

/** Reads the configuration again; with a fleet name, as a member of that fleet whatever the file says. */
export type LoadAgain = (fleet?: string) => LoadedConfig;

export interface ReloadParts {
  readonly running: () => AllswellConfig;
  readonly logger: Logger;
  /** Applies another configuration. Nothing in it needs a restart. */
  readonly apply: (config: AllswellConfig) => void;
}

/** Applies a new configuration. An invalid one changes nothing. */
export function reloadConfig(load: LoadAgain, { running, logger, apply }: ReloadParts): LoadedConfig {
  const before = running();
  const asked = load();
  if (asked.kind === 'refused') {
    const problems = formatRefusal(asked).replaceAll('\n', '; ');
    logger.error(
      `Configuration not reloaded; the running configuration stays in effect: ${problems}. To fix: correct the file; it is read again when it changes`,
    );
    return asked;
  }
  // Target ids depend on the fleet name, which this pod keeps.
  const loaded = asked.config.fleet === before.fleet ? asked : load(before.fleet);
  if (loaded.kind === 'refused') return loaded;
  const { config, needRestart } = keepRestartSettings(before, { ...loaded.config, fleet: asked.config.fleet });
  if (needRestart.length > 0) {
    logger.warn(
      `Settings changed that apply only after a restart: ${needRestart.join(', ')}. To fix: restart this pod`,
    );
  }
  if (isDeepStrictEqual(config, before)) {
    if (needRestart.length === 0) logger.info('Configuration read again: no changes');
    return asked;
  }
  apply(config);
  for (const note of loaded.notes) logger[note.level](formatNote(note));
  const { added, removed, kept } = countChanges(before, config);
  logger.info(`Configuration reloaded: ${counted(added, 'target')} added, ${removed} removed, ${kept} kept`);
  return asked;
}

function countChanges(before: AllswellConfig, after: AllswellConfig): Record<'added' | 'removed' | 'kept', number> {
  const old = new Set(before.targets.map(({ id }) => id));
  const kept = after.targets.filter(({ id }) => old.has(id)).length;
  return { added: after.targets.length - kept, removed: old.size - kept, kept };
}
