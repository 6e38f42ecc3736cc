import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet as Coordinator } from '../fleet/index.ts';
import type { Clock, FleetReader, Logger } from '../ports/index.ts';
import { membersOf, namesOf } from './members.ts';

const ASK_EVERY_MS = 5;
/** The timer of the mode and this wait end together; the mode is to be settled first. */
const MARGIN_MS = 100;

/** What joining needs. */
export interface JoiningInput {
  readonly coordinator: Pick<Coordinator, 'status' | 'onChange'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest wait for the store. */
  readonly withinMs: number;
}

/**
 * Waits until the store has answered with the members of the fleet, or this process works without it. The line about it is
 * logged once, at the first answer. The timer keeps the process running meanwhile.
 */
export async function joined({ coordinator, clock, logger, withinMs }: JoiningInput): Promise<void> {
  const untilMs = clock.monotonicMs() + withinMs + MARGIN_MS;
  while (!isSettled(coordinator) && clock.monotonicMs() < untilMs) {
    // oxlint-disable-next-line no-await-in-loop -- there is no event for the first answer
    await delay(ASK_EVERY_MS);
  }
  if (coordinator.status().mode === 'shared') return logJoined(coordinator, logger);
  const stop = coordinator.onChange((change) => {
    if (change.kind !== 'mode-changed' || change.mode !== 'shared') return;
    stop();
    logJoined(coordinator, logger);
  });
}

function isSettled(coordinator: Pick<FleetReader, 'status'>): boolean {
  const { storeAvailable, members, mode } = coordinator.status();
  return mode === 'fallback' || (storeAvailable && members.length > 0);
}

function logJoined(coordinator: Pick<FleetReader, 'status'>, logger: Logger): void {
  const status = coordinator.status();
  const members = membersOf(status);
  if (members.length === 1) {
    logger.info(
      `Joined fleet ${status.fleet} as ${namesOf(members)}: alone so far. To fix, unless it is the first process: compare fleet and redis with the other processes`,
    );
  } else logger.info(`Joined fleet ${status.fleet}: ${members.length} processes: ${namesOf(members)}`);
}
