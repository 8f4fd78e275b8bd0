// What can go wrong, as a caller branches on it: the codes of the server's refusals, which are also
// those of the core. The text is for developers and logs: it never holds a name, an address or
// content; pages have their own sentences by code, in the reader's language.
import type { Refusal } from './generated/types.ts';

export type ErrorCode = Refusal['code'] | 'no_match' | 'aborted';

/** Which row of data/errors/refusals.json it is, and the figures it speaks of: the server's, unjudged. */
export interface Refused {
  readonly reason: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export class SealiftError extends Error {
  readonly code: ErrorCode;
  readonly refused: Refused | undefined;
  /** Of 'limit': how long the server wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, text: string, retryAfterMs?: number, refused?: Refused) {
    super(text);
    this.name = 'SealiftError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.refused = refused;
  }
}

/** The code of anything that was thrown; of what nobody threw on purpose 'internal'. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof SealiftError) return error.code;
  if (error instanceof DOMException && error.name === 'AbortError') return 'aborted';
  return 'internal';
}
