// Light or dark: as the reader chose, else as the system says.
export type Theme = 'auto' | 'light' | 'dark';

const storageKey = 'sealift.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    const kept = localStorage.getItem(storageKey);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

class ThemeChoice {
  theme: Theme = $state(stored());

  constructor() {
    this.#show();
    dark.addEventListener('change', () => {
      this.#show();
    });
  }

  choose(theme: Theme): void {
    this.theme = theme;
    try {
      localStorage.setItem(storageKey, theme);
    } catch {
      // Lasts as long as the page, then.
    }
    this.#show();
  }

  #show(): void {
    const isDark = this.theme === 'dark' || (this.theme === 'auto' && dark.matches);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }
}

export const theme = new ThemeChoice();
