/** Follows one pointer from its press to its release: mouse, finger and pen alike. */

/** What a drag does; it begins with the first `to`. */
export interface Drag {
  readonly to: (event: PointerEvent) => void;
  readonly drop: () => void;
  /** The pointer was taken away (a second finger, the system), or Escape was pressed. */
  readonly cancel: () => void;
}

/** In px. Within it a press is still a click. */
const SLACK = 4;

/**
 * The pointer is captured by `stage`, which stays where it is: what was pressed may be moved in the document by its own drag, and an
 * element that is moved loses its capture. Returns what gives the drag up; once it is over, that does nothing.
 */
export function follow(press: PointerEvent, stage: Element, drag: Drag): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let dragging = false;

  function move(event: PointerEvent): void {
    if (event.pointerId !== press.pointerId) return;
    if (!dragging) {
      if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < SLACK) return;
      dragging = true;
      stage.setPointerCapture(press.pointerId);
    }
    drag.to(event);
  }

  function end(how: 'drop' | 'cancel'): void {
    listening.abort();
    if (dragging) drag[how]();
    dragging = false;
  }

  addEventListener('pointermove', move, { signal });
  for (const [type, how] of [
    ['pointerup', 'drop'],
    ['pointercancel', 'cancel'],
  ] as const) {
    addEventListener(type, (event) => event.pointerId === press.pointerId && end(how), { signal });
  }
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !dragging) return;
    event.stopPropagation();
    end('cancel');
  };
  addEventListener('keydown', escape, { signal, capture: true });
  return () => end('cancel');
}
