import type { TargetId } from '../../health/index.ts';
import type { RoutedHealth, RoutingView } from '../../ports/index.ts';
import type { ViewMessage } from './messages.ts';

/** What one worker knows of the health of targets. */
export interface ViewLink {
  /** The whole view. The first message to a worker. */
  whole(): ViewMessage;
  /** These targets may have changed: sends what differs, now or as soon as the worker has applied the last message. */
  changed(targets: Iterable<TargetId>): void;
  /** The worker has applied the last message. */
  applied(): void;
}

export interface ViewLinkParts {
  readonly view: RoutingView;
  /** All targets of the configuration. */
  readonly targets: () => readonly TargetId[];
  readonly machineMs: () => number;
  readonly send: (message: ViewMessage) => void;
}

/**
 * One message is on its way at most, so a worker that reads slowly finds the newest state and no queue. A message without
 * changes brings the store's clock.
 */
export function createViewLink({ view, targets, machineMs, send }: ViewLinkParts): ViewLink {
  const sent = new Map<TargetId, RoutedHealth>();
  const waiting = new Set<TargetId>();
  let isBusy = false;

  const message = (asked: Iterable<TargetId>): ViewMessage => {
    const changes: [TargetId, RoutedHealth | undefined][] = [];
    for (const target of asked) {
      const health = view.health(target);
      const before = sent.get(target);
      if (isSame(health, before)) continue;
      if (health === undefined) sent.delete(target);
      else sent.set(target, health);
      changes.push([target, health]);
    }
    return { kind: 'view', now: view.now(), machineMs: machineMs(), changes };
  };
  const flush = (): void => {
    isBusy = true;
    const asked = [...waiting];
    waiting.clear();
    send(message(asked));
  };
  return {
    whole: () => message(targets()),
    changed: (changed) => {
      for (const target of changed) waiting.add(target);
      if (!isBusy) flush();
    },
    applied: () => {
      isBusy = false;
      if (waiting.size > 0) flush();
    },
  };
}

/** Field by field: it runs for each target and worker every second. */
function isSame(one: RoutedHealth | undefined, other: RoutedHealth | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.state === other.state &&
    one.since === other.since &&
    one.before === other.before &&
    one.evidenceAt === other.evidenceAt &&
    one.held === other.held &&
    one.succeededAt === other.succeededAt &&
    one.because === other.because
  );
}
