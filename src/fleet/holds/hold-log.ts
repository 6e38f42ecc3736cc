import { PROBING } from '../../ports/index.ts';
import type { Hold, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdName } from '../target-index.ts';

type HoldLogOptions = Pick<FleetOptions, 'targets' | 'logger'>;

/** Logs that a hold began or was replaced. */
export function logBeginning(options: HoldLogOptions, key: HoldKey, { kind, by, reason, until }: Hold): void {
  const { logger } = options;
  const end = until === null ? 'until an operator ends it' : `until ${new Date(until / 1000).toISOString()}`;
  const fields = { hold: key, by };
  // No pod probes any more, so this is a warning for every operator who did not order the pause.
  if (key === PROBING) {
    logger.warn(`Probing is paused by ${by}, ${end}: ${reason}. To resume: allswell probing resume`, fields);
  } else logger.info(`Hold set on ${holdName(options, key)}: ${kind} by ${by}, ${end}: ${reason}`, fields);
}

/** Logs that a hold is no longer in force. */
export function logEnding(options: HoldLogOptions, key: HoldKey, hold: Hold | undefined): void {
  const { logger } = options;
  if (hold?.kind === 'none') {
    const { by, reason } = hold;
    if (key === PROBING) logger.info(`Probing resumed by ${by}: ${reason}`, { hold: key, by });
    else logger.info(`Hold ended on ${holdName(options, key)} by ${by}: ${reason}`, { hold: key, by });
  } else if (key === PROBING) logger.info('Probing resumed: pause expired', { hold: key });
  else logger.info(`Hold ended on ${holdName(options, key)}: it expired`, { hold: key });
}
