// What the server can be asked, and what it answers. Made by web/tools/make_api_types.mjs from
// src/server/api/openapi.json; the document says what each field means. Not edited by hand.
//
// Binary fields ("contentEncoding": "base64") are strings here: api/encoding.ts turns them round.

/** 16 random bytes. */
export type Id = string;

/** 32 random bytes, base64url. The server stores its hash alone. */
export type Token = string;

/** A mail address. Compared after normalising: lower case, whole domain in ASCII. */
export type Address = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Time = number;

/** Milliseconds. */
export type Duration = number;

/** A number of bytes. */
export type Bytes = number;

/** Where the next page begins; from the page before. */
export type Cursor = string;

export type Language = 'en' | 'fr';

export type Part = 'content' | 'manifest' | 'inventory';

/** An age recipient. */
export type Recipient = string;

/** An age header, from "age-encryption.org/v1" to the line with its MAC. */
export type Header = string;

/** A small age file, or bytes sealed under a key that the server never has. */
export type SealedText = string;

/** A whole small age file. */
export type AgeFile = string;

/** An Ed25519 public key. */
export type PublicKey = string;

/** An Ed25519 signature. */
export type Signature = string;

export type Roles = {
  readonly administrator: boolean;
  readonly recovery_officer: boolean;
};

export type Scope = 'account' | 'parcels_read' | 'parcels_write' | 'requests' | 'administration' | 'metrics';

/** What every refusal answers. One status has one body: whether a thing exists, is somebody else's or has ended looks the same. */
export type Refusal = {
  readonly code: 'malformed' | 'not_found' | 'forbidden' | 'limit' | 'locked_down' | 'io' | 'internal' | 'usage' | 'unauthorized' | 'conflict' | 'no_space' | 'damaged' | 'unsupported';
  /** For people, in the language asked for. */
  readonly sentence: string;
  readonly retry_after_ms?: Duration;
};

export type Server = {
  readonly name: string;
  readonly version: string;
  readonly log_origin: string;
  /** As a signed note's verifier key. */
  readonly log_key: string;
  readonly incident_recipient?: Recipient;
  readonly now: Time;
  readonly lockdown?: boolean;
};

export type Health = {
  readonly status: 'live' | 'ready' | 'not_ready';
};

export type EnrolmentToken = {
  readonly token: Token;
};

/** account: the one that the address has already; it is entered anew, with its present key. */
export type EnrolmentOffer = {
  readonly account?: Id;
  /** Salt and cost for the password's slot. */
  readonly parameters: string;
  readonly address: Address;
  readonly roles: Roles;
  readonly expires: Time;
  readonly recovery_recipients: readonly Recipient[];
};

/** authentication comes with a slot that also logs in: a password always, a paper key or passkey where wanted. */
export type NewSlot = {
  readonly kind: 'password' | 'paper_key' | 'passkey' | 'trusted_browser' | 'recovery';
  readonly generation: number;
  readonly file: AgeFile;
  readonly label?: SealedText;
  readonly authentication?: Authentication;
};

export type Authentication = {
  readonly kind: 'authentication_key' | 'passkey';
  /** Salt and cost that the client needs before it logs in. Of a password: those that enrolment.look and session.prepare give for the address, so that they tell nobody whether it has an account. Of other kinds: empty. */
  readonly parameters: string;
  /** The authentication key, or the passkey's public key. */
  readonly key: string;
  readonly credential_id?: string;
};

/** A generation of an account's keys. */
export type Key = {
  readonly generation: number;
  readonly recipient: Recipient;
  readonly signing_key: PublicKey;
  readonly endorsement?: Signature;
};

export type Enrol = {
  readonly token: Token;
  readonly language: Language;
  readonly key: Key;
  readonly slots: readonly NewSlot[];
};

export type Prepare = {
  readonly address: Address;
};

/** The same shape and, for one address, always the same values, whether or not it has an account. */
export type Prepared = {
  readonly parameters: string;
  readonly challenge: string;
};

export type Begin = {
  readonly address: Address;
  readonly authentication_key: string;
  readonly passkey?: {
    readonly credential_id: string;
    readonly authenticator_data: string;
    readonly client_data: string;
    readonly signature: string;
  };
};

export type Begun = {
  readonly token: Token;
  readonly session: Session;
  readonly account: Account;
};

export type Session = {
  readonly id: Id;
  readonly kind: 'login' | 'api_token';
  readonly scopes: readonly Scope[];
  readonly label?: SealedText;
  readonly created: Time;
  readonly last_seen: Time;
  readonly expires: Time;
};

export type Sessions = {
  readonly sessions: readonly Session[];
};

export type NewToken = {
  readonly scopes: readonly Scope[];
  readonly label?: SealedText;
  readonly lifetime_ms: Duration;
};

export type IssuedToken = {
  readonly token: Token;
  readonly session: Session;
};

export type Account = {
  readonly id: Id;
  readonly address: Address;
  readonly roles: Roles;
  readonly state: 'active' | 'suspended' | 'closed';
  readonly language: Language;
  readonly quota_bytes_max?: Bytes;
  readonly used_bytes: Bytes;
  readonly created: Time;
};

export type SetLanguage = {
  readonly language: Language;
};

export type ChangePassword = {
  /** The present one. */
  readonly authentication_key: string;
  readonly slot: Id;
  readonly expected_revision: number;
  readonly replacement: NewSlot;
};

export type Slot = {
  readonly id: Id;
  readonly kind: 'password' | 'paper_key' | 'passkey' | 'trusted_browser' | 'recovery';
  readonly generation: number;
  readonly revision: number;
  readonly file: AgeFile;
  readonly label?: SealedText;
  readonly created: Time;
};

export type Slots = {
  readonly slots: readonly Slot[];
};

export type ReplaceSlot = {
  readonly expected_revision: number;
  readonly replacement: NewSlot;
};

export type Created = {
  readonly id: Id;
};

export type DirectoryEntry = {
  readonly account: Id;
  readonly key: Key;
  readonly event: Id;
  readonly log_index?: number;
  /** tlog-proof of the event; absent until the log has it. */
  readonly proof?: string;
  /** Of the event's leaf. */
  readonly salt?: string;
  /** The canonical event. Its `key` is the SHA-256 of what docs/formats/account.md calls the key's text. */
  readonly statement?: string;
  readonly created: Time;
};

export type Directory = {
  readonly entries: readonly DirectoryEntry[];
};

export type NewParcel = {
  readonly id: Id;
  readonly lifetime_ms: Duration;
  readonly receipt: 'none' | 'on_open';
  readonly recipients: readonly NewRecipient[];
};

export type NewRecipient = {
  readonly account: Id;
  readonly generation: number;
  readonly opens_max?: number;
};

export type Parcel = {
  readonly id: Id;
  readonly sender: Id;
  readonly request?: Id;
  readonly state: 'uploading' | 'whole' | 'recalled' | 'expired';
  readonly sealed_by: 'client' | 'edge';
  readonly receipt: 'none' | 'on_open';
  readonly revision: number;
  readonly payload_bytes: Bytes;
  readonly recipients: readonly RecipientState[];
  readonly created: Time;
  readonly whole_at?: Time;
  readonly ended_at?: Time;
  readonly expires: Time;
};

export type RecipientState = {
  readonly account: Id;
  readonly generation: number;
  readonly opens_max?: number;
  readonly opens_used: number;
  readonly revoked?: Time;
};

export type Parcels = {
  readonly parcels: readonly Parcel[];
  readonly next?: Cursor;
};

export type ChangeRecipients = {
  readonly expected_revision: number;
  readonly headers: ReadonlyArray<{
    readonly part: Part;
    readonly header: Header;
  }>;
  readonly add: readonly NewRecipient[];
};

export type NewUpload = {
  readonly header: Header;
  readonly payload_bytes: Bytes;
};

export type Upload = {
  readonly id: Id;
  readonly key: Token;
  readonly expires: Time;
};

export type Opening = {
  readonly id: Id;
  readonly parcel: Id;
  readonly link?: Id;
  readonly account?: Id;
  readonly opened: Time;
  readonly expires: Time;
  readonly received?: Time;
};

export type Openings = {
  readonly openings: readonly Opening[];
};

/** server_half: of a link, base64; the one time that it leaves the server. */
export type Ticket = {
  readonly opening: Opening;
  readonly ticket: Token;
  readonly server_half?: string;
  readonly parts: ReadonlyArray<{
    readonly part: Part;
    readonly payload_bytes: Bytes;
  }>;
};

export type SignedReceipt = {
  /** A signed note of the recipient's client, made after the last chunk verified. */
  readonly receipt: string;
};

export type LoggedReceipt = {
  readonly event: Id;
  /** tlog-proof, once the log has it; see log.prove. */
  readonly proof: string;
};

export type NewLink = {
  readonly verifier: PublicKey;
  /** Random, of the sender's client. */
  readonly server_half: string;
  readonly passphrase: 'none' | 'needed';
  readonly opens_max?: number;
  readonly lifetime_ms: Duration;
};

export type Link = {
  readonly id: Id;
  readonly passphrase: 'none' | 'needed';
  readonly opens_max?: number;
  readonly opens_used: number;
  readonly created: Time;
  readonly expires: Time;
  readonly revoked?: Time;
};

export type Links = {
  readonly links: readonly Link[];
};

/** What the page shows before anything is taken. A parcel that never was has one too. */
export type LinkPage = {
  readonly challenge: string;
  readonly passphrase: 'none' | 'needed';
};

/** proof: signature over the challenge by the key that the link's secret gives. */
export type Redeem = {
  readonly challenge: string;
  readonly verifier: PublicKey;
  readonly proof: Signature;
};

export type NewRequest = {
  readonly id: Id;
  readonly verifier: PublicKey;
  readonly generation: number;
  readonly sealed_title: SealedText;
  readonly size_bytes_max: Bytes;
  readonly parcels_max?: number;
  readonly lifetime_ms: Duration;
};

export type Request = {
  readonly id: Id;
  readonly generation: number;
  readonly sealed_title: SealedText;
  readonly size_bytes_max: Bytes;
  readonly parcels_max?: number;
  readonly parcels_used: number;
  readonly created: Time;
  readonly expires: Time;
  readonly closed?: Time;
};

export type Requests = {
  readonly requests: readonly Request[];
  readonly next?: Cursor;
};

/** What the outsider's page shows. The link carries the fingerprint that `key` must have. */
export type RequestPage = {
  readonly challenge: string;
  readonly key: Key;
  readonly sealed_title: SealedText;
  readonly size_bytes_max: Bytes;
  readonly expires: Time;
};

export type HandIn = {
  readonly challenge: string;
  readonly verifier: PublicKey;
  readonly proof: Signature;
  readonly parcel: Id;
};

export type HandedIn = {
  readonly parcel: Parcel;
  readonly key: Token;
};

export type Completed = {
  readonly parcel: Parcel;
  readonly event: Id;
};

export type Proof = {
  readonly event: Id;
  readonly index: number;
  readonly salt: string;
  /** The canonical event. */
  readonly statement: string;
  readonly proof: string;
};

export type CustodyEvent = {
  readonly id: Id;
  readonly log_index?: number;
  readonly happened: Time;
  readonly account?: Id;
  readonly parcel?: Id;
  readonly kind: string;
  readonly statement?: string;
};

export type CustodyEvents = {
  readonly events: readonly CustodyEvent[];
  readonly next?: Cursor;
};

export type Policy = {
  readonly revision: number;
  readonly parcel_lifetime_ms_default: Duration;
  readonly parcel_lifetime_ms_max: Duration;
  readonly parcel_size_bytes_max: Bytes;
  readonly account_quota_bytes_max: Bytes;
  readonly link_opens_max?: number;
  readonly links: 'allowed' | 'forbidden';
  readonly link_passphrase: 'optional' | 'required';
  readonly recipient_domains: readonly string[];
  readonly record_retention_ms: Duration;
  readonly session_lifetime_ms_max: Duration;
  readonly session_idle_ms_max: Duration;
  readonly recovery_delay_ms_min: Duration;
  readonly lockdown_halves: 'unusable' | 'destroyed';
};

export type Invite = {
  readonly address: Address;
  readonly roles: Roles;
  readonly lifetime_ms: Duration;
};

export type Invited = {
  readonly id: Id;
  readonly token: Token;
  readonly expires: Time;
};

export type Enrolments = {
  readonly enrolments: ReadonlyArray<{
    readonly id: Id;
    readonly address: Address;
    readonly roles: Roles;
    readonly invited_by?: Id;
    readonly created: Time;
    readonly expires: Time;
  }>;
};

export type Accounts = {
  readonly accounts: readonly Account[];
  readonly next?: Cursor;
};

export type SetState = {
  readonly state: 'active' | 'suspended' | 'closed';
};

/** Absent: as the policy says. */
export type SetQuota = {
  readonly quota_bytes_max?: Bytes;
};

export type Usage = {
  readonly accounts: number;
  readonly parcels: number;
  readonly used_bytes: Bytes;
  readonly free_bytes: Bytes;
  readonly mails_waiting: number;
  readonly mails_given_up: number;
};

export type AskRecovery = {
  readonly account: Id;
};

export type Recovery = {
  readonly id: Id;
  readonly account: Id;
  readonly asked_by: Id;
  readonly approvals: number;
  readonly created: Time;
  readonly not_before: Time;
};

export type Recoveries = {
  readonly recoveries: readonly Recovery[];
};

export type Released = {
  readonly slot: Slot;
};

export type Lockdown = {
  readonly is_locked: boolean;
  readonly id?: Id;
  readonly locked?: Time;
  readonly locked_by?: Id;
  readonly approvals?: number;
};

export type LockdownId = {
  readonly id: Id;
};

/** For each operation: what stands in its path, its query, its body, and its answer. */
export interface Operations {
  'server.describe': {
    path: {};
    query: {};
    body: undefined;
    answer: Server;
  };
  'health.live': {
    path: {};
    query: {};
    body: undefined;
    answer: Health;
  };
  'health.ready': {
    path: {};
    query: {};
    body: undefined;
    answer: Health;
  };
  'metrics.read': {
    path: {};
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'enrolment.look': {
    path: {};
    query: {};
    body: EnrolmentToken;
    answer: EnrolmentOffer;
  };
  'enrolment.take': {
    path: {};
    query: {};
    body: Enrol;
    answer: Begun;
  };
  'session.prepare': {
    path: {};
    query: {};
    body: Prepare;
    answer: Prepared;
  };
  'session.begin': {
    path: {};
    query: {};
    body: Begin;
    answer: Begun;
  };
  'session.list': {
    path: {};
    query: {};
    body: undefined;
    answer: Sessions;
  };
  'session.end': {
    path: {};
    query: {};
    body: undefined;
    answer: undefined;
  };
  'session.end_other': {
    path: { readonly session: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'token.issue': {
    path: {};
    query: {};
    body: NewToken;
    answer: IssuedToken;
  };
  'account.read': {
    path: {};
    query: {};
    body: undefined;
    answer: Account;
  };
  'account.set_language': {
    path: {};
    query: {};
    body: SetLanguage;
    answer: undefined;
  };
  'account.change_password': {
    path: {};
    query: {};
    body: ChangePassword;
    answer: undefined;
  };
  'account.publish_key': {
    path: {};
    query: {};
    body: Key;
    answer: DirectoryEntry;
  };
  'slot.list': {
    path: {};
    query: {};
    body: undefined;
    answer: Slots;
  };
  'slot.add': {
    path: {};
    query: {};
    body: NewSlot;
    answer: Created;
  };
  'slot.replace': {
    path: { readonly slot: string };
    query: {};
    body: ReplaceSlot;
    answer: undefined;
  };
  'slot.remove': {
    path: { readonly slot: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'directory.find': {
    path: {};
    query: {};
    body: Prepare;
    answer: DirectoryEntry;
  };
  'directory.history': {
    path: { readonly account: string };
    query: {};
    body: undefined;
    answer: Directory;
  };
  'parcel.create': {
    path: {};
    query: {};
    body: NewParcel;
    answer: Parcel;
  };
  'parcel.list_sent': {
    path: {};
    query: { readonly before?: string };
    body: undefined;
    answer: Parcels;
  };
  'parcel.list_received': {
    path: {};
    query: { readonly before?: string };
    body: undefined;
    answer: Parcels;
  };
  'parcel.read': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: Parcel;
  };
  'parcel.put_part': {
    path: { readonly parcel: string; readonly part: string };
    query: {};
    body: Uint8Array;
    answer: undefined;
  };
  'parcel.read_header': {
    path: { readonly parcel: string; readonly part: string };
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'parcel.complete': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: Completed;
  };
  'parcel.recall': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'parcel.change_recipients': {
    path: { readonly parcel: string };
    query: {};
    body: ChangeRecipients;
    answer: Parcel;
  };
  'parcel.revoke_recipient': {
    path: { readonly parcel: string; readonly account: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'parcel.list_openings': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: Openings;
  };
  'parcel.open': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: Ticket;
  };
  'upload.describe': {
    path: {};
    query: {};
    body: undefined;
    answer: undefined;
  };
  'upload.create': {
    path: { readonly parcel: string; readonly part: string };
    query: {};
    body: NewUpload;
    answer: Upload;
  };
  'upload.read': {
    path: { readonly upload: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'upload.append': {
    path: { readonly upload: string };
    query: {};
    body: Uint8Array;
    answer: undefined;
  };
  'upload.terminate': {
    path: { readonly upload: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'opening.read': {
    path: { readonly opening: string };
    query: {};
    body: undefined;
    answer: Opening;
  };
  'opening.read_header': {
    path: { readonly opening: string; readonly part: string };
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'opening.read_payload': {
    path: { readonly opening: string; readonly part: string };
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'opening.add_receipt': {
    path: { readonly opening: string };
    query: {};
    body: SignedReceipt;
    answer: LoggedReceipt;
  };
  'link.create': {
    path: { readonly parcel: string };
    query: {};
    body: NewLink;
    answer: Link;
  };
  'link.list': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: Links;
  };
  'link.revoke': {
    path: { readonly parcel: string; readonly link: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'link.look': {
    path: { readonly parcel: string };
    query: {};
    body: undefined;
    answer: LinkPage;
  };
  'link.redeem': {
    path: { readonly parcel: string };
    query: {};
    body: Redeem;
    answer: Ticket;
  };
  'request.create': {
    path: {};
    query: {};
    body: NewRequest;
    answer: Request;
  };
  'request.list': {
    path: {};
    query: { readonly before?: string };
    body: undefined;
    answer: Requests;
  };
  'request.close': {
    path: { readonly request: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'request.look': {
    path: { readonly request: string };
    query: {};
    body: undefined;
    answer: RequestPage;
  };
  'request.hand_in': {
    path: { readonly request: string };
    query: {};
    body: HandIn;
    answer: HandedIn;
  };
  'log.checkpoint': {
    path: {};
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'log.tile': {
    path: { readonly tile: string };
    query: {};
    body: undefined;
    answer: Uint8Array;
  };
  'log.prove': {
    path: { readonly event: string };
    query: {};
    body: undefined;
    answer: Proof;
  };
  'custody.list': {
    path: {};
    query: { readonly before?: string };
    body: undefined;
    answer: CustodyEvents;
  };
  'policy.read': {
    path: {};
    query: {};
    body: undefined;
    answer: Policy;
  };
  'policy.replace': {
    path: {};
    query: {};
    body: Policy;
    answer: Policy;
  };
  'admin.invite': {
    path: {};
    query: {};
    body: Invite;
    answer: Invited;
  };
  'admin.list_enrolments': {
    path: {};
    query: {};
    body: undefined;
    answer: Enrolments;
  };
  'admin.withdraw_enrolment': {
    path: { readonly enrolment: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'admin.list_accounts': {
    path: {};
    query: { readonly before?: string };
    body: undefined;
    answer: Accounts;
  };
  'admin.set_state': {
    path: { readonly account: string };
    query: {};
    body: SetState;
    answer: undefined;
  };
  'admin.set_roles': {
    path: { readonly account: string };
    query: {};
    body: Roles;
    answer: undefined;
  };
  'admin.set_quota': {
    path: { readonly account: string };
    query: {};
    body: SetQuota;
    answer: undefined;
  };
  'admin.end_sessions': {
    path: { readonly account: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'admin.read_usage': {
    path: {};
    query: {};
    body: undefined;
    answer: Usage;
  };
  'recovery.ask': {
    path: {};
    query: {};
    body: AskRecovery;
    answer: Recovery;
  };
  'recovery.list': {
    path: {};
    query: {};
    body: undefined;
    answer: Recoveries;
  };
  'recovery.approve': {
    path: { readonly recovery: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'recovery.release': {
    path: { readonly recovery: string };
    query: {};
    body: undefined;
    answer: Released;
  };
  'recovery.cancel': {
    path: { readonly recovery: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  'lockdown.read': {
    path: {};
    query: {};
    body: undefined;
    answer: Lockdown;
  };
  'lockdown.lock': {
    path: {};
    query: {};
    body: undefined;
    answer: Lockdown;
  };
  'lockdown.approve_reopening': {
    path: {};
    query: {};
    body: LockdownId;
    answer: undefined;
  };
  'lockdown.reopen': {
    path: {};
    query: {};
    body: LockdownId;
    answer: undefined;
  };
}

export type OperationName = keyof Operations;
export type CredentialKind = 'session' | 'ticket' | 'uploadKey' | 'handInKey';

export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS';
  readonly path: string;
  /** Any one of these proves the right to ask; none: anyone may. */
  readonly credentials: readonly CredentialKind[];
  readonly answer: 'none' | 'json' | 'bytes';
}

export const operations: { readonly [Name in OperationName]: OperationRow } = {
  'server.describe': { method: 'GET', path: '/api/v1/server', credentials: [], answer: 'json' },
  'health.live': { method: 'GET', path: '/health/live', credentials: [], answer: 'json' },
  'health.ready': { method: 'GET', path: '/health/ready', credentials: [], answer: 'json' },
  'metrics.read': { method: 'GET', path: '/metrics', credentials: ['session'], answer: 'bytes' },
  'enrolment.look': { method: 'POST', path: '/api/v1/enrolments/look', credentials: [], answer: 'json' },
  'enrolment.take': { method: 'POST', path: '/api/v1/enrolments/take', credentials: [], answer: 'json' },
  'session.prepare': { method: 'POST', path: '/api/v1/sessions/prepare', credentials: [], answer: 'json' },
  'session.begin': { method: 'POST', path: '/api/v1/sessions', credentials: [], answer: 'json' },
  'session.list': { method: 'GET', path: '/api/v1/sessions', credentials: ['session'], answer: 'json' },
  'session.end': { method: 'DELETE', path: '/api/v1/sessions/current', credentials: ['session'], answer: 'none' },
  'session.end_other': { method: 'DELETE', path: '/api/v1/sessions/{session}', credentials: ['session'], answer: 'none' },
  'token.issue': { method: 'POST', path: '/api/v1/tokens', credentials: ['session'], answer: 'json' },
  'account.read': { method: 'GET', path: '/api/v1/account', credentials: ['session'], answer: 'json' },
  'account.set_language': { method: 'PUT', path: '/api/v1/account/language', credentials: ['session'], answer: 'none' },
  'account.change_password': { method: 'PUT', path: '/api/v1/account/password', credentials: ['session'], answer: 'none' },
  'account.publish_key': { method: 'POST', path: '/api/v1/account/keys', credentials: ['session'], answer: 'json' },
  'slot.list': { method: 'GET', path: '/api/v1/account/slots', credentials: ['session'], answer: 'json' },
  'slot.add': { method: 'POST', path: '/api/v1/account/slots', credentials: ['session'], answer: 'json' },
  'slot.replace': { method: 'PUT', path: '/api/v1/account/slots/{slot}', credentials: ['session'], answer: 'none' },
  'slot.remove': { method: 'DELETE', path: '/api/v1/account/slots/{slot}', credentials: ['session'], answer: 'none' },
  'directory.find': { method: 'POST', path: '/api/v1/directory/find', credentials: ['session'], answer: 'json' },
  'directory.history': { method: 'GET', path: '/api/v1/directory/{account}', credentials: ['session'], answer: 'json' },
  'parcel.create': { method: 'POST', path: '/api/v1/parcels', credentials: ['session'], answer: 'json' },
  'parcel.list_sent': { method: 'GET', path: '/api/v1/parcels/sent', credentials: ['session'], answer: 'json' },
  'parcel.list_received': { method: 'GET', path: '/api/v1/parcels/received', credentials: ['session'], answer: 'json' },
  'parcel.read': { method: 'GET', path: '/api/v1/parcels/{parcel}', credentials: ['session'], answer: 'json' },
  'parcel.put_part': { method: 'PUT', path: '/api/v1/parcels/{parcel}/parts/{part}', credentials: ['session', 'handInKey'], answer: 'none' },
  'parcel.read_header': { method: 'GET', path: '/api/v1/parcels/{parcel}/parts/{part}/header', credentials: ['session'], answer: 'bytes' },
  'parcel.complete': { method: 'POST', path: '/api/v1/parcels/{parcel}/complete', credentials: ['session', 'handInKey'], answer: 'json' },
  'parcel.recall': { method: 'POST', path: '/api/v1/parcels/{parcel}/recall', credentials: ['session'], answer: 'none' },
  'parcel.change_recipients': { method: 'PUT', path: '/api/v1/parcels/{parcel}/recipients', credentials: ['session'], answer: 'json' },
  'parcel.revoke_recipient': { method: 'DELETE', path: '/api/v1/parcels/{parcel}/recipients/{account}', credentials: ['session'], answer: 'none' },
  'parcel.list_openings': { method: 'GET', path: '/api/v1/parcels/{parcel}/openings', credentials: ['session'], answer: 'json' },
  'parcel.open': { method: 'POST', path: '/api/v1/parcels/{parcel}/openings', credentials: ['session'], answer: 'json' },
  'upload.describe': { method: 'OPTIONS', path: '/api/v1/uploads', credentials: [], answer: 'none' },
  'upload.create': { method: 'POST', path: '/api/v1/parcels/{parcel}/parts/{part}/uploads', credentials: ['session', 'handInKey'], answer: 'json' },
  'upload.read': { method: 'HEAD', path: '/api/v1/uploads/{upload}', credentials: ['uploadKey'], answer: 'none' },
  'upload.append': { method: 'PATCH', path: '/api/v1/uploads/{upload}', credentials: ['uploadKey'], answer: 'none' },
  'upload.terminate': { method: 'DELETE', path: '/api/v1/uploads/{upload}', credentials: ['uploadKey'], answer: 'none' },
  'opening.read': { method: 'GET', path: '/api/v1/openings/{opening}', credentials: ['ticket'], answer: 'json' },
  'opening.read_header': { method: 'GET', path: '/api/v1/openings/{opening}/parts/{part}/header', credentials: ['ticket'], answer: 'bytes' },
  'opening.read_payload': { method: 'GET', path: '/api/v1/openings/{opening}/parts/{part}/payload', credentials: ['ticket'], answer: 'bytes' },
  'opening.add_receipt': { method: 'POST', path: '/api/v1/openings/{opening}/receipt', credentials: ['ticket'], answer: 'json' },
  'link.create': { method: 'POST', path: '/api/v1/parcels/{parcel}/links', credentials: ['session'], answer: 'json' },
  'link.list': { method: 'GET', path: '/api/v1/parcels/{parcel}/links', credentials: ['session'], answer: 'json' },
  'link.revoke': { method: 'DELETE', path: '/api/v1/parcels/{parcel}/links/{link}', credentials: ['session'], answer: 'none' },
  'link.look': { method: 'GET', path: '/api/v1/links/{parcel}', credentials: [], answer: 'json' },
  'link.redeem': { method: 'POST', path: '/api/v1/links/{parcel}/openings', credentials: [], answer: 'json' },
  'request.create': { method: 'POST', path: '/api/v1/requests', credentials: ['session'], answer: 'json' },
  'request.list': { method: 'GET', path: '/api/v1/requests', credentials: ['session'], answer: 'json' },
  'request.close': { method: 'POST', path: '/api/v1/requests/{request}/close', credentials: ['session'], answer: 'none' },
  'request.look': { method: 'GET', path: '/api/v1/requests/{request}', credentials: [], answer: 'json' },
  'request.hand_in': { method: 'POST', path: '/api/v1/requests/{request}/parcels', credentials: [], answer: 'json' },
  'log.checkpoint': { method: 'GET', path: '/log/checkpoint', credentials: [], answer: 'bytes' },
  'log.tile': { method: 'GET', path: '/log/tile/{tile}', credentials: [], answer: 'bytes' },
  'log.prove': { method: 'GET', path: '/api/v1/log/proofs/{event}', credentials: ['session', 'ticket', 'handInKey'], answer: 'json' },
  'custody.list': { method: 'GET', path: '/api/v1/custody', credentials: ['session'], answer: 'json' },
  'policy.read': { method: 'GET', path: '/api/v1/policy', credentials: ['session'], answer: 'json' },
  'policy.replace': { method: 'PUT', path: '/api/v1/policy', credentials: ['session'], answer: 'json' },
  'admin.invite': { method: 'POST', path: '/api/v1/admin/enrolments', credentials: ['session'], answer: 'json' },
  'admin.list_enrolments': { method: 'GET', path: '/api/v1/admin/enrolments', credentials: ['session'], answer: 'json' },
  'admin.withdraw_enrolment': { method: 'DELETE', path: '/api/v1/admin/enrolments/{enrolment}', credentials: ['session'], answer: 'none' },
  'admin.list_accounts': { method: 'GET', path: '/api/v1/admin/accounts', credentials: ['session'], answer: 'json' },
  'admin.set_state': { method: 'PUT', path: '/api/v1/admin/accounts/{account}/state', credentials: ['session'], answer: 'none' },
  'admin.set_roles': { method: 'PUT', path: '/api/v1/admin/accounts/{account}/roles', credentials: ['session'], answer: 'none' },
  'admin.set_quota': { method: 'PUT', path: '/api/v1/admin/accounts/{account}/quota', credentials: ['session'], answer: 'none' },
  'admin.end_sessions': { method: 'DELETE', path: '/api/v1/admin/accounts/{account}/sessions', credentials: ['session'], answer: 'none' },
  'admin.read_usage': { method: 'GET', path: '/api/v1/admin/usage', credentials: ['session'], answer: 'json' },
  'recovery.ask': { method: 'POST', path: '/api/v1/recoveries', credentials: ['session'], answer: 'json' },
  'recovery.list': { method: 'GET', path: '/api/v1/recoveries', credentials: ['session'], answer: 'json' },
  'recovery.approve': { method: 'POST', path: '/api/v1/recoveries/{recovery}/approvals', credentials: ['session'], answer: 'none' },
  'recovery.release': { method: 'POST', path: '/api/v1/recoveries/{recovery}/release', credentials: ['session'], answer: 'json' },
  'recovery.cancel': { method: 'DELETE', path: '/api/v1/recoveries/{recovery}', credentials: ['session'], answer: 'none' },
  'lockdown.read': { method: 'GET', path: '/api/v1/lockdown', credentials: ['session'], answer: 'json' },
  'lockdown.lock': { method: 'POST', path: '/api/v1/lockdown', credentials: ['session'], answer: 'json' },
  'lockdown.approve_reopening': { method: 'POST', path: '/api/v1/lockdown/approvals', credentials: ['session'], answer: 'none' },
  'lockdown.reopen': { method: 'POST', path: '/api/v1/lockdown/reopen', credentials: ['session'], answer: 'none' },
};
