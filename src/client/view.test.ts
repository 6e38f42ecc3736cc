import { describe, expect, it, vi } from 'vitest';
import type { TargetBody } from '../api/index.ts';
import { moment } from './elapsed.ts';
import type { StateChange } from './types.ts';
import { createView } from './view.ts';

const A = 'a'.repeat(24);
const B = 'b'.repeat(24);

function body(target: string, changes: Partial<TargetBody> = {}): TargetBody {
  const deployments = [{ model_name: 'chat', model_id: `id-${target.slice(0, 1)}` }];
  const place = { upstream_host: null, region: null };
  const never = { since: null, checked_at: null, age_seconds: 2, next_due_at: null, lease: null };
  const state = changes.effective ?? 'up';
  const rest = { hold: null, stale: false, why: 'fine', flags: [], local_only: false, version: 1 };
  return { target, model: 'openai/m', deployments, state, effective: state, ...place, ...rest, ...never, ...changes };
}

function open(connected = true): { view: ReturnType<typeof createView>; changes: StateChange[] } {
  const changes: StateChange[] = [];
  const view = createView(
    () => connected,
    (change) => changes.push(change),
  );
  return { view, changes };
}

describe('a view', () => {
  it('finds a target by its id, a deployment id, or a model group, whose best target counts', () => {
    const { view } = open();
    view.replace({ targets: [body(A, { effective: 'down' }), body(B, { effective: 'degraded', why: 'slow' })] });
    expect(view.state(A)?.state).toBe('down');
    expect(view.state('id-a')?.state).toBe('down');
    expect(view.state('chat')).toMatchObject({ state: 'degraded', why: 'slow', stale: false });
    expect(view.state('other')).toBeUndefined();
    expect(view.targets().map(({ target }) => target)).toEqual([A, B]);
  });

  it('is stale while the connection is lost, and names who holds a target', () => {
    const { view } = open(false);
    const hold = { kind: 'drain', by: 'ops', reason: 'upgrade', at: '', until: null } as const;
    view.replace({ targets: [body(A, { effective: 'down', hold })] });
    expect(view.state(A)).toMatchObject({ stale: true, why: 'drain by ops: upgrade' });
  });

  it('reports each change of a state once, and targets that come and go', () => {
    const { view, changes } = open();
    view.replace({ targets: [body(A)] });
    view.replace({ targets: [body(A), body(B)] });
    view.update(body(A, { effective: 'suspect' }));
    view.update(body(A, { effective: 'suspect', why: 'other' }));
    view.replace({ targets: [body(B)] });
    expect(changes).toEqual([
      { target: A, state: 'up', before: null },
      { target: B, state: 'up', before: null },
      { target: A, state: 'suspect', before: 'up' },
      { target: A, state: null, before: 'suspect' },
    ]);
  });

  it('keeps what changed after an older list was asked for', () => {
    vi.useFakeTimers();
    try {
      const { view } = open();
      view.replace({ targets: [body(A)] });
      const asked = moment();
      vi.advanceTimersByTime(10);
      view.update(body(A, { effective: 'down' }));
      view.replace({ targets: [body(A)] }, asked);
      expect(view.state(A)?.state).toBe('down');
      vi.advanceTimersByTime(10);
      view.replace({ targets: [body(A)] }, moment());
      expect(view.state(A)?.state).toBe('up');
    } finally {
      vi.useRealTimers();
    }
  });

  it('has ages that go on', () => {
    vi.useFakeTimers();
    try {
      const { view } = open();
      view.replace({ targets: [body(A), body(B, { age_seconds: null })] });
      vi.advanceTimersByTime(1_500);
      expect([view.state(A)?.ageMs, view.state(B)?.ageMs]).toEqual([3_500, null]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('names for reports what is one target, also before it is filled', () => {
    const { view } = open();
    expect([view.reported(A), view.reported('id-a')]).toEqual([{ target: A }, { deployment: 'id-a' }]);
    view.replace({ targets: [body(A), body(B)] });
    expect([view.reported('id-a'), view.reported('chat')]).toEqual([{ target: A }, undefined]);
  });
});
