import type { HoldPage } from '../ask/index.ts';
import { printable } from './table.ts';

const done: Readonly<Record<HoldPage['kind'], string>> = {
  drain: 'drained',
  'hold-up': 'held up',
  pause: 'paused',
  'cooldowns-observe': 'set to observe',
  'cooldowns-off': 'set to off',
  none: 'released',
};

/** Who decided what, since when, until when, and why. */
export function holdText({ kind, by, reason, at, until }: HoldPage): string {
  const since = at === undefined ? '' : ` since ${at}`;
  const end = until === null ? 'no end' : `until ${until}`;
  return printable(`${done[kind]} by ${by}${since}, ${end}: ${reason}`);
}

/** Word for a target's state where an operator's decision stands before it. */
export function heldState(hold: Pick<HoldPage, 'kind'> | null): 'drained' | 'held up' | undefined {
  return hold?.kind === 'drain' ? 'drained' : hold?.kind === 'hold-up' ? 'held up' : undefined;
}
