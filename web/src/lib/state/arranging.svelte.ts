/**
 * Arranging the tiles, by whatever means: what is picked up, what each step does, and what is said of it to who can't see it. Knows
 * nothing of pointers and pixels.
 */
import { language } from '../i18n/speech.svelte';
import type { Layout, TilePlace, TileSize } from '../transport/layout';
import type { Arrangement } from './arrangement.svelte';
import {
  completed,
  dragged,
  grown,
  hidden,
  isSame,
  moved,
  resized,
  seen,
  stepped,
  type Growth,
  type Step,
} from './layout';

/** A tile of the dashboard as it is shown or, hidden, as it would be. */
export interface ArrangedTile {
  readonly module: string;
  readonly title: string;
  readonly size: TileSize;
  readonly hidden: boolean;
}

/** A tile that is picked up, how all were arranged then, and what had come from the server by then. */
interface Held {
  readonly module: string;
  readonly before: Layout;
  readonly taken: Layout;
}

export class Arranging {
  on = $state(false);
  /** For a live region. */
  said = $state('');
  #held = $state.raw<Held | null>(null);

  /** `tiles` are all that there are, `columns` those of the grid just now. */
  constructor(
    private readonly arrangement: Pick<Arrangement, 'layout' | 'taken' | 'preview' | 'change'>,
    private readonly tiles: () => readonly ArrangedTile[],
    private readonly columns: () => number,
  ) {}

  get held(): string | null {
    return this.#held?.module ?? null;
  }

  begin(): void {
    this.on = true;
    this.said = '';
  }

  end(): void {
    this.#held = null;
    this.on = false;
  }

  pickUp(module: string): void {
    const { layout, taken } = this.arrangement;
    this.#held = { module, before: layout ?? [], taken };
    this.#say('arrange-picked-up', module);
  }

  /** Where it is now it stays. */
  putDown(): void {
    const module = this.held;
    if (module === null) return;
    this.#held = null;
    void this.arrangement.change(this.arrangement.layout ?? []);
    this.#say('arrange-put-down', module);
  }

  /** Back to how it was, or to what another window has saved meanwhile: that is never written over. */
  takeBack(): void {
    if (!this.#held) return;
    const { module, before, taken } = this.#held;
    this.#held = null;
    const latest = this.arrangement.taken;
    void this.arrangement.change(latest === taken ? before : latest);
    this.#say('arrange-taken-back', module);
  }

  canStep(module: string, step: Step): boolean {
    return this.#stepped(module, step) !== this.#shown.indexOf(module);
  }

  step(module: string, step: Step): void {
    const layout = moved(this.#layout, module, this.#stepped(module, step), this.#shown);
    // One that nobody has arranged stays so: it goes on showing what was saved last.
    if (!isSame(layout, this.#layout)) void this.arrangement.change(layout);
    this.said = this.#placeOf(module);
  }

  canGrow(module: string, growth: Growth): boolean {
    return this.#grown(module, growth) !== null;
  }

  grow(module: string, growth: Growth): void {
    const size = this.#grown(module, growth);
    if (size) void this.arrangement.change(resized(this.#layout, module, size));
    this.said = this.#placeOf(module);
  }

  /** While it is dragged: to the place of another. */
  dragTo(module: string, position: number): void {
    this.arrangement.preview(moved(this.#layout, module, position, this.#shown));
  }

  /** While its corner is dragged: from this size by so many columns and rows. */
  dragSize(module: string, from: TileSize, by: TileSize): void {
    this.arrangement.preview(resized(this.#layout, module, dragged(from, this.columns(), by)));
  }

  hide(module: string): void {
    this.#held = null;
    void this.arrangement.change(hidden(this.#layout, module, true));
    this.said = language.say('arrange-is-hidden', { name: this.#tile(module)?.title ?? module });
  }

  show(module: string): void {
    void this.arrangement.change(hidden(this.#layout, module, false));
    this.said = this.#placeOf(module);
  }

  /** As the modules come, and as they want to be. */
  reset(): void {
    this.#held = null;
    void this.arrangement.change([]);
    this.said = language.say('arrange-is-reset');
  }

  /** Also with the tiles that nobody has placed yet, which are moved and sized like any other. */
  get #layout(): Layout {
    const modules = this.tiles().map(({ module }) => module);
    return completed(this.arrangement.layout ?? [], modules);
  }

  get #shown(): readonly string[] {
    return this.tiles()
      .filter((tile) => !tile.hidden)
      .map(({ module }) => module);
  }

  #tile(module: string): ArrangedTile | undefined {
    return this.tiles().find((tile) => tile.module === module);
  }

  #stepped(module: string, step: Step): number {
    const names = this.#shown;
    return stepped(names.indexOf(module), step, this.columns(), names.length);
  }

  #grown(module: string, growth: Growth): TilePlace['size'] {
    const tile = this.#tile(module);
    return tile ? grown(tile.size, growth, this.columns()) : null;
  }

  #say(what: 'arrange-picked-up' | 'arrange-put-down' | 'arrange-taken-back', module: string): void {
    this.said = language.say(what, { place: this.#placeOf(module) });
  }

  #placeOf(module: string): string {
    const names = this.#shown;
    const tile = this.#tile(module);
    if (!tile) return '';
    const { columns, rows } = seen(tile.size, this.columns());
    const position = names.indexOf(module) + 1;
    return language.say('arrange-place', { name: tile.title, position, count: names.length, columns, rows });
  }
}
