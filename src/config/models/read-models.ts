import type { TargetId } from '../../health/index.ts';
import type { Credentials } from './credentials.ts';
import { deploymentOf, type Row } from './deployment.ts';
import { type EntryInput, type ModelEntry, readEntry } from './entry.ts';
import { addNote, type Findings, openFindings } from '../problems/index.ts';
import { targetIdOf } from '../../providers/index.ts';
import { environments, type LevelSettings } from '../schema/index.ts';
import type { Sharer } from './probe-level.ts';
import { type ProbeInput, probeTargetOf } from './probe-target.ts';
import type { Settings } from '../settings/index.ts';
import type { Environment } from '../source/index.ts';
import { noteSwitch, type OptOutRules, takingPart } from './taking-part.ts';
import { follow, type Node, type Path, type SourceLocation } from '../yaml/index.ts';
import type { AllswellConfig, Env } from '../types.ts';
import { unprobedOf } from './unprobed.ts';
import { upstreamOf } from './upstream.ts';

/** What the profile decides about the models. */
export interface ModelRules extends OptOutRules, Pick<EntryInput['rules'], 'keepsEntryWithout'> {
  /** Reports a deployment that names environments while `LITELLM_ENVIRONMENT` is none. */
  reportUnknownEnvironment(
    at: { readonly location: SourceLocation; readonly path: Path; readonly is: string },
    findings: Findings,
  ): void;
  /** An alternative remedy for a missing address. */
  readonly addressHint: string | undefined;
  /** Whether there is no such deployment; the reason is then in the findings of the entry. */
  leavesOut(entry: ModelEntry): boolean;
  /** Checks the limits of an entry; problems go to its findings. */
  checkLimits(entry: Node, path: Path, findings: Findings): void;
  /** Checks one deployment that can be called; problems go to the findings of its entry. */
  checkRow(row: Sharer, levels: LevelSettings): void;
  /** Checks the deployments that can be called against each other. */
  checkAll(rows: readonly Sharer[], findings: Findings): void;
  /** Reports what was found in one entry. Returns the reason if the entry is to be listed as not probed. */
  settle(entry: SettledEntry, findings: Findings): string | undefined;
}

/** An entry that was read, with what was found in it. */
export interface SettledEntry extends ReturnType<typeof takingPart> {
  readonly found: Findings;
}

export interface ModelsInput extends ProbeInput {
  readonly list: Node | undefined;
  readonly credentials: Credentials;
  readonly env: Env;
  /** Reads a text file or throws. */
  readonly readFile: (path: string) => string;
  readonly hasSecretManager: boolean;
  readonly rules: ModelRules;
  readonly settings: Pick<Settings, 'intervalMs' | 'modelGroups' | 'optedOut'>;
  readonly identityKey: string;
  /** Of all deployments. */
  readonly dropParams: AllswellConfig['deployments'][number]['dropParams'];
}

/** All deployments in the order of the file, and the probe targets that they share. */
export function readModels(input: ModelsInput): Pick<AllswellConfig, 'deployments' | 'targets' | 'unprobed'> {
  const items = input.list?.kind === 'list' ? input.list.items : [];
  const read = items.map((node, at) => readItem(node, ['model_list', at], input));
  const rows = read.flatMap((item) => item.rows);
  input.rules.checkAll(rows, input.findings);
  const sharing = new Map<TargetId, [Row, ...Row[]]>();
  for (const row of rows) {
    const sharers = sharing.get(row.id);
    if (sharers === undefined) sharing.set(row.id, [row]);
    else sharers.push(row);
  }
  return {
    deployments: rows.map((row) => deploymentOf(row, input)),
    targets: [...sharing].map(([id, sharers]) => probeTargetOf(id, sharers, input)),
    unprobed: read.flatMap((item) => item.unprobed),
  };
}

function readItem(
  node: Node,
  path: Path,
  input: ModelsInput,
): { readonly rows: readonly Row[] } & Pick<AllswellConfig, 'unprobed'> {
  const { rules } = input;
  const part = takingPart(node, input.settings, rules);
  noteSwitch(node, path, input);
  const found = openFindings(input.findings.file);
  const rows = readEntry(node, path, { ...input, findings: found }).flatMap((entry) => rowsOf(entry, input));
  rules.checkLimits(node, path, found);
  for (const row of rows) rules.checkRow(row, input.levels);
  const why = rules.settle({ ...part, found }, input.findings);
  return why === undefined ? { rows, unprobed: [] } : { rows: [], unprobed: [unprobedOf(node, why)] };
}

function rowsOf(entry: ModelEntry, input: ModelsInput): readonly Row[] {
  const { inBackground, onDemand } = entry;
  if (isElsewhere(entry, input) || input.rules.leavesOut(entry)) return [];
  const { hasSecretManager } = input;
  const reading = {
    hasSecretManager,
    env: input.env,
    readFile: input.readFile,
    findings: entry.findings,
    or: input.rules.addressHint,
  };
  const upstream = upstreamOf(entry, entry.probed, reading);
  if (upstream === undefined) return [];
  return [{ entry, upstream, id: targetIdOf(upstream, input.identityKey), inBackground, onDemand }];
}

/**
 * True if `supported_environments` excludes the deployment from this environment. LiteLLM leaves it out, and so does
 * so do we; without a valid `LITELLM_ENVIRONMENT` it logs an error and goes on without all that name environments.
 */
function isElsewhere(
  { info, infoNode, path: above, findings }: ModelEntry,
  { environment, rules }: { environment: Environment; rules: ModelRules },
): boolean {
  const supported = info.supported_environments;
  const here = environment.litellmEnvironment;
  if (supported === undefined || infoNode === undefined) return false;
  if (here !== undefined && supported.includes(here)) return false;
  const { location } = follow(infoNode, ['supported_environments']);
  const at = { location, path: [...above, 'model_info', 'supported_environments'] };
  if (here !== undefined && environments.some((one) => one === here)) {
    addNote(findings, 'info', { ...at, is: `leaves the deployment out: LITELLM_ENVIRONMENT is ${here}` });
    return true;
  }
  const is = `needs the variable LITELLM_ENVIRONMENT, which is ${here === undefined ? 'not set' : 'invalid'}`;
  rules.reportUnknownEnvironment({ ...at, is }, findings);
  return true;
}
