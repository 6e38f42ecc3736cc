import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { actionWords, durations, pathOf } from '../model/actions.ts';
import type { Action } from '../model/actions.ts';
import { announce } from '../state/events.ts';
import { refresh } from '../state/fleet.ts';
import { ask } from '../state/session.ts';

interface ActionProps {
  readonly action: Action;
  /** Whom it is about; absent for the whole fleet. */
  readonly target?: { readonly id: string; readonly label: string };
  /** Called when it is done. */
  readonly onDone?: () => void;
}

/** A button that asks for a confirmation, and for a reason where other operators will want to know one. */
export function ActionButton(props: ActionProps): JSX.Element {
  const isOpen = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    isOpen.value = false;
    button.current?.focus();
  };
  return (
    <>
      <button ref={button} type="button" class={`action-${props.action}`} onClick={() => void (isOpen.value = true)}>
        {actionWords[props.action].label}
      </button>
      {isOpen.value && <Confirmation {...props} close={close} />}
    </>
  );
}

function Confirmation({ action, target, onDone, close }: ActionProps & { readonly close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const problem = useSignal<string | null>(null);
  const isSending = useSignal(false);
  const id = useId();
  const { title, effect, reason, done, label } = actionWords[action];
  useEffect(() => dialog.current?.showModal(), []);

  const send = async (form: HTMLFormElement): Promise<void> => {
    isSending.value = true;
    problem.value = null;
    try {
      await ask(pathOf(action, target?.id ?? ''), { method: 'POST', ...(reason !== 'none' && { body: bodyOf(form) }) });
      announce(`${target?.label ?? 'Fleet'}: ${done}`);
      await refresh();
      close();
      onDone?.();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    } finally {
      isSending.value = false;
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void send(event.currentTarget as HTMLFormElement);
  };
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-effect`} onClose={close}>
      <form onSubmit={submit}>
        <h2 id={`${id}-title`}>{title}</h2>
        {target !== undefined && <p class="about">{target.label}</p>}
        <p id={`${id}-effect`}>{effect}</p>
        {reason !== 'none' && <Fields id={id} required={reason === 'required'} />}
        {problem.value !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <p class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isSending.value}>
            {isSending.value ? 'Sending…' : label.replace('…', '')}
          </button>
        </p>
      </form>
    </dialog>
  );
}

function Fields({ id, required }: { readonly id: string; readonly required: boolean }): JSX.Element {
  return (
    <>
      <label for={`${id}-reason`}>Reason, shown to other operators{required ? '' : ' (optional)'}</label>
      <input id={`${id}-reason`} name="reason" maxLength={500} required={required} autocomplete="off" />
      {required && (
        <>
          <label for={`${id}-until`}>Ends after</label>
          <select id={`${id}-until`} name="until">
            {durations.map(([until, label]) => (
              <option key={until} value={until} selected={until === '1h'}>
                {label}
              </option>
            ))}
          </select>
        </>
      )}
      <label for={`${id}-by`}>Your name (optional)</label>
      <input id={`${id}-by`} name="by" maxLength={100} autocomplete="off" />
    </>
  );
}

/** Only what was entered: an empty field is no value. */
function bodyOf(form: HTMLFormElement): string {
  const entries = [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']);
  return JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== '')));
}
