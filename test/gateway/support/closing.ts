import { afterEach } from 'vitest';
import { startGatewayPod } from './gateway-pod.ts';
import type { GatewayPod } from './gateway-pod.ts';
import { startScriptedUpstream } from './scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './scripted-upstream.ts';

/** Starts pods and upstreams for the tests of one file. They end after each test, the newest first. */
export interface Closing {
  upstream(script: Script): Promise<ScriptedUpstream>;
  pod(yaml: string, env?: Readonly<Record<string, string>>): Promise<GatewayPod>;
  /** Ends something else together with them. */
  add(close: () => Promise<unknown>): void;
}

/** Call it once in a file, outside of its tests. */
export function closingAfterEach(): Closing {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });
  return {
    upstream: async (script) => {
      const started = await startScriptedUpstream(script);
      opened.push(() => started.close());
      return started;
    },
    pod: async (yaml, env = {}) => {
      const started = await startGatewayPod({ yaml, env });
      opened.push(() => started.server.stop());
      return started;
    },
    add: (close) => void opened.push(close),
  };
}
