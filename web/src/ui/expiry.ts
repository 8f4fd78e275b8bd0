// How long people choose that a parcel stays.
import type { Parcel } from '../api/generated/types.ts';

export const dayMs = 86_400_000;
const offeredDays = [1, 3, 7, 14, 30, 60, 90, 180, 365];

/** What to offer, up to `longestMs`, with those that have to be there. Ascending. */
export function lifetimeChoices(longestMs: number, always: readonly number[]): readonly number[] {
  const offered = offeredDays.map((days) => days * dayMs).filter((ms) => ms <= longestMs);
  return [...new Set([...offered, ...always])].filter((ms) => ms > 0).sort((a, b) => a - b);
}

/** From now on: the policy's limit counts from when the parcel was sent, so whole days that are left of it are the last. */
export function expiryChoices({ whole_at: wholeAt, created }: Parcel, longestMs: number, now: number): readonly number[] {
  const leftMs = (wholeAt ?? created) + longestMs - now;
  return lifetimeChoices(leftMs, [Math.floor(leftMs / dayMs) * dayMs]);
}
