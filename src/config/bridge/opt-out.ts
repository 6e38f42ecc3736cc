import { addNote, type Findings } from '../problems/index.ts';
import { flag } from '../schema/index.ts';
import { type Node, type Path, type SourceLocation, settingsOf } from '../yaml/index.ts';

/** LiteLLM tests the value's truth in Python: the text `false` is true. */
export function isTrueInPython(written: Node): boolean {
  if (written.kind === 'scalar') return written.value !== false && written.value !== 0;
  return (written.kind === 'map' ? written.entries : written.items).length > 0;
}

/** The text `false` disables the checks of a deployment that should have them. */
export function noteOffByText(
  written: Node,
  { location, path }: { readonly location: SourceLocation; readonly path: Path },
  findings: Findings,
): void {
  if (!isTrueInPython(written) || flag.safeParse(settingsOf(written)).data !== false) return;
  const is = 'is text, which LiteLLM reads as true: the deployment is not probed. Remove the quotes to make it false';
  addNote(findings, 'warn', { location, path, is });
}
