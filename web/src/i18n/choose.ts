// Which language a reader gets. Pure.
export type Language = 'en' | 'fr';

/** `chosen` as it was kept, if it was; else the first that the browser wants and we have; else English. */
export function languageOf(wished: readonly string[], chosen: string | null): Language {
  if (chosen === 'en' || chosen === 'fr') return chosen;
  for (const each of wished) {
    const code = each.toLowerCase().split('-')[0];
    if (code === 'en' || code === 'fr') return code;
  }
  return 'en';
}
