/** Where the way back from one of a module's own pages leads: to the page that it shows itself, if it has one. Pure. */
import type { Say } from '../../i18n/texts';
import { entryOf, pageOf } from '../../state/router.svelte';
import type { ModuleSnapshot } from '../../transport/model';

export function backFrom(module: ModuleSnapshot | null, say: Say): { href: string; from: string } {
  if (module?.enabled && module.hasPage) return { href: pageOf(module.name), from: module.displayName };
  return module === null
    ? { href: '/modules', from: say('modules') }
    : { href: entryOf(module.name), from: say('modules') };
}
