// Where the reader is: the address bar as a value. Pages move by go(); links are ordinary links that
// <App> takes over, so that they open in new tabs as links do. A page that would lose something is asked about
// first, whether the reader leaves by link, by button or by the browser's Back.
import type { Key } from '../i18n/language.svelte.ts';
import { routeOf, type Route } from './router.ts';

/** What is asked before a page is left; `onleave`: what the answer "yes" ends. */
export interface LeaveQuestion {
  readonly title: Key;
  readonly text: Key;
  readonly action: Key;
  readonly onleave: () => void;
}

class Place {
  path = $state(location.pathname);
  /** <App> asks it. */
  question: (LeaveQuestion & { readonly path: string }) | undefined = $state.raw();
  readonly route: Route = $derived(routeOf(this.path));
  readonly #guards = new Set<() => LeaveQuestion | undefined>();

  constructor() {
    addEventListener('popstate', () => {
      const path = location.pathname;
      if (path === this.path) return;
      // The address bar has moved already.
      if (this.#asks(path)) history.pushState(null, '', this.path);
      else this.path = path;
    });
  }

  /** `guard` gives the question while there is one. Call the result when the page is gone. */
  guard(guard: () => LeaveQuestion | undefined): () => void {
    this.#guards.add(guard);
    return () => this.#guards.delete(guard);
  }

  go(path: string): void {
    if (path !== this.path && this.#asks(path)) return;
    this.#move(path);
  }

  answer(isYes: boolean): void {
    const asked = this.question;
    this.question = undefined;
    if (!asked || !isYes) return;
    asked.onleave();
    this.#move(asked.path);
  }

  #asks(path: string): boolean {
    for (const guard of this.#guards) {
      const question = guard();
      if (question) {
        this.question = { ...question, path };
        return true;
      }
    }
    return false;
  }

  #move(path: string): void {
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
