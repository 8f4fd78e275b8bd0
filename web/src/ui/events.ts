// The log's kinds of events (src/server/operations.h), in words.
import { t, type Key } from '../i18n/language.svelte.ts';

const names: Readonly<Record<string, Key>> = {
  account_invited: 'event.account_invited',
  account_enrolled: 'event.account_enrolled',
  session_begun: 'event.session_begun',
  token_issued: 'event.token_issued',
  sessions_ended: 'event.sessions_ended',
  slots_changed: 'event.slots_changed',
  key_published: 'event.key_published',
  parcel_created: 'event.parcel_created',
  parcel_completed: 'event.parcel_completed',
  parcel_opened: 'event.parcel_opened',
  parcel_received: 'event.parcel_received',
  parcel_recalled: 'event.parcel_recalled',
  recipients_changed: 'event.recipients_changed',
  link_created: 'event.link_created',
  link_revoked: 'event.link_revoked',
  request_created: 'event.request_created',
  request_closed: 'event.request_closed',
  parcel_handed_in: 'event.parcel_handed_in',
  account_changed: 'event.account_changed',
  policy_changed: 'event.policy_changed',
  recovery_asked: 'event.recovery_asked',
  recovery_approved: 'event.recovery_approved',
  recovery_released: 'event.recovery_released',
  recovery_cancelled: 'event.recovery_cancelled',
  locked_down: 'event.locked_down',
  reopening_approved: 'event.reopening_approved',
  reopened: 'event.reopened',
  backed_up: 'event.backed_up',
  web_client_served: 'event.web_client_served',
  records_erased: 'event.records_erased',
  parcel_lost: 'event.parcel_lost',
  restored: 'event.restored',
  reopen_key_made: 'event.reopen_key_made',
  clock_held: 'event.clock_held',
  clock_accepted: 'event.clock_accepted',
  proposal_made: 'event.proposal_made',
  proposal_confirmed: 'event.proposal_confirmed',
  proposal_withdrawn: 'event.proposal_withdrawn',
  officers_signed: 'event.officers_signed',
  expiry_changed: 'event.expiry_changed',
};

/** A kind that this client does not know is shown as the server spells it. */
export function eventName(kind: string): string {
  const key = names[kind];
  return key === undefined ? kind : (t as (key: Key) => string)(key);
}
