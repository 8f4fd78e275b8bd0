// The language of the page: what the reader chose before, else the browser's, else English. Messages are
// typed: a key that is not in the catalogue, or a placeholder that is not filled, does not compile.
import { languageOf, type Language } from './choose.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

export type { Language };
export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, string>>;

export const languages: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'fr', name: 'Français' },
];

const catalogues: Readonly<Record<Language, Catalogue>> = { en, fr };
const storageKey = 'sealift.language';

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type Values<K extends Key> = [Placeholders<(typeof en)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof en)[K]>, string | number>>];
type Counted = { [K in Key]: K extends `${infer Stem}.other` ? Stem : never }[Key];

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

class LanguageChoice {
  code: Language = $state(languageOf(navigator.languages, stored(storageKey)));
  /** For numbers and dates: as the browser writes them where it speaks the language. */
  readonly locale: string = $derived(navigator.languages.find((each) => each.toLowerCase().startsWith(this.code)) ?? this.code);

  choose(code: Language): void {
    this.code = code;
    try {
      localStorage.setItem(storageKey, code);
    } catch {
      // A private window may keep nothing; the choice lasts as long as the page.
    }
  }
}

export const language = new LanguageChoice();

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

export function t<K extends Key>(key: K, ...values: Values<K>): string {
  const text: string = catalogues[language.code][key];
  return values[0] === undefined ? text : fill(text, values[0]);
}

/** The form for `count`: the keys "stem.one" and "stem.other", with {count} and no other placeholder. */
export function counted(stem: Counted, count: number): string {
  const form = new Intl.PluralRules(language.code).select(count) === 'one' ? 'one' : 'other';
  return fill(catalogues[language.code][`${stem}.${form}`], { count });
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language.locale).format(value);
}

export function formatTime(ms: number): string {
  return new Intl.DateTimeFormat(language.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

const sizeUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language.locale, {
    style: 'unit',
    unit: sizeUnits[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** A unit by itself, for a list to choose from: "days", "GB"; « Go ». */
export function unitName(name: string): string {
  const known: Readonly<Record<string, string>> = { MB: 'megabyte', GB: 'gigabyte', TB: 'terabyte', minute: 'minute', hour: 'hour', day: 'day' };
  const unit = known[name];
  // Of powers of two no browser knows the name.
  if (unit === undefined) return language.code === 'fr' ? name.replace('B', 'o') : name;
  const unitDisplay = name.endsWith('B') ? 'short' : 'long';
  const parts = new Intl.NumberFormat(language.locale, { style: 'unit', unit, unitDisplay }).formatToParts(2);
  return parts.find((part) => part.type === 'unit')?.value ?? name;
}

/** "3 days", "2 hours", "40 seconds": the largest unit that fits, rounded up to be honest. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [value, unit] =
    seconds >= 172_800
      ? [Math.round(seconds / 86_400), 'day' as const]
      : seconds >= 5_400
        ? [Math.round(seconds / 3_600), 'hour' as const]
        : seconds >= 90
          ? [Math.ceil(seconds / 60), 'minute' as const]
          : [seconds, 'second' as const];
  return new Intl.NumberFormat(language.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
