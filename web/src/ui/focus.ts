// Focus never falls to the body: what was pressed goes away (a form that was sent, a row that was removed, a
// dialog that was answered), is folded away or can't be pressed while something is under way, and a browser then leaves a
// keyboard's and a screen reader's user at the top of the page. The nearest thing that is still there gets the focus:
// what was focused before a dialog, the button once it can be pressed again, else the heading above.
const patienceMs = 1000;
let last: HTMLElement | undefined;
let beforeDialog: HTMLElement | undefined;
let above: readonly Element[] = [];

// The summary of what is closed around it; what is in there may have a place on the page and takes no focus.
function foldedIn(element: Element): HTMLElement | undefined {
  const folded = element.closest<HTMLElement>('details:not([open])');
  const summary = folded?.querySelector('summary') ?? undefined;
  return summary?.contains(element) === true ? undefined : summary;
}

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && foldedIn(element) === undefined && element.getClientRects().length > 0;
}

// A browser takes the focus from what can't be used any more only once it has drawn the page.
function isLost(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches(':disabled') || foldedIn(active) !== undefined;
}

function headingNear(): HTMLElement | undefined {
  for (const element of above) {
    if (!element.isConnected) continue;
    const heading = element.querySelector<HTMLElement>('h1, h2, h3');
    if (heading && heading.getClientRects().length > 0) return heading;
  }
  return document.querySelector<HTMLElement>('main h1') ?? undefined;
}

function mend(isLate = false): void {
  if (last === undefined || !isLost() || document.querySelector('dialog[open]')) return;
  if (isUsable(last)) last.focus();
  else if (last.isConnected && foldedIn(last)) foldedIn(last)?.focus();
  // Under way: it will be pressed again. One that stays disabled has done its work.
  else if (last.isConnected && last.matches(':disabled') && !isLate) setTimeout(() => mend(true), patienceMs);
  else if (beforeDialog !== undefined && isUsable(beforeDialog)) beforeDialog.focus();
  else {
    const heading = headingNear();
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  }
}

/** Watches what is below `root`, for as long as the page is open. */
export function keepFocus(root: Element): void {
  root.addEventListener('focusin', (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    last = event.target;
    if (!last.closest('dialog')) beforeDialog = last;
    above = [];
    for (let up = last.parentElement; up && up !== document.body; up = up.parentElement) above = [...above, up];
  });
  // Who clicks beside everything takes the focus away on purpose.
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && !event.target.closest('a, button, input, select, textarea, label, summary')) last = undefined;
  });
  new MutationObserver(() => requestAnimationFrame(() => mend())).observe(root, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'open'],
  });
}
