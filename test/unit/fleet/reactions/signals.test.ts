import { expect, it } from 'vitest';
import { Signals, type Reactions } from '../../../../src/fleet/signals.ts';

/** Reactions that record when they begin and end; the first one sends another signal in between. */
function recording(signals: Signals): { reactions: Reactions; order: string[] } {
  const order: string[] = [];
  const record = ({ kind }: { readonly kind: string }): void => {
    order.push(`${kind} begins`);
    if (kind === 'members-changed') signals.emit({ kind: 'probe-slot-freed' });
    order.push(`${kind} ends`);
  };
  return { reactions: new Proxy({} as Reactions, { get: () => record }), order };
}

it('a reaction has ended when the part that sent its signal goes on, and so has what follows from it', () => {
  const signals = new Signals();
  const { reactions, order } = recording(signals);
  signals.connect(reactions);
  signals.emit({ kind: 'members-changed' });
  order.push('the sender goes on');
  expect(order).toEqual([
    'members-changed begins',
    'probe-slot-freed begins',
    'probe-slot-freed ends',
    'members-changed ends',
    'the sender goes on',
  ]);
});

it('a signal that comes before all parts are connected is dropped', () => {
  const signals = new Signals();
  const { reactions, order } = recording(signals);
  signals.emit({ kind: 'store-reachable' });
  signals.connect(reactions);
  expect(order).toEqual([]);
});
