import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { counted } from '../../model/headline.ts';
import { filterGroups, fold } from '../../model/groups.ts';
import type { Group } from '../../model/groups.ts';
import { fleet, groups, headline } from '../../state/fleet.ts';
import { ActionButton } from '../action-button.tsx';
import { GroupRow } from './group-row.tsx';

/** Healthy targets beyond this number are folded away. */
const SHOWN_TARGETS = 40;

/** The browser lays out a block only when it comes into view; to watch each row by itself would take most of a frame. */
const BLOCK = 20;
/** Height of a row before it was laid out. */
const ROW_PX = 28;

function inBlocks(all: readonly Group[]): readonly (readonly Group[])[] {
  return Array.from({ length: Math.ceil(all.length / BLOCK) }, (_, i) => all.slice(i * BLOCK, (i + 1) * BLOCK));
}

/** All groups and their targets, the worst first. */
export function FleetPage(): JSX.Element {
  const filter = useSignal('');
  const showAll = useSignal(false);
  const found = filterGroups(groups.value, filter.value);
  const { shown, hiddenGroups, hiddenTargets } = fold(found, showAll.value ? Infinity : SHOWN_TARGETS);
  const { tone, text } = headline.value;
  return (
    <>
      <h1 tabIndex={-1} class={`headline ${tone}`}>
        {text}
      </h1>
      <div class="tools">
        <label for="filter">Filter</label>
        <input
          id="filter"
          type="search"
          autocomplete="off"
          placeholder="group, model, host, region or state"
          value={filter.value}
          onInput={({ currentTarget }) => void (filter.value = currentTarget.value)}
        />
        <span class="note" role="status">
          {counted(found.length, 'group')}
        </span>
        <span class="spacer" />
        {fleet.value?.probing_paused === null ? <ActionButton action="pause" /> : <ActionButton action="resume" />}
      </div>
      <div class="columns" aria-hidden="true">
        <span>Group</span>
        <span class="row">
          <span>State</span>
          <span>Deployment</span>
          <span>Reason</span>
          <span>Evidence</span>
          <span>Probed by</span>
        </span>
      </div>
      <div class="groups">
        {inBlocks(shown).map((block, at) => (
          <ul key={at} style={{ containIntrinsicSize: `auto ${block.length * ROW_PX}px` }}>
            {block.map((group) => (
              <GroupRow key={group.name} group={group} />
            ))}
          </ul>
        ))}
      </div>
      {found.length === 0 && <p class="empty">No group fits the filter.</p>}
      {hiddenGroups > 0 && (
        <button type="button" class="fold" onClick={() => void (showAll.value = true)}>
          Show {counted(hiddenGroups, 'more healthy group')} ({counted(hiddenTargets, 'target')})
        </button>
      )}
      {showAll.value && found.length > SHOWN_TARGETS && (
        <button type="button" class="fold" onClick={() => void (showAll.value = false)}>
          Fold healthy groups
        </button>
      )}
    </>
  );
}
