import type { TargetId } from '../../health/index.ts';
import type { Credentials } from './credentials.ts';
import { deploymentOf, type Row } from './deployment.ts';
import { type EnvironmentRules, isElsewhere } from './elsewhere.ts';
import { type EntryRules, readEntries } from './entry.ts';
import type { Findings } from '../problems/index.ts';
import { targetIdOf } from './identity.ts';
import type { LevelSettings } from '../schema/index.ts';
import type { Sharer } from './probe-level.ts';
import { type ProbeInput, probeTargetOf } from './probe-target.ts';
import type { Settings } from '../settings/index.ts';
import type { Node } from '../yaml/index.ts';
import type { Deployment, Env, ProbeTarget } from '../types.ts';
import { upstreamOf } from './upstream.ts';

/** What the profile decides about the models. */
export interface ModelRules extends EntryRules, EnvironmentRules {
  /** What else may be done about an address that is missing. */
  readonly addressHint: string | undefined;
  /** Whether there is no such deployment; the reason is then in the findings of the entry. */
  leavesOut(entry: Sharer['entry']): boolean;
  /** Checks all deployments that can be called. */
  checkAll(rows: readonly Sharer[], input: { readonly levels: LevelSettings; readonly findings: Findings }): void;
}

export interface ModelsInput extends ProbeInput {
  readonly list: Node | undefined;
  readonly credentials: Credentials;
  readonly env: Env;
  readonly rules: ModelRules;
  readonly settings: Pick<Settings, 'intervalMs' | 'modelGroups' | 'optedOut'>;
  readonly identityKey: string;
}

/** All deployments in the order of the file, and the probe targets that they share. */
export function readModels(input: ModelsInput): {
  readonly deployments: readonly Deployment[];
  readonly targets: readonly ProbeTarget[];
} {
  const rows = readEntries(input.list, input).flatMap((entry) => {
    const { inBackground, onDemand } = entry;
    if (isElsewhere(entry, input) || input.rules.leavesOut(entry)) return [];
    const reading = { env: input.env, findings: entry.findings, or: input.rules.addressHint };
    const upstream = upstreamOf(entry, entry.probed, reading);
    if (upstream === undefined) return [];
    return [{ entry, upstream, id: targetIdOf(upstream, input.identityKey), inBackground, onDemand }];
  });
  input.rules.checkAll(rows, input);
  const sharing = new Map<TargetId, [Row, ...Row[]]>();
  for (const row of rows) {
    const sharers = sharing.get(row.id);
    if (sharers === undefined) sharing.set(row.id, [row]);
    else sharers.push(row);
  }
  return {
    deployments: rows.map((row) => deploymentOf(row, input.env)),
    targets: [...sharing].map(([id, sharers]) => probeTargetOf(id, sharers, input)),
  };
}
