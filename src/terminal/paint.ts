import { styleText } from 'node:util';

/** Looks of text, by what they mean. */
export type Look = 'plain' | 'strong' | 'faint' | 'good' | 'wary' | 'bad' | 'busy';

/** Gives text a look. Without colours it stays as it is. */
export type Paint = (look: Look, text: string) => string;

export const plainPaint: Paint = (_look, text) => text;

/** Colours where the stream is a terminal that shows them and NO_COLOR does not forbid it, or where FORCE_COLOR wants them. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (look, text) => (text === '' ? text : styleText(formats[look], text, { stream }));
}

const formats: Readonly<Record<Look, Parameters<typeof styleText>[0]>> = {
  plain: 'reset',
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  wary: 'yellow',
  bad: ['red', 'bold'],
  busy: 'cyan',
};
