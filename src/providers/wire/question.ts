/** What can be asked of a model for a sign of life, and what `mode` calls it. */
export type ProbeMode = 'chat' | 'completion' | 'embedding' | 'responses';

/** What a probe wants to know, before any vendor's words for it. */
export interface Question {
  readonly mode: ProbeMode;
  readonly model: string;
  readonly prompt: string;
  /** Absent: no limit is sent, except where a wire demands one. */
  readonly maxTokens?: number | undefined;
  /** Under which name a chat carries the limit. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  readonly reasoningEffort?: string | undefined;
  /** Of the configuration, for the body; the fields above win over them. */
  readonly params: Readonly<Record<string, unknown>>;
}

export type JsonBody = Readonly<Record<string, unknown>>;
