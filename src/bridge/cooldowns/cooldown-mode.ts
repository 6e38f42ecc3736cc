import type { CooldownMode, Hold } from '../../ports/index.ts';

/**
 * The mode in force. An operator's restriction takes away what the configuration allows, and never adds to it: a pod whose
 * configuration says `observe` writes nothing, whatever the switch says.
 *
 * @example
 * modeInForce('observe', null) // 'observe'
 */
export function modeInForce(configured: CooldownMode, restriction: Pick<Hold, 'kind'> | null): CooldownMode {
  if (configured === 'off' || restriction?.kind === 'cooldowns-off') return 'off';
  return restriction?.kind === 'cooldowns-observe' ? 'observe' : configured;
}
