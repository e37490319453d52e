/**
 * Dragging tiles over the grid: where the pointer is, which tile that means, and what follows it. Positions are those of the layout,
 * not of what is drawn: a tile on its way to its new place counts as there.
 */
import { tick } from 'svelte';
import type { Arranging } from '../../state/arranging.svelte';
import type { TileSize } from '../../transport/layout';
import { follow, type Drag } from './follow';

/** How far a tile is lifted from its place, in px. */
export interface Lifted {
  readonly module: string;
  readonly x: number;
  readonly y: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** This near to the window's upper and lower edge the page scrolls along, in px, and so far with each picture. */
const EDGE = 80;
const SCROLL = 12;

export class Dragging {
  lifted = $state.raw<Lifted | null>(null);
  /** Whose corner is dragged. */
  growing = $state<string | null>(null);
  #giveUp: (() => void) | null = null;

  constructor(
    private readonly grid: () => HTMLElement,
    private readonly arranging: Arranging,
  ) {}

  /** From a press on a tile's bar. */
  move(press: PointerEvent, module: string): void {
    const start = this.#cell(module);
    const at = this.#inGrid(press);
    const grip = { x: at.x - start.offsetLeft, y: at.y - start.offsetTop };
    /** The tile that the pointer came upon last: to stay on it changes nothing, also when it is another one after a move. */
    let under: string | null = module;
    let last = press;

    const to = async (event: PointerEvent) => {
      last = event;
      if (!this.lifted) this.arranging.pickUp(module);
      this.#lift(module, grip, event);
      const over = this.#under(event);
      if (over !== null && over !== under && over !== module) {
        const position = this.#names.indexOf(over);
        await this.glide(() => this.arranging.dragTo(module, position), module);
        this.#lift(module, grip, last);
      }
      under = this.#under(last);
      this.#scroll(event, () => this.lifted && event === last && void to(event));
    };
    const over = (how: 'putDown' | 'takeBack') => () => {
      this.lifted = null;
      this.arranging[how]();
    };
    this.#follow(press, { to: (event) => void to(event), drop: over('putDown'), cancel: over('takeBack') });
  }

  /** From a press on a tile's corner. */
  resize(press: PointerEvent, module: string, from: TileSize): void {
    const cell = this.#cell(module);
    const { columnGap, direction } = getComputedStyle(this.grid());
    const gap = parseFloat(columnGap);
    const width = (this.grid().clientWidth + gap) / columnsOf(this.grid());
    const height = (cell.offsetHeight + gap) / from.rows;
    const forward = direction === 'rtl' ? -1 : 1;
    const to = ({ clientX, clientY }: PointerEvent) => {
      if (this.growing === null) this.arranging.pickUp(module);
      this.growing = module;
      const columns = Math.round((forward * (clientX - press.clientX)) / width);
      this.arranging.dragSize(module, from, {
        columns,
        rows: Math.round((clientY - press.clientY) / height),
      });
    };
    const over = (how: 'putDown' | 'takeBack') => () => {
      this.growing = null;
      this.arranging[how]();
    };
    this.#follow(press, { to, drop: over('putDown'), cancel: over('takeBack') });
  }

  giveUp(): void {
    this.#giveUp?.();
  }

  /** Does what moves tiles, and lets all but `except` glide to where they are then. What has the focus keeps it. */
  async glide(change: () => void, except?: string): Promise<void> {
    const focused = document.activeElement;
    const before = this.#cells.map((cell) => ({ cell, x: cell.offsetLeft, y: cell.offsetTop }));
    change();
    await tick();
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
    // No time at all where a person wants no motion: see tokens.css.
    const duration = parseFloat(getComputedStyle(this.grid()).getPropertyValue('--quick'));
    for (const { cell, ...from } of before) {
      if (cell.isConnected && cell.dataset['module'] !== except) glideFrom(cell, from, duration);
    }
  }

  /** Puts the focus on the bar of a tile. */
  focus(module: string): void {
    this.#cell(module).querySelector<HTMLElement>('[data-bar]')?.focus();
  }

  #follow(press: PointerEvent, drag: Drag): void {
    if (press.button !== 0 || !press.isPrimary) return;
    this.giveUp();
    this.#giveUp = follow(press, this.grid(), drag);
  }

  #lift(module: string, grip: Point, event: PointerEvent): void {
    const at = this.#inGrid(event);
    const { offsetLeft, offsetTop } = this.#cell(module);
    this.lifted = { module, x: at.x - grip.x - offsetLeft, y: at.y - grip.y - offsetTop };
  }

  #scroll({ clientY }: PointerEvent, then: () => void): void {
    const by = clientY < EDGE ? -SCROLL : clientY > innerHeight - EDGE ? SCROLL : 0;
    const room = by < 0 ? scrollY : document.documentElement.scrollHeight - innerHeight - scrollY;
    if (by === 0 || room < 1) return;
    requestAnimationFrame(() => {
      scrollBy({ top: by, behavior: 'instant' });
      then();
    });
  }

  #under(event: PointerEvent): string | null {
    const { x, y } = this.#inGrid(event);
    const under = this.#cells.find(
      (cell) =>
        x >= cell.offsetLeft &&
        x < cell.offsetLeft + cell.offsetWidth &&
        y >= cell.offsetTop &&
        y < cell.offsetTop + cell.offsetHeight,
    );
    return under?.dataset['module'] ?? null;
  }

  #inGrid({ clientX, clientY }: PointerEvent): Point {
    const { left, top } = this.grid().getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #cell(module: string): HTMLElement {
    return this.#cells.find((cell) => cell.dataset['module'] === module) ?? this.grid();
  }

  get #names(): readonly string[] {
    return this.#cells.map((cell) => cell.dataset['module'] ?? '');
  }

  get #cells(): readonly HTMLElement[] {
    return [...this.grid().children].filter((child) => child instanceof HTMLElement);
  }
}

function glideFrom(cell: HTMLElement, from: Point, duration: number): void {
  const [x, y] = [from.x - cell.offsetLeft, from.y - cell.offsetTop];
  if (duration === 0 || (x === 0 && y === 0)) return;
  cell.animate({ translate: [`${String(x)}px ${String(y)}px`, '0'] }, { duration, easing: 'ease-out' });
}

/** How many columns it has just now. */
export function columnsOf(grid: HTMLElement): number {
  return getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}
