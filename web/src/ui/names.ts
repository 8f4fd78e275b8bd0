// How an account is called on screen: its address where this browser has met it, else the start of its id.
import { session } from './session.svelte.ts';

export function nameOf(account: string): string {
  return session.addresses.get(account) ?? `${account.slice(0, 8)}…`;
}

/** A parcel has no name outside its sealing: the start of its id. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
