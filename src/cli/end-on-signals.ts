import type { Command } from 'commander';

/** What shells show of a process that a signal ended. */
const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

type EndSignal = keyof typeof statuses;
const signals = Object.keys(statuses) as EndSignal[];

/** The part of the process that ends by signals. */
export type EndingProcess = Pick<NodeJS.Process, 'on' | 'removeAllListeners' | 'kill' | 'pid' | 'exit'>;

// A signal without a handler does nothing to the first process of a container. So whatever waits has handlers.

/** The command ends at once on SIGINT and SIGTERM, while it runs: it has nothing to close. */
export function endingAtOnce(command: Command): Command {
  return command.hook('preAction', () => endAtOnce(process));
}

/** From now on SIGINT and SIGTERM end the process at once. */
export function endAtOnce(process: EndingProcess): void {
  for (const signal of signals) process.on(signal, () => endBy(signal, process));
}

/** Hands in a signal that aborts on SIGINT and SIGTERM. What ran has closed what it opened when the process ends by it. */
export async function endingInOrder(process: EndingProcess, run: (end: AbortSignal) => Promise<void>): Promise<void> {
  const end = firstSignal(process);
  await run(end);
  if (end.aborted) endBy(end.reason as EndSignal, process);
}

/** Aborts on the first SIGINT or SIGTERM. The second one ends the process at once. */
export function firstSignal(process: EndingProcess): AbortSignal {
  const end = new AbortController();
  for (const signal of signals) {
    process.on(signal, () => {
      if (end.signal.aborted) endBy(signal, process);
      else end.abort(signal);
    });
  }
  return end.signal;
}

/**
 * Ends as if there had been no handler: a shell tells a command that Ctrl-C ended from one that ended by itself, and
 * goes on with its script after the latter.
 */
function endBy(signal: EndSignal, process: EndingProcess): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Only the first process of a container comes this far.
  process.exit(statuses[signal]);
}
