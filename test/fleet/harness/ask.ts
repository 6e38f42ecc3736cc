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

/** Sends one GET request. Rejects where nobody answers within ten seconds. */
export async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const askedAt = epochMs();
  return await new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text, askedAt, answeredAt: epochMs() });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url} within ten seconds`)));
    asked.on('error', reject);
    asked.end();
  });
}
