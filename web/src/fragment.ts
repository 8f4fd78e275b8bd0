// The fragment of the address that the page was opened with. Links carry their secret in it; so the
// first thing that runs takes it out of the address bar and of the history, before anything else could
// read, show or send it. It is given out once. A mail system may have written "%23" for "#": then the secret was
// part of the path, servers have read it, and it is taken out of the path.
export interface Arrived {
  /** Without its "#"; "" when there was none, or it was taken already. */
  readonly text: string;
  /** It was in the path: whoever keeps logs on the way may have it. */
  readonly wasSeen: boolean;
}

const nothing: Arrived = { text: '', wasSeen: false };
let arrived = nothing;
let tell: (() => void) | undefined;

const rewritten = /^(\/[lr]\/[0-9a-f]{32}|\/e)(%23|[^0-9a-z])(.*)$/i;

function take(): void {
  const [, path, mark, rest] = rewritten.exec(location.pathname) ?? [];
  const fragment = location.hash.slice(1);
  if (path !== undefined) {
    const wasSeen = mark === '%23' && fragment === '';
    arrived = wasSeen ? { text: rest ?? '', wasSeen } : { text: fragment, wasSeen: false };
    history.replaceState(null, '', path.toLowerCase());
    return;
  }
  arrived = { text: fragment, wasSeen: false };
  if (location.href.includes('#')) history.replaceState(null, '', location.pathname + location.search);
}

take();
// A second link pasted over the first does not load the page again.
addEventListener('hashchange', () => {
  take();
  tell?.();
});

export function takeArrived(): Arrived {
  const taken = arrived;
  arrived = nothing;
  return taken;
}

/** `callback` is called when the address gets another fragment while the page is open. */
export function onFragment(callback: () => void): void {
  tell = callback;
}
