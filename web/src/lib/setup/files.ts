/** Words for what a run did to files. */
import type { Say } from '../i18n/texts';
import type { FileChange, FileCounts, Leaves } from '../transport/setup-files';

/** What an undo doesn't touch, or nothing. */
export function leavesText({ packages, services }: Leaves, say: Say): string {
  const said = (key: 'files-packages-stay' | 'files-services-stay', names: readonly string[]) =>
    names.length > 0 ? [say(key, { names: names.join(', ') })] : [];
  return [...said('files-packages-stay', packages), ...said('files-services-stay', services)].join(' ');
}

/** Mode and owner, where they have changed; else nothing. */
export function rightsText({ before, after }: FileChange, say: Say): string {
  if (before === null || after === null) return '';
  const mode =
    before.mode === after.mode
      ? []
      : [say('files-mode', { before: before.mode ?? '–', after: after.mode ?? '–' })];
  const owner = (facts: typeof before) => `${String(facts.owner)}:${String(facts.group)}`;
  const owners =
    owner(before) === owner(after)
      ? []
      : [say('files-owner', { before: owner(before), after: owner(after) })];
  return [...mode, ...owners].join(', ');
}

/** What is counted is named once. */
const COUNTS = [
  { what: 'created', first: 'files-created-count', more: 'files-created-count' },
  { what: 'changed', first: 'files-changed-count', more: 'files-changed-more' },
  { what: 'deleted', first: 'files-deleted-count', more: 'files-deleted-more' },
] as const;

/** Such as “2 files created, 1 changed”; nothing if none were. */
export function countsText(counts: FileCounts, say: Say): string {
  const parts = COUNTS.filter(({ what }) => counts[what] > 0);
  return parts
    .map(({ what, first, more }, place) => say(place === 0 ? first : more, { count: counts[what] }))
    .join(', ');
}
