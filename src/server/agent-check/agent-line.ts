import type { FoundUp, UpReader, UpSource } from '../../admin/index.ts';

/**
 * Answers one agent check of HAProxy: a model group or an alias, else a target.
 *
 * Drained is `up 0%` and not `drain`: only `ready` would end that, and `ready` would also end a drain or maintenance that was
 * set in HAProxy. HAProxy changes nothing on a line that begins with `error`, so a wrong name takes no server out of traffic.
 */
export function agentLine(reader: UpReader, fleet: UpSource['fleet'], name: string): string {
  const group = reader.group(name);
  const found = group.kind === 'none' ? reader.target(name) : group;
  return found.kind === 'found' ? lineOf(fleet, found) : errors[found.kind];
}

const errors = { none: 'error not found', several: 'error several targets have this name' } as const;

function lineOf(fleet: UpSource['fleet'], { up, targets }: Extract<FoundUp, { kind: 'found' }>): string {
  switch (up) {
    case 'up':
    case 'unknown':
    case 'suspect':
      return 'up 100%';
    case 'degraded':
      return 'up 25%';
    case 'drained':
      return 'up 0%';
    case 'down':
      return `down #${reasonOf(fleet, targets)}`;
  }
}

/** Without the upstream's message: the port is open to everyone who reaches it. */
function reasonOf(fleet: UpSource['fleet'], targets: readonly string[]): string {
  const [only] = targets;
  if (only === undefined || targets.length > 1) return `none of ${targets.length} targets takes traffic`;
  const view = fleet.target(only);
  if (view?.flags.includes('rate-limited') === true) return 'overloaded';
  const { class: name = 'unknown failure', status } = view?.facts?.failureRun ?? {};
  return status === undefined ? name : `${name} HTTP ${status}`;
}
