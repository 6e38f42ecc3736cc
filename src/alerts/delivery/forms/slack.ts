import { durationText } from '../../incidents/index.ts';
import type { NoticeAction, NoticeSubject } from '../../incidents/index.ts';
import { clipped, jsonPost } from './form.ts';
import type { MessageForm } from './form.ts';

/** Most characters of one text in a block, by Slack. */
const MOST_TEXT = 3_000;

const icons: Readonly<Record<NoticeAction, string>> = {
  trigger: ':red_circle:',
  update: ':large_yellow_circle:',
  resolve: ':large_green_circle:',
  test: ':white_circle:',
};

/** A message of Slack's incoming webhooks: `text` for notifications, `blocks` for the channel. */
export const slack: MessageForm = ({ receiver, notice, fleet }) => {
  const { action, title, down, downCount, ended, endedCount, durationMs } = notice;
  const head = `${icons[action]} *${escaped(title)}*`;
  const lines = [
    ...listOf(down, downCount, action === 'trigger' ? undefined : 'Still down'),
    ...(action === 'trigger' ? [] : listOf(ended, endedCount, 'Up again')),
  ];
  const foot = [
    `fleet ${fleet}`,
    `incident ${notice.id}`,
    ...(durationMs === null ? [] : [`lasted ${durationText(durationMs)}`]),
  ].join(' · ');
  const section = (text: string): object => ({
    type: 'section',
    text: { type: 'mrkdwn', text: clipped(text, MOST_TEXT) },
  });
  return [
    jsonPost(receiver.url, {
      text: clipped(`${icons[action]} ${escaped(title)}`, MOST_TEXT),
      blocks: [
        section(head),
        ...(lines.length > 0 ? [section(lines.join('\n'))] : []),
        { type: 'context', elements: [{ type: 'mrkdwn', text: clipped(escaped(foot), MOST_TEXT) }] },
      ],
    }),
  ];
};

function listOf(subjects: readonly NoticeSubject[], count: number, heading: string | undefined): readonly string[] {
  if (subjects.length === 0) return [];
  const more = count - subjects.length;
  return [
    ...(heading === undefined ? [] : [`${heading}:`]),
    ...subjects.map(({ kind, label, why }) => {
      const what = kind === 'group-down' ? ' (model group)' : '';
      return `• ${escaped(label)}${what}${heading === 'Up again' ? '' : `: ${escaped(clipped(why, 120))}`}`;
    }),
    ...(more > 0 ? [`• and ${more} more`] : []),
  ];
}

/** The three characters that Slack takes for its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
