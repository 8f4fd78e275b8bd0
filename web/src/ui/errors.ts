// From what was thrown to a sentence for people, by its code.
import { codeOf, SealiftError, type ErrorCode } from '../api/error.ts';
import { formatBytes, formatDuration, language, t, type Key } from '../i18n/language.svelte.ts';
import { refusalText } from './refusals.ts';
import { session } from './session.svelte.ts';

export type Sentences = Readonly<Partial<Record<ErrorCode, Key>>>;

const plain: Readonly<Record<ErrorCode, Key>> = {
  malformed: 'error.malformed',
  not_found: 'error.not_found',
  forbidden: 'error.forbidden',
  limit: 'error.limit',
  locked_down: 'error.locked_down',
  io: 'error.io',
  internal: 'error.internal',
  usage: 'error.usage',
  unauthorized: 'error.unauthorized',
  conflict: 'error.conflict',
  no_space: 'error.no_space',
  damaged: 'error.damaged',
  unsupported: 'error.unsupported',
  over_quota: 'error.over_quota',
  no_match: 'error.no_match',
  aborted: 'error.aborted',
};

/** `own`: what a code means at this place, where that is more than in general. */
export function sentenceOf(error: unknown, own: Sentences = {}): string {
  session.note(error);
  const code = codeOf(error);
  const key: Key = own[code] ?? plain[code];
  const wait = error instanceof SealiftError ? error.retryAfterMs : undefined;
  const refused = error instanceof SealiftError && own[code] === undefined ? refusalText(code, error.refused, { language: language.code, duration: formatDuration, size: formatBytes }) : undefined;
  if (refused !== undefined) return refused;
  const sentence = (t as (key: Key) => string)(key);
  return wait === undefined ? sentence : `${sentence} ${t('error.wait', { time: formatDuration(wait) })}`;
}
