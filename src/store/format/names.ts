import type { PodId, TargetId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';

// Texts in the store are parted by spaces and newlines, so no name may hold one. The scripts use the same sets.
const target = /^[A-Za-z0-9@._-]{1,256}$/;
const pod = /^[A-Za-z0-9@._:-]{1,128}$/;
const name = /^[A-Za-z0-9._-]{1,64}$/;

export function isTargetId(text: string): text is TargetId {
  return target.test(text);
}

export function isPodId(text: string): text is PodId {
  return pod.test(text);
}

/** Epochs and fingerprints. */
export function isName(text: string): boolean {
  return name.test(text);
}

/** What of a command's names can be wrong. */
export interface NamesOfCommand {
  readonly pod?: PodId;
  readonly names?: readonly string[];
  /** A batch: at most {@link MAX_BATCH}. */
  readonly batch?: readonly { readonly target: TargetId }[];
  /** A list of any length. */
  readonly targets?: readonly TargetId[];
}

/** Why a command cannot be sent at all: a bug of the caller, told as a value because the port never rejects. */
export function problemOfNames(command: NamesOfCommand): string | undefined {
  if (command.pod !== undefined && !isPodId(command.pod)) return 'the pod id is not usable as a name';
  if (command.names?.some((text) => !isName(text)) === true) return 'an epoch or fingerprint is not usable as a name';
  const batch = command.batch ?? [];
  if (batch.length > MAX_BATCH) return `${batch.length} targets in one command, at most ${MAX_BATCH} are allowed`;
  if (!batch.every((entry) => isTargetId(entry.target))) return 'a target id is not usable as a name';
  if (command.targets?.every((id) => isTargetId(id)) === false) return 'a target id is not usable as a name';
  return undefined;
}
