import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { session, signIn } from '../state/session.ts';

/** Asks for a key. It stays in the memory of this page: no cookie, no storage, no address. */
export function SignIn(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const problem = session.value.kind === 'signed-out' ? session.value.problem : null;
  useEffect(() => field.current?.focus(), [problem]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? '';
    if (key !== '') void signIn(key);
  };
  return (
    <main class="sign-in">
      <h1>allswell</h1>
      <form onSubmit={submit}>
        <label for="key">Admin key</label>
        <input
          ref={field}
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? 'key-note' : 'key-problem key-note'}
        />
        {problem !== null && (
          <p id="key-problem" class="problem" role="alert">
            {problem}
          </p>
        )}
        <p id="key-note" class="note">
          The master key, or a key with role admin. It is kept in the memory of this page only.
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
