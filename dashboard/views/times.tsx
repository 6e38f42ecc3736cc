import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { agoText, spanText, untilText } from '../model/durations.ts';
import { serverNow } from '../state/clock.ts';

interface At {
  readonly at: string;
}

/** `12 s ago`, which goes on by itself. Only its text is drawn again. */
export function Ago({ at }: At): JSX.Element {
  const text = useMemo(() => computed(() => agoText(at, serverNow.value)), [at]);
  return (
    <time dateTime={at} title={at}>
      {text}
    </time>
  );
}

/** `in 12 s`, which goes on by itself. */
export function Until({ at }: At): JSX.Element {
  const text = useMemo(() => computed(() => untilText(at, serverNow.value)), [at]);
  return (
    <time dateTime={at} title={at}>
      {text}
    </time>
  );
}

/** `3 h 5 min`: the time since then. */
export function Since({ at }: At): JSX.Element {
  const text = useMemo(() => computed(() => spanText(serverNow.value - Date.parse(at))), [at]);
  return (
    <time dateTime={at} title={at}>
      {text}
    </time>
  );
}

/** Date and time of day as this browser writes them. */
export function Moment({ at }: At): JSX.Element {
  return (
    <time dateTime={at} title={at}>
      {new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  );
}
