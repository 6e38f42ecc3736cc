import { describe, expect, it } from 'vitest';
import { examplePod, exampleShot, exampleTargetShot } from './example-snapshot.ts';
import { keyHelp, orderForKey } from './keys.ts';

const calm = exampleShot();

describe('a key', () => {
  it('causes a fault, and removes it when pressed again', () => {
    expect(orderForKey('k', calm, 0)).toEqual({ kind: 'kill-prober' });
    const killed = exampleShot({ pods: [examplePod(1, { life: 'down' }), examplePod(2)] });
    expect(orderForKey('k', killed, 1)).toEqual({ kind: 'bring-back', what: { kind: 'pods' } });

    expect(orderForKey('n', calm, 0)).toEqual({ kind: 'cut-network', pod: 'busiest' });
    const cut = exampleShot({ pods: [examplePod(1, { network: 'cut' })] });
    expect(orderForKey('n', cut, 1)).toEqual({ kind: 'bring-back', what: { kind: 'network' } });

    expect(orderForKey('r', calm, 0)).toEqual({ kind: 'stop-redis' });
    expect(orderForKey('h', calm, 0)).toEqual({ kind: 'hang-redis' });
    for (const redis of ['stopped', 'hung'] as const) {
      expect(orderForKey('r', exampleShot({ redis }), 1)).toEqual({ kind: 'bring-back', what: { kind: 'redis' } });
    }
  });

  it('decides as an operator would, and ends that when pressed again', () => {
    expect(orderForKey('p', calm, 0)).toEqual({ kind: 'pause' });
    expect(orderForKey('p', exampleShot({ probing: 'paused' }), 1)).toEqual({ kind: 'resume' });
    expect(orderForKey('d', calm, 0)).toEqual({ kind: 'drain', model: 'gpt-4o' });
    const drained = exampleShot({ targets: [exampleTargetShot({ hold: 'drain' })] });
    expect(orderForKey('d', drained, 1)).toEqual({ kind: 'undrain', model: 'gpt-4o' });
    expect(orderForKey('d', calm, 2)).toEqual({ kind: 'drain', model: 'gpt-4o-mini' });
  });

  it('takes the next model each time', () => {
    expect(orderForKey('f', calm, 0)).toEqual({ kind: 'fail', model: 'gpt-4o' });
    const failing = exampleShot({ targets: [exampleTargetShot({ fault: 'failing' })] });
    expect(orderForKey('f', failing, 1)).toEqual({ kind: 'bring-back', what: { kind: 'model', model: 'gpt-4o' } });
    expect(orderForKey('f', calm, 2)).toEqual({ kind: 'fail', model: 'gpt-4o-mini' });
    expect(orderForKey('f', calm, 4)).toEqual({ kind: 'fail', model: 'gpt-4o' });
  });

  it('that slows skips a failing model', () => {
    const targets = [exampleTargetShot({ fault: 'failing' }), exampleTargetShot({ name: 'o3-mini' })];
    expect(orderForKey('s', exampleShot({ targets }), 0)).toEqual({ kind: 'slow', model: 'o3-mini', seconds: 4 });
  });

  it('of the help means something, Ctrl-C ends, others mean nothing', () => {
    for (const [key] of keyHelp) expect(orderForKey(key, calm, 0)).toBeDefined();
    expect(orderForKey('\u0003', calm, 0)).toEqual({ kind: 'quit' });
    expect(orderForKey('x', calm, 0)).toBeUndefined();
  });
});
