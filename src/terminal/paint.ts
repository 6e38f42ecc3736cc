import { styleText } from 'node:util';

/** Looks of text, by what they mean. */
export type Look = 'plain' | 'strong' | 'faint' | 'good' | 'wary' | 'bad' | 'busy';

/** Gives text a look. Without colours it stays as it is. */
export type Paint = (look: Look, text: string) => string;

export const plainPaint: Paint = (_look, text) => text;

/** Colours where the stream is a terminal that shows them and NO_COLOR does not forbid it, or where FORCE_COLOR wants them. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (look, text) =>
    text === '' ? text : formats[look].reduce((shown, format) => styleText(format, shown, { stream }), text);
}

// One by one: for a list of formats, Node 22.12 does not ask the stream whether it shows any.
const formats: Readonly<Record<Look, readonly Exclude<Parameters<typeof styleText>[0], readonly unknown[]>[]>> = {
  plain: ['reset'],
  strong: ['bold'],
  faint: ['dim'],
  good: ['green'],
  wary: ['yellow'],
  bad: ['bold', 'red'],
  busy: ['cyan'],
};
