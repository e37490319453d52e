/** What can wait. */

/** Not every browser says when it has nothing to do; a second after a page has come it seldom has. */
const SECOND = 1_000;

/** Runs it when the browser has nothing else to do; returns what calls that off. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const request = requestIdleCallback(run);
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(run, SECOND);
  return () => clearTimeout(timer);
}
