import type { Socket } from 'node:net';

/** Address of the other end, in one form however it came: not `::ffff:127.0.0.1`, and without the zone of a local one. */
export function addressOf({ remoteAddress }: Pick<Socket, 'remoteAddress'>): string | undefined {
  return remoteAddress?.replace(/^::ffff:/, '').replace(/%.*$/, '');
}
