import { loadConfig } from '../../src/config/index.ts';
import { genaiPrices } from '../../src/providers/pricing/index.ts';
import { httpProber } from '../../src/probe/index.ts';
import { noLogins, realClock } from '../../src/testing/index.ts';
import { createTransport } from '../../src/upstream/index.ts';
import type { Transport } from '../../src/upstream/index.ts';
import type { Deployment } from './deployment.ts';

/** How far allswell goes with a deployment. */
export type Reached =
  | { readonly kind: 'asked' }
  /** Looked at by a list of models or a connection only; `notes` say why. */
  | { readonly kind: 'shallow'; readonly level: string; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Probes a deployment once, if its configuration lets it be asked for an answer. */
export async function probeWithAllswell(recorderUrl: string, deployment: Deployment): Promise<Reached> {
  const { litellm_params, model_info, env } = deployment;
  const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params, model_info }] });
  const loaded = loadConfig({ text, env, readFile: () => '' });
  if (loaded.kind === 'refused') return { kind: 'refused', problems: loaded.problems.map(({ message }) => message) };
  const [target] = loaded.config.targets;
  if (target === undefined || target.level !== 'inference') {
    return { kind: 'shallow', level: target?.level ?? 'none', notes: loaded.notes.map(({ message }) => message) };
  }
  const clock = realClock();
  const transport = sentTo(recorderUrl, deployment.id, createTransport({ clock }));
  const options = {
    clock,
    random: { next: () => 0, id: () => '' },
    prices: genaiPrices(),
    transport,
    logins: noLogins,
    version: '1.2.3',
  };
  await httpProber({ ...options, targets: () => target }).probe(target.id, 'inference', new AbortController().signal);
  await transport.close();
  return { kind: 'asked' };
}

/** A transport whose requests go to the recorder in place of their host. */
function sentTo(recorderUrl: string, id: string, transport: Transport): Transport {
  return {
    ...transport,
    request: (request, signal) => {
      const url = new URL(request.url.pathname + request.url.search, recorderUrl);
      const headers = { ...request.headers, 'x-recorded-id': id, 'x-recorded-origin': request.url.origin };
      return transport.request({ ...request, url, headers }, signal);
    },
  };
}
