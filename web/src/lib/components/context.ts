/** What a component may know of its surroundings: its module's actions, and how deep it is nested. */
import { createContext, getContext, hasContext, setContext } from 'svelte';
import type { FormScope } from '../state/form.svelte';
import type { ActionRef } from '../transport/model';

export interface ModuleContext {
  /** Why actions can't run just now, or null. */
  readonly blocked: string | null;
  busy(ref: ActionRef): boolean;
  /** With the fields of the scope that it stands in. */
  run(ref: ActionRef, form: FormScope): void;
  /** What a button without an action does: closes the modal around it, if there is one. */
  dismiss?(): void;
}

export const [useModule, provideModule] = createContext<ModuleContext>();

/** The scope of fields around a component: the modal, else the tile or page, or a form inside one. */
export const [useForm, provideForm] = createContext<FormScope>();

const HEADING = Symbol('heading');
const LOWEST_HEADING = 6;
/** Below a tile's or a modal's title, which stand below the page's. */
const USUAL_HEADING = 3;

/** The level of a heading here. */
export function headingLevel(): number {
  return hasContext(HEADING) ? getContext<number>(HEADING) : USUAL_HEADING;
}

/** Headings inside this component are of that level. */
export function headingsFrom(level: number): void {
  setContext(HEADING, Math.min(level, LOWEST_HEADING));
}

const CONTROL = Symbol('control');

/** Says to the components inside this one whether it is a control as a whole. */
export function controlWhile(isControl: () => boolean): void {
  const around = inControl();
  setContext(CONTROL, () => isControl() || around());
}

/** Whether this component stands in one that is a control as a whole: what could be used by itself there isn't. */
export function inControl(): () => boolean {
  return hasContext(CONTROL) ? getContext<() => boolean>(CONTROL) : () => false;
}

const DEPTH = Symbol('depth');

/** Deeper than any layout that was made to be seen; a tree can be made to exhaust the stack. */
export const DEEPEST = 32;

/** The depth of this component, the outermost being 0; those inside it are one deeper. */
export function enter(): number {
  const depth = hasContext(DEPTH) ? getContext<number>(DEPTH) + 1 : 0;
  setContext(DEPTH, depth);
  return depth;
}
