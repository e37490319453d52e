/** Words for what a run did to files. */
import type { FileChange, FileCounts, Leaves } from '../transport/setup-files';

/** What an undo doesn't touch, or nothing. */
export function leavesText({ packages, services }: Leaves): string {
  const said = (what: string, names: readonly string[]) =>
    names.length > 0 ? [`${what} stay as they are: ${names.join(', ')}.`] : [];
  return [...said('Packages', packages), ...said('Services', services)].join(' ');
}

/** Mode and owner, where they have changed; else nothing. */
export function rightsText({ before, after }: FileChange): string {
  if (before === null || after === null) return '';
  const mode = before.mode === after.mode ? [] : [`mode ${before.mode ?? '–'} → ${after.mode ?? '–'}`];
  const owner = (facts: typeof before) => `${String(facts.owner)}:${String(facts.group)}`;
  const owners = owner(before) === owner(after) ? [] : [`owner ${owner(before)} → ${owner(after)}`];
  return [...mode, ...owners].join(', ');
}

/** Such as “2 files created, 1 changed”; nothing if none were. */
export function countsText(counts: FileCounts): string {
  const parts = (['created', 'changed', 'deleted'] as const).filter((what) => counts[what] > 0);
  return parts
    .map((what, place) => {
      const noun = counts[what] === 1 ? 'file' : 'files';
      return place === 0 ? `${String(counts[what])} ${noun} ${what}` : `${String(counts[what])} ${what}`;
    })
    .join(', ');
}
