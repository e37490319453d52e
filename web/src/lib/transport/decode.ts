/** Wire data → model. Whatever arrives, the answer is a usable value or null; nothing here throws. */
import { language } from '../i18n/speech.svelte';
import type {
  ActionRef,
  ActionResult,
  Capabilities,
  Life,
  ManifestProblem,
  ModalNode,
  ModuleAction,
  ModuleEnvironment,
  ModuleInfo,
  ModuleProblem,
  ModuleSettings,
  ModuleSnapshot,
  ModuleUi,
  Progress,
  RunningCall,
  UiNode,
} from './model';
import {
  choice,
  fields,
  firstOfEach,
  flag,
  isFields,
  maps,
  numberOrNull,
  text,
  textOrNull,
  texts,
  wholeOrNull,
  type Fields,
} from './read';

const LIVES = [
  'stopped',
  'starting',
  'running',
  'stopping',
  'backoff',
  'failed',
  'preparing',
  'blocked',
] as const;
const ENVIRONMENT_STATES = ['ready', 'preparing', 'failed', 'missing'] as const;
const VARIANTS = ['info', 'success', 'warning', 'error'] as const;

/** What the stream says of a module beside its UI. */
export type Described = Omit<ModuleSnapshot, keyof Shown>;
type Shown = Pick<ModuleSnapshot, 'tile' | 'modals' | 'page'>;

/** Of one that isn’t known, on or off. */
function life(value: unknown, enabled: boolean): Life {
  return choice(value, LIVES, enabled ? 'running' : 'stopped');
}

function problem(value: unknown, now: number): ModuleProblem | null {
  if (!isFields(value)) return null;
  const retryIn = value['retry_in_ms'];
  return {
    kind: textOrNull(value['kind']),
    title: text(value['title'], language.say('problem-unnamed')),
    detail: textOrNull(value['detail']),
    traceback: textOrNull(value['traceback']),
    retryAt: typeof retryIn === 'number' && Number.isFinite(retryIn) ? now + Math.max(0, retryIn) : null,
  };
}

function modals(value: unknown): ModalNode[] {
  return maps(value).flatMap((node) => {
    const id = textOrNull(node['id']);
    return id === null ? [] : [{ id, node }];
  });
}

function progress(value: unknown): Progress | null {
  if (!isFields(value)) return null;
  return {
    done: numberOrNull(value['done']),
    total: numberOrNull(value['total']),
    text: textOrNull(value['text']),
  };
}

function running(value: unknown): RunningCall[] {
  const calls = maps(value).map((data) => ({
    call: text(data['call']),
    action: text(data['action']),
    params: fields(data['params']),
    progress: progress(data['progress']),
  }));
  return firstOfEach(
    calls.filter(({ call, action }) => call !== '' && action !== ''),
    ({ call }) => call,
  );
}

function node(value: unknown): UiNode | null {
  return isFields(value) ? value : null;
}

/** `{tile, modals}`; anything else shows nothing. */
function shown(value: unknown): ModuleUi {
  const ui = fields(value);
  return { tile: node(ui['tile']), modals: modals(ui['modals']) };
}

/** The `ui` of a module on the stream. */
export function decodeShown(value: unknown): Shown {
  const ui = fields(value);
  return { ...shown(ui), page: 'page' in ui ? node(ui['page']) : undefined };
}

/** The `info` of a module on the stream, as it came at `now`. */
export function decodeInfo(name: string, data: Fields, now: number): Described {
  const enabled = flag(data['enabled']);
  return {
    name,
    displayName: text(data['display_name']) || name,
    enabled,
    life: life(data['life'], enabled),
    problem: problem(data['problem'], now),
    preparing: progress(data['preparing']),
    running: running(data['running']),
    dashboard: flag(data['dashboard'], true),
    hasPage: flag(data['has_page']),
    live: flag(data['live'], true),
    settings: wholeOrNull(data['settings']) ?? 0,
  };
}

/** Two folders may claim one name; the page lists both, and says which one is loaded. */
export function moduleKey(module: ModuleInfo): string {
  return module.folder ?? module.name;
}

/** The answer to `GET …/ui`. */
export function decodeUi(body: unknown): ModuleUi {
  return shown(fields(body)['ui']);
}

/** The answer to `GET …/page`. */
export function decodePage(body: unknown): UiNode | null {
  return node(fields(body)['page']);
}

/** The answer to `GET …/settings` and `PUT …/settings`. */
/** One whose parameters aren't described may need some. */
export function decodeActions(value: unknown): ModuleAction[] {
  const { actions, schemas } = fields(value);
  return texts(actions).map((name) => {
    const { description, confirm, params } = fields(fields(schemas)[name]);
    const needsParams = !isFields(params) || texts(params['required']).length > 0;
    return { name, description: textOrNull(description), confirm: textOrNull(confirm), needsParams };
  });
}

export function decodeSettings(body: unknown): ModuleSettings {
  const data = fields(body);
  const secrets = Object.entries(fields(data['secrets'])).map(([name, stored]) => [name, flag(stored)]);
  return {
    schema: fields(data['schema']),
    values: fields(data['values']),
    secrets: Object.fromEntries(secrets) as Record<string, boolean>,
    problem: textOrNull(data['problem']),
    version: wholeOrNull(data['version']),
  };
}

export function decodeEnvironment(body: unknown): ModuleEnvironment {
  const data = fields(body);
  const packages = maps(data['packages']).map(({ name, version }) => ({
    name: text(name),
    version: text(version),
  }));
  return {
    state: choice(data['state'], ENVIRONMENT_STATES, 'missing'),
    python: text(data['python']),
    folder: textOrNull(data['folder']),
    packages: firstOfEach(packages, ({ name }) => name),
    size: wholeOrNull(data['size']) ?? 0,
    sharedWith: texts(data['shared_with']),
  };
}

function manifestProblem(data: Fields): ManifestProblem {
  return {
    severity: choice(data['severity'], ['error', 'warning'], 'error'),
    message: text(data['message'], language.say('remark-unnamed')),
    file: textOrNull(data['file']),
    line: wholeOrNull(data['line']),
    column: wholeOrNull(data['column']),
    help: textOrNull(data['help']),
  };
}

function capabilities(data: Fields): Capabilities {
  return {
    websocket: flag(data['websocket'], true),
    dashboard: flag(data['dashboard'], true),
    detailPage: flag(data['detail_page']),
    settings: flag(data['settings']),
  };
}

function moduleInfo(data: Fields, now: number): ModuleInfo | null {
  const name = textOrNull(data['name']);
  if (name === null) return null;
  const enabled = flag(data['enabled']);
  return {
    name,
    displayName: text(data['display_name']) || name,
    enabled,
    valid: flag(data['valid'], true),
    life: life(data['life'], enabled),
    problem: problem(data['problem'], now),
    preparing: progress(data['preparing']),
    source: text(data['source']),
    version: text(data['version']),
    icon: textOrNull(data['icon']),
    description: textOrNull(data['description']),
    author: textOrNull(data['author']),
    folder: textOrNull(data['folder']),
    systemDeps: texts(data['system_deps']),
    pythonDeps: texts(data['python_deps']),
    category: textOrNull(data['category']),
    tags: [...new Set(texts(data['tags']))],
    homepage: textOrNull(data['homepage']),
    repository: textOrNull(data['repository']),
    requiresNetwork: flag(data['requires_network']),
    platforms: texts(data['platforms']),
    capabilities: capabilities(fields(data['capabilities'])),
    problems: maps(data['problems']).map(manifestProblem),
  };
}

export function decodeModuleInfos(body: unknown, now: number): ModuleInfo[] {
  const decoded = maps(fields(body)['modules']).map((data) => moduleInfo(data, now));
  return firstOfEach(
    decoded.filter((item) => item !== null),
    moduleKey,
  );
}

function actionResult(data: Fields): ActionResult | null {
  switch (data['type']) {
    case 'open_modal': {
      const id = textOrNull(data['modal_id']);
      return id === null ? null : { kind: 'open-modal', id };
    }
    case 'close_modal':
      return { kind: 'close-modal', id: textOrNull(data['modal_id']) };
    case 'notify':
      return {
        kind: 'notify',
        message: text(data['message']),
        variant: choice(data['variant'], VARIANTS, 'info'),
        title: textOrNull(data['title']),
      };
    case 'refresh':
      return { kind: 'refresh' };
    default:
      return null;
  }
}

/** Results in the order to be handled; unknown ones are left out. */
export function decodeResults(results: unknown): ActionResult[] {
  return maps(results)
    .map(actionResult)
    .filter((result) => result !== null);
}

/** `{"__action__": name, "__params__": map or null, "__confirm__"?: text}`, or null for anything else. */
export function decodeActionRef(value: unknown): ActionRef | null {
  if (!isFields(value)) return null;
  const action = value['__action__'];
  if (typeof action !== 'string' || action === '') return null;
  return { action, params: fields(value['__params__']), confirm: textOrNull(value['__confirm__']) };
}
