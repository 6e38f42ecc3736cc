import { PROBING } from '../../ports/index.ts';
import type { Hold, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdName } from '../target-index.ts';

type HoldLogOptions = Pick<FleetOptions, 'targets' | 'logger'>;

/** Says that a hold began, or that another was decided. */
export function logBeginning(options: HoldLogOptions, key: HoldKey, { kind, by, reason, until }: Hold): void {
  const { logger } = options;
  const end = until === null ? 'until an operator ends it' : `until ${new Date(until / 1000).toISOString()}`;
  const fields = { hold: key, by };
  // No pod looks any more: whoever did not decide that has to learn of it.
  if (key === PROBING) logger.warn(`Probing is paused by ${by}, ${end}: ${reason}`, fields);
  else logger.info(`${holdName(options, key)} is held: ${kind} by ${by}, ${end}: ${reason}`, fields);
}

/** Says that a hold is in force no longer. */
export function logEnding(options: HoldLogOptions, key: HoldKey, hold: Hold | undefined): void {
  const { logger } = options;
  if (hold?.kind === 'none') {
    const { by, reason } = hold;
    if (key === PROBING) logger.info(`Probing resumed by ${by}: ${reason}`, { hold: key, by });
    else logger.info(`${holdName(options, key)} is no longer held: hold ended by ${by}: ${reason}`, { hold: key, by });
  } else if (key === PROBING) logger.info('Probing resumed: pause expired', { hold: key });
  else logger.info(`${holdName(options, key)} is no longer held: hold expired`, { hold: key });
}
