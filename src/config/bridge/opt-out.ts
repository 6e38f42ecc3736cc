import { addNote, type Findings } from '../problems/index.ts';
import { flag } from '../schema/index.ts';
import { type Node, type Path, type Place, settingsOf } from '../yaml/index.ts';

/** LiteLLM asks no more of the value than whether there is anything: the text `false` is true. */
export function isTrueInPython(written: Node): boolean {
  if (written.kind === 'scalar') return written.value !== false && written.value !== 0;
  return (written.kind === 'map' ? written.entries : written.items).length > 0;
}

/** A text that says no and means yes leaves a deployment unwatched that somebody wants to be watched. */
export function noteOffByText(
  written: Node,
  { place, path }: { readonly place: Place; readonly path: Path },
  findings: Findings,
): void {
  if (!isTrueInPython(written) || flag.safeParse(settingsOf(written)).data !== false) return;
  const is = 'is text, and any text is true to LiteLLM: nobody probes the deployment. Without quotes it is false';
  addNote(findings, 'warn', { place, path, is });
}
