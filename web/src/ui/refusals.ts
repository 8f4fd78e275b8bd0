// What the server refused, precisely: the rows of data/errors/refusals.json, which the command line
// has too, filled with the facts that came. A server's words are never shown: its reason picks a row
// of ours, and its facts are numbers and short words.
import rows from '../../../data/errors/refusals.json';
import type { Refused } from '../api/error.ts';

interface Row {
  readonly reason: string;
  readonly code: string;
  readonly by?: string;
  readonly en: string;
  readonly fr: string;
  readonly hint_en?: string;
  readonly hint_fr?: string;
}

/** How the reader's language writes times and sizes. */
export interface Reader {
  readonly language: 'en' | 'fr';
  readonly duration: (ms: number) => string;
  readonly size: (bytes: number) => string;
}

const byReason: ReadonlyMap<string, Row> = new Map((rows as readonly Row[]).map((row) => [row.reason, row]));
const word = /^[a-z0-9_.-]{1,40}$/;

const roles: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  administrator: { en: 'administrator', fr: 'administrateur' },
  recovery_officer: { en: 'recovery officer', fr: 'agent de récupération' },
  administrator_or_recovery_officer: { en: 'administrator or recovery officer', fr: 'administrateur ou agent de récupération' },
};

function valueText(name: string, value: unknown, reader: Reader): string | undefined {
  if (name === 'role' && typeof value === 'string' && Object.hasOwn(roles, value)) return roles[value]?.[reader.language];
  if (typeof value === 'string') return word.test(value) ? value : undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return undefined;
  if (name.endsWith('_ms')) return reader.duration(value);
  if (name.endsWith('_bytes')) return reader.size(value);
  return String(value);
}

/** The sentence and, if it isn't about the command line, the hint; undefined for what no row explains. */
export function refusalText(code: string, refused: Refused | undefined, reader: Reader): string | undefined {
  const row = refused && byReason.get(refused.reason);
  // What a client says by itself, of proxies and certificates, is not for a server to say.
  if (!row || row.code !== code || row.by !== undefined) return undefined;
  let isWhole = true;
  const filled = (pattern: string): string =>
    pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = valueText(name, refused.facts[name], reader);
      isWhole &&= value !== undefined;
      return value ?? '';
    });
  const isFrench = reader.language === 'fr';
  const hint = (isFrench ? row.hint_fr : row.hint_en) ?? '';
  const sentence = filled(isFrench ? row.fr : row.en);
  const text = hint === '' || hint.includes('`') ? sentence : `${sentence} ${filled(hint)}`;
  return isWhole ? text : undefined;
}
