import type { z } from 'zod';
import { addProblem, checkBlock, describe, type Findings, withoutWrongValues } from '../problems/index.ts';
import {
  fleetSettings,
  type FleetHealthSettings,
  generalSettings,
  type GeneralSettings,
  litellmSettings,
  type LitellmSettings,
} from '../schema/index.ts';
import { child, follow, type Node } from '../yaml/index.ts';

/** The blocks of the file that hold settings. A key with a problem counts as absent, so that the others are still checked. */
export interface Blocks {
  readonly general: GeneralSettings;
  readonly litellm: LitellmSettings;
  readonly fleet: FleetHealthSettings;
}

export function readBlocks(root: Node, findings: Findings): Blocks {
  if (root.kind !== 'map') {
    addProblem(findings, {
      location: root.location,
      path: [],
      is: `the file is ${describe(root)}`,
      expected: 'a mapping with model_list and general_settings',
    });
  }
  expectList(root, 'model_list', findings);
  return {
    general: readBlock(root, 'general_settings', { schema: generalSettings, findings }) ?? {},
    litellm: readBlock(root, 'litellm_settings', { schema: litellmSettings, findings }) ?? {},
    fleet: readBlock(root, 'fleet_health', { schema: fleetSettings, findings }) ?? {},
  };
}

/** One block by its schema; undefined if the file has none, or nothing of it can be read. */
export function readBlock<T>(
  root: Node,
  name: string,
  { schema, findings }: { schema: z.ZodType<T>; findings: Findings },
): T | undefined {
  const node = child(root, name);
  if (node === undefined) return undefined;
  return checkBlock(schema, node, { path: [name], findings }) ?? withoutWrongValues(schema, node);
}

/** More keys of a block that {@link readBlocks} has read. A block of another kind is reported there. */
export function readMoreKeys<T>(
  root: Node,
  name: string,
  by: { schema: z.ZodType<T>; findings: Findings },
): T | undefined {
  return child(root, name)?.kind === 'map' ? readBlock(root, name, by) : undefined;
}

function expectList(root: Node, name: string, findings: Findings): void {
  const node = child(root, name);
  if (node === undefined || node.kind === 'list') return;
  addProblem(findings, {
    location: follow(root, [name]).location,
    path: [name],
    is: `is ${describe(node)}`,
    expected: 'a list, each item starting with "- "',
  });
}
