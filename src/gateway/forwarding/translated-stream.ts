import type { Usage } from '../../providers/wire/index.ts';
import type { StreamStep, StreamTranslator } from '../../translation/index.ts';
import type { EventReading, StreamReader } from './stream-dialects.ts';

/** Reads the events of an upstream of another format; each reading has the texts for the client. */
export function readTranslated(translator: StreamTranslator): StreamReader {
  let usage: Usage = {};
  const readingOf = (step: StreamStep): EventReading => {
    if (step.kind === 'more') return { kind: 'part', texts: step.texts };
    if (step.kind === 'ended') {
      usage = { inputTokens: step.usage.input, outputTokens: step.usage.output };
      return { kind: 'last', texts: step.texts };
    }
    const { reason, message, status } = step.failure;
    if (reason !== 'upstream-error') return { kind: 'malformed', why: message };
    return { kind: 'error', error: { message, codes: [], status } };
  };
  return {
    get usage() {
      return usage;
    },
    read: ({ name, data }) =>
      data === undefined ? { kind: 'comment' } : readingOf(translator.event({ event: name, data })),
    end: () => readingOf(translator.end()),
  };
}
