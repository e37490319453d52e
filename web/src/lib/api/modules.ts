/** What is asked about modules and told to them beside the stream: the catalog, their looks, settings and calls. */
import {
  decodeActions,
  decodeEnvironment,
  decodeModuleInfos,
  decodePage,
  decodeSettings,
  decodeUi,
} from '../transport/decode';
import { call } from '../transport/http';
import type {
  ModuleAction,
  ModuleEnvironment,
  ModuleInfo,
  ModuleSettings,
  ModuleUi,
  UiNode,
} from '../transport/model';
import { fields, flag } from '../transport/read';

export type Power = 'enable' | 'disable';

/** The host renders on demand within seconds of its own; longer than that is no answer. */
const LOOK_WITHIN = 20_000;

function pathOf(name: string, rest: string): string {
  return `/api/modules/${encodeURIComponent(name)}/${rest}`;
}

export async function listModules(): Promise<ModuleInfo[]> {
  return decodeModuleInfos(await call('GET', '/api/modules', { timeoutMs: 15_000 }), Date.now());
}

/** No time limit: a module's `initialize()` may take long, and the server has its own deadline. */
export async function setPower(name: string, power: Power): Promise<void> {
  await call('POST', pathOf(name, power));
}

/** Its tile and modals as they are now. */
export async function fetchUi(name: string): Promise<ModuleUi> {
  return decodeUi(await call('GET', pathOf(name, 'ui'), { timeoutMs: LOOK_WITHIN }));
}

/** Its detail page as it is now; null: it has none to show. */
export async function fetchPage(name: string): Promise<UiNode | null> {
  return decodePage(await call('GET', pathOf(name, 'page'), { timeoutMs: LOOK_WITHIN }));
}

/** Takes as long as the daemon needs to look at each of their files, and at the first time as Python needs to start. */
export async function fetchEnvironment(name: string): Promise<ModuleEnvironment> {
  return decodeEnvironment(await call('GET', pathOf(name, 'environment')));
}

export async function listActions(name: string): Promise<ModuleAction[]> {
  return decodeActions(await call('GET', pathOf(name, 'actions'), { timeoutMs: LOOK_WITHIN }));
}

/** False: the call was over already. */
export async function cancelCall(name: string, id: string): Promise<boolean> {
  const path = pathOf(name, `calls/${encodeURIComponent(id)}/cancel`);
  return flag(fields(await call('POST', path, { timeoutMs: LOOK_WITHIN }))['success']);
}

/** No time limit here either: the settings of a module that isn't running are asked of its code, which is loaded first. */
export async function fetchSettings(name: string): Promise<ModuleSettings> {
  return decodeSettings(await call('GET', pathOf(name, 'settings')));
}

/** A secret left out stays, null clears it, a text sets it. Refused if they aren't those of that version any more. */
export async function putSettings(
  name: string,
  values: Readonly<Record<string, unknown>>,
  version: number | null,
): Promise<ModuleSettings> {
  const seen = version === null ? '' : `?version=${String(version)}`;
  return decodeSettings(await call('PUT', pathOf(name, `settings${seen}`), { body: values }));
}
