import { COOLDOWNS, PROBING } from '../../ports/index.ts';
import type { Hold, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdName } from '../target-index.ts';

type HoldLogOptions = Pick<FleetOptions, 'targets' | 'logger'>;

/** Logs that a hold began or was replaced. */
export function logBeginning(options: HoldLogOptions, key: HoldKey, { kind, by, reason, until }: Hold): void {
  const { logger } = options;
  const end = until === null ? 'until an operator ends it' : `until ${new Date(until / 1000).toISOString()}`;
  const fields = { hold: key, by };
  // The whole fleet stops doing something, so these are warnings for every operator who did not order them.
  if (key === PROBING) {
    logger.warn(`Probing is paused by ${by}, ${end}: ${reason}. To resume: allswell probing resume`, fields);
  } else if (key === COOLDOWNS) {
    logger.warn(
      `LiteLLM cooldowns are ${kind === 'cooldowns-off' ? 'off' : 'only observed'} in all pods, by ${by}, ${end}: ${reason}. To end it: allswell bridge cooldowns on`,
      fields,
    );
  } else logger.info(`Hold set on ${holdName(options, key)}: ${kind} by ${by}, ${end}: ${reason}`, fields);
}

/** Logs that a hold is no longer in force. */
export function logEnding(options: HoldLogOptions, key: HoldKey, hold: Hold | undefined): void {
  if (hold?.kind === 'none') logDecidedEnd(options, key, hold);
  else logExpiry(options, key);
}

function logDecidedEnd(options: HoldLogOptions, key: HoldKey, { by, reason }: Hold): void {
  const { logger } = options;
  const fields = { hold: key, by };
  if (key === PROBING) logger.info(`Probing resumed by ${by}: ${reason}`, fields);
  else if (key === COOLDOWNS) {
    logger.info(`LiteLLM cooldowns follow the configuration again, by ${by}: ${reason}`, fields);
  } else logger.info(`Hold ended on ${holdName(options, key)} by ${by}: ${reason}`, fields);
}

function logExpiry(options: HoldLogOptions, key: HoldKey): void {
  const { logger } = options;
  const fields = { hold: key };
  if (key === PROBING) logger.info('Probing resumed: pause expired', fields);
  else if (key === COOLDOWNS) {
    logger.info('LiteLLM cooldowns follow the configuration again: restriction expired', fields);
  } else logger.info(`Hold ended on ${holdName(options, key)}: it expired`, fields);
}
