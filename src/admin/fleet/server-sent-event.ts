const encoder = new TextEncoder();

/** One event as its reader gets it. The data is one line, for JSON has no other breaks. */
export function serverSentEvent({ id, event, data }: { id: string; event: string; data: unknown }): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A comment: shows that the stream lives, to proxies as well. */
export const heartbeat: Uint8Array = encoder.encode(': heartbeat\n\n');
