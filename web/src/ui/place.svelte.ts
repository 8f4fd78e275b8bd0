// Where the reader is: the address bar as a value. Pages move by go(); links are ordinary links that
// <App> takes over, so that they open in new tabs as links do.
import { routeOf, type Route } from './router.ts';

class Place {
  path = $state(location.pathname);
  readonly route: Route = $derived(routeOf(this.path));

  constructor() {
    addEventListener('popstate', () => {
      this.path = location.pathname;
    });
  }

  go(path: string): void {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.path = path;
    scrollTo(0, 0);
  }
}

export const place = new Place();

/** For a click on a link of our own; others are left to the browser. */
export function followLink(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!target || !isPlain || event.defaultPrevented || target.hasAttribute('download') || target.target !== '') return;
  if (target.origin !== location.origin || target.hash !== '' || routeOf(target.pathname).page === 'nowhere') return;
  event.preventDefault();
  place.go(target.pathname);
}
