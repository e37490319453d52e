/** What happened, in words. Pure. */
import type { ActivityEntry, Kind, Outcome } from '../../api/activity';
import type { Say, TextKey } from '../../i18n/texts';
import { type Weight } from '../../setup/words';
import { dayName } from '../../text/time';
import { readable } from '../../text/words';

export const KIND_TEXTS = {
  sign_in: 'activity-sign-ins',
  module: 'modules',
  action: 'activity-actions',
  settings: 'settings',
  setup: 'setup-title',
} as const satisfies Readonly<Record<Kind, TextKey>>;

/** What went as it should has no mark. */
export const OUTCOMES = {
  failed: { text: 'activity-failed', variant: 'error' },
  cancelled: { text: 'activity-cancelled', variant: 'warning' },
  refused: { text: 'activity-refused', variant: 'warning' },
} as const satisfies Readonly<Record<Exclude<Outcome, 'done'>, { text: TextKey; variant: Weight }>>;

/** One sentence; `module` is the name for people. What a newer server tells of is at least named. */
export function sentenceOf(entry: ActivityEntry, module: string, say: Say): string {
  const from = entry.about ?? '–';
  const names = entry.run?.modules.join(', ') ?? '–';
  switch (`${entry.kind}.${entry.event}`) {
    case 'sign_in.paired':
      return say('activity-paired', { from });
    case 'sign_in.wrong_code':
      return say('activity-wrong-code', { from });
    case 'sign_in.locked_out':
      return say('activity-locked-out');
    case 'sign_in.signed_out':
      return say('activity-signed-out');
    case 'sign_in.revoked':
      return say('activity-revoked', { name: from });
    case 'module.enabled':
      return say('activity-enabled', { module });
    case 'module.disabled':
      return say('activity-disabled', { module });
    case 'action.ran':
      return say('activity-ran', { action: readable(entry.action ?? ''), module });
    case 'settings.changed':
      return say('activity-settings', { module });
    case 'setup.begun':
      return say('activity-begun', { names });
    case 'setup.retried':
      return say('activity-retried', { names });
    case 'setup.cancelled':
      return say('activity-setup-cancelled', { names });
    case 'setup.reboot_ordered':
      return say('activity-reboot', { names });
    case 'setup.undone':
      return say('activity-undone', { names });
    default:
      return readable(entry.event);
  }
}

/** Entries of one day together, by this browser's clock, in the order in which they came. */
export function byDay(entries: readonly ActivityEntry[], locale: string): Day[] {
  const days: (Day & { entries: ActivityEntry[] })[] = [];
  for (const entry of entries) {
    const name = dayName(entry.at, locale);
    const last = days.at(-1);
    if (last?.name === name) last.entries.push(entry);
    else days.push({ key: keyOf(name, days), name, entries: [entry] });
  }
  return days;
}

/** Stays the same whatever comes into the day; one that comes twice, by clocks that were set, has two. */
function keyOf(name: string, before: readonly Day[]): string {
  return `${name} ${String(before.filter((day) => day.name === name).length)}`;
}

export interface Day {
  readonly key: string;
  readonly name: string;
  readonly entries: readonly ActivityEntry[];
}
