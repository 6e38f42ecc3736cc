import { expect, it } from 'vitest';
import type { TargetId } from '../../health/index.ts';
import type { RoutedHealth } from '../../ports/index.ts';
import { createMirroredView } from './mirrored-view.ts';
import type { MirroredView } from './mirrored-view.ts';
import type { ViewMessage } from './messages.ts';
import { createViewLink } from './view-link.ts';
import type { ViewLink } from './view-link.ts';

const [A, B] = ['a', 'b'] as TargetId[] as [TargetId, TargetId];
const up: RoutedHealth = { state: 'up', since: 1, before: null, evidenceAt: 1, held: false };

it('a worker begins with the whole view, then gets what differs, and the store clock goes on between messages', () => {
  const { health, link, mirror, sent, time } = linked();
  mirror.apply(link.whole());
  expect([mirror.health(A), mirror.health(B)]).toEqual([up, up]);
  health.set(A, { ...up, state: 'down' });
  link.changed([A, B]);
  expect(sent.map(({ changes }) => changes)).toEqual([[[A, { ...up, state: 'down' }]]]);
  mirror.apply(sent[0]!);
  expect([mirror.health(A)?.state, mirror.health(B)?.state]).toEqual(['down', 'up']);
  time.machineMs += 5;
  expect(mirror.now()).toBe(1_005_000);
});

it('a worker that is slow gets the newest state in one message, and no queue', () => {
  const { health, link, sent } = linked();
  link.whole();
  for (const state of ['suspect', 'down', 'up', 'degraded'] as const) {
    health.set(A, { ...up, state });
    link.changed([A]);
  }
  health.delete(B);
  link.changed([B]);
  expect(sent).toHaveLength(1);
  link.applied();
  expect(sent).toHaveLength(2);
  expect(sent[1]?.changes).toEqual([
    [A, { ...up, state: 'degraded' }],
    [B, undefined],
  ]);
  link.applied();
  expect(sent).toHaveLength(2);
});

interface Linked {
  readonly health: Map<TargetId, RoutedHealth>;
  readonly link: ViewLink;
  readonly mirror: MirroredView;
  readonly sent: ViewMessage[];
  readonly time: { machineMs: number };
}

function linked(): Linked {
  const health = new Map([
    [A, up],
    [B, up],
  ]);
  const sent: ViewMessage[] = [];
  const time = { machineMs: 0 };
  const link = createViewLink({
    view: { health: (target) => health.get(target), now: () => 1_000_000 },
    targets: () => [A, B],
    machineMs: () => time.machineMs,
    send: (message) => void sent.push(message),
  });
  return { health, link, mirror: createMirroredView(() => time.machineMs), sent, time };
}
