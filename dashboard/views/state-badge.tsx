import type { JSX } from 'preact';
import { words } from '../model/states.ts';
import type { Shown } from '../model/states.ts';

/** Each state has a shape of its own: none is told by its colour alone. */
const shapes: Readonly<Record<Shown, JSX.Element>> = {
  up: (
    <path
      class="solid"
      d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13m-.9 9.6 4.6-5-1.2-1.1-3.5 3.8-1.6-1.6-1.1 1.1z"
    />
  ),
  'held-up': <path class="solid" d="M8 1 14.5 8H11v6.5H5V8H1.5z" />,
  degraded: <path class="solid" d="M8 1.5 15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z" />,
  suspect: <path class="line" d="M8 1.5 14.5 8 8 14.5 1.5 8zM8 5v3.6M8 10v1.4" />,
  unknown: <circle class="line" cx="8" cy="8" r="5.7" stroke-dasharray="2.4 2" />,
  drained: <path class="solid" d="M3 2h3.5v12H3zm6.5 0H13v12H9.5z" />,
  down: (
    <path
      class="solid"
      d="M4.8 1h6.4L15 4.8v6.4L11.2 15H4.8L1 11.2V4.8zm.6 3.3L4.3 5.4 6.9 8l-2.6 2.6 1.1 1.1L8 9.1l2.6 2.6 1.1-1.1L9.1 8l2.6-2.6-1.1-1.1L8 6.9z"
    />
  ),
};

/** Symbol and word of a state. */
export function StateBadge({ state }: { readonly state: Shown }): JSX.Element {
  return (
    <span class={`state state-${state}`}>
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        {shapes[state]}
      </svg>
      {words[state]}
    </span>
  );
}
