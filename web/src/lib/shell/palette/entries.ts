/** What the palette offers: pages, modules and what they can be asked to do, as entries with words to be found by. Pure. */
import blocks from 'virtual:icon/blocks';
import play from 'virtual:icon/play';
import power from 'virtual:icon/power';
import scroll from 'virtual:icon/scroll-text';
import sliders from 'virtual:icon/sliders-horizontal';
import type { Power } from '../../api/modules';
import type { Say } from '../../i18n/texts';
import { logOf, pageOf, settingsOf } from '../../state/router.svelte';
import { readable } from '../../text/words';
import type { ActionRef, ModuleAction, ModuleInfo } from '../../transport/model';
import { PAGES } from '../pages';
import { folded, type Searchable } from './match';

export type Deed =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'switch'; readonly module: string; readonly power: Power }
  | { readonly kind: 'act'; readonly module: string; readonly ref: ActionRef };

export interface Entry extends Searchable {
  /** Unlike that of any other entry, whatever language is spoken. */
  readonly id: string;
  readonly title: string;
  /** What sort of thing it is, or whose. */
  readonly hint: string;
  readonly icon: string;
  readonly deed: Deed;
}

/** What is known of a module here. */
export type Facts = Pick<ModuleInfo, 'name' | 'displayName' | 'enabled' | 'valid' | 'life' | 'capabilities'>;

function entry(id: string, title: string, hint: string, icon: string, deed: Deed, words = ''): Entry {
  return { id, title, hint, icon, deed, folded: folded(`${title} ${hint} ${words}`) };
}

export function pageEntries(say: Say): Entry[] {
  return PAGES.map(({ path, page, label, icon }) =>
    entry(`page ${page}`, say(label), say('palette-page'), icon, { kind: 'go', path }),
  );
}

/** Its page, its settings, its log, and the switch. One that can't run can be switched off, never on. */
export function moduleEntries({ name, displayName, enabled, valid, capabilities }: Facts, say: Say): Entry[] {
  const named = { name: displayName };
  const hint = say('module');
  const page = () =>
    entry(`open ${name}`, say('open-module', named), hint, blocks, { kind: 'go', path: pageOf(name) }, name);
  const settings = () =>
    entry(
      `settings ${name}`,
      say('settings-of', named),
      hint,
      sliders,
      { kind: 'go', path: settingsOf(name) },
      name,
    );
  const log = () =>
    entry(`log ${name}`, say('log-of', named), hint, scroll, { kind: 'go', path: logOf(name) }, name);
  const to: Power = enabled ? 'disable' : 'enable';
  const switched = () =>
    entry(
      `${to} ${name}`,
      say(enabled ? 'modules-disable-it' : 'modules-enable-it', named),
      hint,
      power,
      { kind: 'switch', module: name, power: to },
      name,
    );
  return [
    ...(enabled && capabilities.detailPage ? [page()] : []),
    ...(valid && capabilities.settings ? [settings()] : []),
    ...(valid ? [log()] : []),
    ...(enabled || valid ? [switched()] : []),
  ];
}

/** What a module can be asked for without another word: what needs to be told more is asked on its own page. */
export function actionEntries(
  module: Pick<Facts, 'name' | 'displayName'>,
  actions: readonly ModuleAction[],
): Entry[] {
  const plain = actions.filter(({ needsParams }) => !needsParams);
  return plain.map(({ name, description, confirm }) =>
    entry(
      `act ${module.name} ${name}`,
      readable(name),
      module.displayName,
      play,
      { kind: 'act', module: module.name, ref: { action: name, params: {}, confirm } },
      `${module.name} ${description ?? ''}`,
    ),
  );
}
