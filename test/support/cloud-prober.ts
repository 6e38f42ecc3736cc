import { loadConfig } from '../../src/config/index.ts';
import type { ProbeTarget } from '../../src/config/index.ts';
import { createLogins } from '../../src/logins/index.ts';
import type { Clock, Prober } from '../../src/ports/index.ts';
import { httpProber } from '../../src/probe/index.ts';
import { genaiPrices } from '../../src/providers/pricing/index.ts';
import { realClock } from '../../src/testing/index.ts';
import { createTransport } from '../../src/upstream/index.ts';

export interface CloudSetup {
  readonly params: Readonly<Record<string, unknown>>;
  readonly info?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** By path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

export interface CloudProbing {
  readonly target: ProbeTarget;
  readonly warnings: readonly string[];
  probe(): ReturnType<Prober['probe']>;
}

/** Reads a configuration with one deployment and probes it as a pod does: the shipped parts over real sockets. */
export function cloudProber({
  params,
  info = {},
  env = {},
  files = {},
  clock = realClock(),
}: CloudSetup): CloudProbing {
  const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params: params, model_info: info }] });
  const readFile = (path: string): string => {
    const found = files[path];
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return found;
  };
  const loaded = loadConfig({ text, env, readFile });
  const target = loaded.kind === 'loaded' ? loaded.config.targets[0] : undefined;
  if (loaded.kind === 'refused' || target === undefined) throw new Error(JSON.stringify(loaded));
  const transport = createTransport({ clock });
  const prober = httpProber({
    targets: () => target,
    clock,
    random: { next: () => 0, id: () => '' },
    prices: genaiPrices(),
    transport,
    logins: createLogins({ transport, clock, readFile }),
    version: '1',
  });
  const warnings = loaded.notes.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return {
    target,
    warnings,
    probe: async () => await prober.probe(target.id, target.level, new AbortController().signal),
  };
}
