// ApiClient: asks the server for the operations of its API document, typed by api/generated/types.ts.
//
//   const api = new ApiClient();                               asks what anyone may ask
//   const mine = api.with('session', token);                   proves its right
//   const page = await mine.call('parcel.list_received', { query: { before: '20' } });
//
// Every call ends with its answer or a SealiftError with the server's code. After a lost connection it is tried
// again: every operation may be repeated (docs/decisions/0076-repeating-requests.md), those that make a secret under one
// Sealift-Repeat. No cookies, no cache, no referrer: the credential is a header, and nothing a foreign page
// makes the browser send has it.
import { toBase64Url } from './encoding.ts';
import { SealiftError, type Refused } from './error.ts';
import { sessionKeyAlgorithm, type SessionProof } from './session_proof.ts';
import { operations, type CredentialKind, type OperationName, type Operations, type Refusal } from './generated/types.ts';

const headerOf: { readonly [Kind in CredentialKind]: string } = {
  session: 'Authorization',
  ticket: 'Sealift-Ticket',
  uploadKey: 'Sealift-Upload-Key',
  handInKey: 'Sealift-Hand-In-Key',
};

export interface Credential {
  readonly kind: CredentialKind;
  readonly token: string;
  /** Of a login. */
  readonly proof?: SessionProof | undefined;
}

/** What a call takes besides its name. Absent parts are empty. */
export interface Asked<Name extends OperationName> {
  readonly path?: Operations[Name]['path'];
  readonly query?: Operations[Name]['query'];
  readonly body?: Operations[Name]['body'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Of newRepeatKey(), for a call that will be made again after it failed; else each call has its own. */
  readonly repeatKey?: string;
}

/** 256 random bits, for the calls that one act of a person comes to. */
export function newRepeatKey(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

export interface ApiOptions {
  /** Without a slash at its end; empty: the page's own server. */
  readonly serverUrl?: string;
  readonly fetch?: typeof fetch;
  readonly language?: 'en' | 'fr';
}

const attemptsMax = 3;
const firstWaitMs = 300;

export class ApiClient {
  readonly serverUrl: string;
  readonly #fetch: typeof fetch;
  readonly #language: 'en' | 'fr';
  readonly credential: Credential | undefined;

  constructor(options: ApiOptions = {}, credential?: Credential) {
    this.serverUrl = options.serverUrl ?? globalThis.location?.origin ?? '';
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#language = options.language ?? 'en';
    this.credential = credential;
  }

  with(kind: CredentialKind, token: string, proof?: SessionProof): ApiClient {
    const options = { serverUrl: this.serverUrl, fetch: this.#fetch, language: this.#language };
    return new ApiClient(options, { kind, token, proof });
  }

  in(language: 'en' | 'fr'): ApiClient {
    return new ApiClient({ serverUrl: this.serverUrl, fetch: this.#fetch, language }, this.credential);
  }

  /** Throws SealiftError: what the server answered; io (no answer, after the last attempt); aborted. */
  async call<Name extends OperationName>(name: Name, asked: Asked<Name> = {}): Promise<Operations[Name]['answer']> {
    const response = await this.exchange(name, asked);
    const form = operations[name].answer;
    if (form === 'bytes') return new Uint8Array(await response.arrayBuffer()) as Operations[Name]['answer'];
    if (form === 'json') return (await readJson(response)) as Operations[Name]['answer'];
    await response.arrayBuffer();
    return undefined as Operations[Name]['answer'];
  }

  /** The response itself, for bodies of any size and for headers. Its status is a success. */
  async exchange<Name extends OperationName>(name: Name, asked: Asked<Name>): Promise<Response> {
    const row = operations[name];
    const attempts = row.repeat === 'never' ? 1 : attemptsMax;
    const request = this.#request(name, asked);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#ask(name, asked, request);
        if (response.ok) return response;
        if (attempt > 1 && row.repeat === 'until_gone' && response.status === 404) return new Response(null, { status: 204 });
        throw await refusalOf(response);
      } catch (error) {
        if (error instanceof SealiftError) throw error;
        if (asked.signal?.aborted === true) throw new SealiftError('aborted', 'stopped by the caller');
        if (attempt >= attempts) throw new SealiftError('io', 'the server cannot be reached');
        await sleep(firstWaitMs * 2 ** (attempt - 1));
      }
    }
  }

  // A login is proven for a minute around. Where our clocks are further apart, the first refusal has said
  // what time it is, and the second attempt has it.
  async #ask<Name extends OperationName>(name: Name, asked: Asked<Name>, request: RequestInit): Promise<Response> {
    const url = this.#url(operations[name].path, asked);
    const response = await this.#fetch(url, await this.#proven(url, request));
    const wasLate = this.credential?.proof?.follow(response.headers.get('Date')) ?? false;
    if (response.status !== 401 || !wasLate) return response;
    return this.#fetch(url, await this.#proven(url, request));
  }

  async #proven(url: string, request: RequestInit): Promise<RequestInit> {
    const { credential } = this;
    const headers = request.headers as Record<string, string>;
    if (credential?.proof === undefined || headers['Authorization'] === undefined) return request;
    const { body } = request;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array | undefined);
    const target = new URL(url, globalThis.location?.origin);
    const fields = await credential.proof.fields(request.method ?? 'GET', target, credential.token, bytes);
    return { ...request, headers: { ...headers, ...fields } };
  }

  #url<Name extends OperationName>(pattern: string, asked: Asked<Name>): string {
    const path: Readonly<Record<string, string>> = asked.path ?? {};
    const query: Readonly<Record<string, string | undefined>> = asked.query ?? {};
    const filled = pattern.replace(/\{(\w+)\}/g, (_, part: string) => {
      const value = path[part];
      if (value === undefined) throw new SealiftError('internal', `the call lacks ${part}`);
      // A tile's path has slashes of its own; everything else that comes here is an id.
      return value.split('/').map(encodeURIComponent).join('/');
    });
    const search = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${this.serverUrl}${filled}${search.length > 0 ? `?${new URLSearchParams(search).toString()}` : ''}`;
  }

  #request<Name extends OperationName>(name: Name, asked: Asked<Name>): RequestInit {
    const row = operations[name];
    const headers: Record<string, string> = { 'Accept-Language': this.#language, ...asked.headers };
    if (name === 'session.begin' || name === 'enrolment.take') headers['Sealift-Session-Key'] = sessionKeyAlgorithm;
    if (row.repeat === 'keyed') headers['Sealift-Repeat'] = asked.repeatKey ?? newRepeatKey();
    const credential = this.credential;
    if (credential !== undefined && row.credentials.includes(credential.kind)) {
      headers[headerOf[credential.kind]] =
        credential.kind === 'session' ? `Bearer ${credential.token}` : credential.token;
    }
    const body: unknown = asked.body;
    const request: RequestInit = {
      method: row.method,
      headers,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    };
    if (asked.signal !== undefined) request.signal = asked.signal;
    if (body instanceof Uint8Array) {
      headers['Content-Type'] ??= 'application/octet-stream';
      request.body = body as Uint8Array<ArrayBuffer>;
    } else if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.body = JSON.stringify(body);
    }
    return request;
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new SealiftError('io', "the server's answer broke off");
  }
}

function refusedOf(refusal: Partial<Refusal>): Refused | undefined {
  return refusal.reason === undefined ? undefined : { reason: refusal.reason, facts: refusal.facts ?? {} };
}

/** The error that a refusal becomes. What has no body of ours (a proxy in between) is told by its status. */
export async function refusalOf(response: Response): Promise<SealiftError> {
  try {
    const refusal = (await response.json()) as Partial<Refusal>;
    if (typeof refusal.code === 'string')
      return new SealiftError(refusal.code, `refused: ${refusal.code}`, refusal.retry_after_ms, refusedOf(refusal));
  } catch {
    // No JSON: somebody else answered.
  }
  const isOurs = response.status >= 400 && response.status < 500;
  return new SealiftError(isOurs ? 'malformed' : 'io', `status ${String(response.status)} without a reason`);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
