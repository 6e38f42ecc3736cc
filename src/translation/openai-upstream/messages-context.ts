import type { Findings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';
import type { Dialect } from './notes.ts';

/** What the translation of messages reads beside them. */
export interface MessagesContext {
  readonly toolNames: ToolNames;
  readonly dialect: Dialect;
  readonly findings: Findings;
}
