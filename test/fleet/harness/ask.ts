import { Agent, request } from 'node:http';

/** One answer of a pod, and when it was asked for and whole, in epoch milliseconds with fractions. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** This process' time on the scale of the upstream's time stamps. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

// Kept-alive connections, so that what is measured is the pod and not the handshake.
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends one GET request. Rejects without an answer within ten seconds. */
export async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const askedAt = epochMs();
  for (;;) {
    const outcome = await askOnce(url, headers);
    if (outcome.kind === 'answer') {
      return { status: outcome.status, text: outcome.text, askedAt, answeredAt: epochMs() };
    }
    if (outcome.kind === 'failed') throw outcome.error;
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly error: Error }
  /** The pod closed an idle connection just when it was used again: no answer, and no fault of anybody. */
  | { readonly kind: 'idle-closed' };

async function askOnce(url: string, headers: Readonly<Record<string, string>>): Promise<Outcome> {
  return await new Promise((resolve) => {
    const asked = request(url, { agent, headers, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => resolve({ kind: 'failed', error }));
      response.on('end', () => {
        resolve({ kind: 'answer', status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url} within ten seconds`)));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const idle = asked.reusedSocket && error.code === 'ECONNRESET';
      resolve(idle ? { kind: 'idle-closed' } : { kind: 'failed', error });
    });
    asked.end();
  });
}
