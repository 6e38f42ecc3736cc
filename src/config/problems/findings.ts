import { type Path, type SourceLocation, showPath } from '../yaml/index.ts';
import type { ConfigErrorCode, ConfigNote, Problem } from '../types.ts';

/** Collects problems and notes while one configuration is read, so that all are reported together. */
export interface Findings {
  readonly file: string;
  readonly problems: Problem[];
  readonly notes: ConfigNote[];
  /** Problems that a model has in LiteLLM's files that LiteLLM starts with: it names no upstream that allswell knows. */
  readonly withoutUpstream: Problem[];
}

export function openFindings(file: string): Findings {
  return { file, problems: [], notes: [], withoutUpstream: [] };
}

export interface Fault {
  readonly code?: ConfigErrorCode;
  /** Another file than the one being read. */
  readonly file?: string;
  readonly location: SourceLocation;
  readonly path: Path;
  /** The problem; the message is the path followed by this text. */
  readonly is: string;
  readonly expected: string;
  /** Whether the entry names no upstream that allswell knows; everything in it may be right for LiteLLM. */
  readonly about?: 'no-upstream';
}

export function addProblem(findings: Findings, fault: Fault): void {
  const { code = 'ALLSWELL_ERR_CONFIG_INVALID', location, is, expected } = fault;
  const file = location.file ?? fault.file ?? findings.file;
  const path = showPath(fault.path);
  const problem: Problem = {
    code,
    file,
    line: location.line,
    column: location.column,
    path,
    message: path === '' ? is : `${path} ${is}`,
    expected,
  };
  findings.problems.push(problem);
  if (fault.about === 'no-upstream') findings.withoutUpstream.push(problem);
}

export function addNote(
  findings: Findings,
  level: ConfigNote['level'],
  at: { location: SourceLocation; path: Path; is: string },
): void {
  const shown = showPath(at.path);
  findings.notes.push({
    level,
    file: at.location.file ?? findings.file,
    line: at.location.line,
    column: at.location.column,
    path: shown,
    message: shown === '' ? at.is : `${shown} ${at.is}`,
  });
}

/** Above this number of places, only the first is reported. */
const MOST_ALIKE = 3;

/** A missing variable or a merged mapping may concern hundreds of deployments: it is then reported once. */
export function summedUp(notes: readonly ConfigNote[]): readonly ConfigNote[] {
  const kindOf = ({ level, path, message }: ConfigNote): string => `${level} ${message.slice(path.length)}`;
  const alike = new Map<string, ConfigNote[]>();
  for (const note of notes) {
    const group = alike.get(kindOf(note));
    if (group === undefined) alike.set(kindOf(note), [note]);
    else group.push(note);
  }
  return notes.flatMap((note) => {
    const group = alike.get(kindOf(note)) ?? [];
    if (group.length <= MOST_ALIKE) return [note];
    const more = `${note.message} (and the same in ${group.length - 1} other places)`;
    return note === group[0] ? [{ ...note, message: more }] : [];
  });
}

/** For problems without a line. */
export const nowhere: SourceLocation = { line: 0, column: 0 };

/** The file name under which the environment's variables are reported. */
export const ENVIRONMENT = 'environment';
