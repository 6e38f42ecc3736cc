import type { Behaviour, PortFault } from './behaviour.ts';
import type { ControlOrder } from './control.ts';
import type { UpstreamStats } from './counts.ts';

/** A mock upstream in another process, driven through its control port. */
export interface RemoteMockUpstream {
  set(model: string, behaviour: Behaviour): Promise<void>;
  setFault(port: number | 'all', fault: PortFault): Promise<void>;
  setListed(models: readonly string[]): Promise<void>;
  /** Opens one more port, 0 for any free one, and answers it. */
  openPort(port: number): Promise<number>;
  stats(): Promise<UpstreamStats>;
  resetCounts(): Promise<void>;
}

/** @param controlUrl as the process printed it */
export function remoteMockUpstream(controlUrl: string): RemoteMockUpstream {
  const order = async (body: ControlOrder): Promise<{ ports: number[] }> =>
    (await ask(`${controlUrl}/_control`, { method: 'POST', body: JSON.stringify(body) })) as { ports: number[] };
  return {
    set: async (model, behaviour) => void (await order({ model, behaviour })),
    setFault: async (port, fault) => void (await order({ port, fault })),
    setListed: async (listed) => void (await order({ listed })),
    openPort: async (port) => (await order({ open: port })).ports.at(-1) ?? 0,
    stats: async () => (await ask(`${controlUrl}/_stats`, {})) as UpstreamStats,
    resetCounts: async () => void (await order({ reset: true })),
  };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`the mock upstream answered ${response.status}: ${JSON.stringify(body)}`);
  return body;
}
