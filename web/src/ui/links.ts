// Links as people paste them, put right (the core's mendLink), and what to say of one that can't be.
import type { MendedLink } from '../crypto/core.ts';
import { t } from '../i18n/language.svelte.ts';
import { session } from './session.svelte.ts';

/** `text`: a link somewhere in it, or the secret alone, of a link whose path is `here`. */
export async function mended(text: string, here: string): Promise<MendedLink> {
  const { core } = await session.client();
  const link = await core.mendLink(text);
  if (link.state === 'none' && !text.includes('/')) return core.mendLink(`${location.origin}${here}#${text.trim()}`);
  return link;
}

/** "" of a whole link. */
export function complaintOf(link: MendedLink): string {
  if (link.state === 'none') return t('link.incomplete');
  return link.state === 'cut' ? t('link.cut', { missing: link.missing }) : '';
}

/** The part of a whole link after its "#". */
export function secretOf(link: MendedLink): string {
  return link.text.slice(link.text.indexOf('#') + 1);
}
