import type { AttemptOutcome } from '../../routing/index.ts';
import { readRefusal } from '../../providers/wire/index.ts';
import type { AttemptEnd, Refusal } from './attempt-types.ts';
import type { DeploymentCalls } from './upstream-calls.ts';

/** What else decides on the outcome of an attempt. */
export interface AttemptContext extends Pick<DeploymentCalls, 'modelFrom'> {
  readonly durationMs: number;
  /** For dates in headers. */
  readonly wallMs: number;
}

/** What an attempt says about its deployment. */
export function outcomeOf(end: AttemptEnd, context: AttemptContext): AttemptOutcome {
  const { durationMs } = context;
  switch (end.kind) {
    case 'answered': {
      if (end.failed === 'other') return { kind: 'neutral', durationMs };
      if (end.failed !== undefined) {
        return { kind: 'failure', class: end.failed, phase: 'after-first-byte', durationMs };
      }
      const { inputTokens: input = 0, outputTokens: output = 0 } = end.usage;
      const tokens = input + output > 0 ? { tokens: { input, output } } : {};
      return { kind: 'success', firstByteMs: end.firstByteMs, durationMs, ...tokens };
    }
    case 'untranslatable':
      return { kind: 'unsent', durationMs };
    case 'refused':
      return refusalOutcome(end.refusal, context);
    case 'failed':
    case 'broken-off': {
      const { class: name } = end.fault;
      // This pod's own fault says nothing about the deployment.
      if (name === 'local' || name === 'stopping') return { kind: 'neutral', durationMs };
      const phase = end.kind === 'failed' ? 'before-first-byte' : 'after-first-byte';
      return { kind: 'failure', class: name, phase, durationMs };
    }
    case 'client-left':
      return { kind: 'neutral', durationMs };
  }
}

function refusalOutcome({ status, headers, body }: Refusal, context: AttemptContext): AttemptOutcome {
  const { durationMs, wallMs, modelFrom } = context;
  const found = readRefusal({ status, headers: plain(headers), text: body.toString('utf8') }, wallMs);
  if (found.kind === 'caller-fault') return { ...found, durationMs };
  // One caller's unknown name must not keep others away from the models that there are.
  const isCallersModel = found.class === 'not-found' && modelFrom === 'request';
  return { ...found, phase: 'before-first-byte', durationMs, ...(isCallersModel && { evidence: 'none' }) };
}

function plain(headers: Refusal['headers']): Record<string, string> {
  const wanted = ['retry-after', 'retry-after-ms'];
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
