import type { HoldPage } from '../ask/index.ts';
import { printable } from './table.ts';

/** Who decided it, why, and until when. */
export function holdText({ kind, by, reason, until }: HoldPage): string {
  return printable(`${kind} by ${by}${until === null ? '' : `, until ${until}`}: ${reason}`);
}
