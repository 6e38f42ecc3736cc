import type { LoadedConfig } from '../../config/index.ts';

/**
 * Reads the configuration of a pod that serves requests, again at each reload. It starts with wrong values of LiteLLM's settings,
 * as LiteLLM does. Once a file had none, a reload refuses them: a slip must not change a pod that runs well.
 */
export function loadForServe(
  read: (profile: 'check' | 'serve', fleet?: string) => LoadedConfig,
): (fleet?: string) => LoadedConfig {
  let hadNone = false;
  return (fleet) => {
    const checked = read('check', fleet);
    hadNone ||= checked.kind === 'loaded';
    return hadNone ? checked : read('serve', fleet);
  };
}
