// The fragment of the address that the page was opened with. Links carry their secret in it; so the
// first thing that runs takes it out of the address bar and of the history, before anything else could
// read, show or send it. It is given out once.
let fragment = '';
let tell: (() => void) | undefined;

function take(): void {
  fragment = location.hash.slice(1);
  if (location.href.includes('#')) history.replaceState(null, '', location.pathname + location.search);
}

take();
// A second link pasted over the first does not load the page again.
addEventListener('hashchange', () => {
  take();
  tell?.();
});

/** The fragment without its "#", or "" when there was none or it was taken already. */
export function takeFragment(): string {
  const taken = fragment;
  fragment = '';
  return taken;
}

/** `callback` is called when the address gets another fragment while the page is open. */
export function onFragment(callback: () => void): void {
  tell = callback;
}
