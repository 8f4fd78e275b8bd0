// One word for one thing, in each language; catalogue_test.ts holds the catalogues to it.
//
// A pair: where the English message has the term, the French one has its counterpart. A refused word is one that a
// reader stumbled over, or a second word for something that has one already.
export interface Pair {
  readonly english: RegExp;
  readonly french: RegExp;
}

export const pairs: readonly Pair[] = [
  { english: /\bparcels?\b/i, french: /\bcolis\b/i },
  { english: /\breceipts?\b/i, french: /accusés? de réception/i },
  { english: /\brecover(y|ies)\b/i, french: /récup/i },
  { english: /\brecalled\b|\brecall\b/i, french: /retir/i },
  { english: /\bpassphrase\b/i, french: /phrase secrète/i },
  { english: /\bpaper key\b/i, french: /clés? papier|l’ancienne/i },
  { english: /\b(submit|submitted|submissions?)\b/i, french: /dép(os|ôt)|ne déposez/i },
  { english: /\blinks?\b/i, french: /\bliens?\b/i },
  { english: /\btokens?\b/i, french: /jeton/i },
  { english: /\binbox\b/i, french: /boîte de réception/i },
  { english: /\bemails?\b/i, french: /courriel/i },
  { english: /\blog(ged)? out\b/i, french: /déconn/i },
  { english: /\bopen limit\b/i, french: /d’ouvertures/i },
  { english: /\breinstate/i, french: /rétabli/i },
  { english: /\bsuspend/i, french: /suspend|suspendu/i },
  { english: /\block(ed)? ?down\b/i, french: /verrouill/i },
];

export interface Refused {
  readonly word: RegExp;
  readonly instead: string;
}

export const refusedEnglish: readonly Refused[] = [
  { word: /\banew\b/i, instead: 'again' },
  { word: /\bwhoever\b/i, instead: 'anyone who, the people who' },
  { word: /\bsomebody\b/i, instead: 'someone' },
  { word: /\beverybody\b/i, instead: 'everyone' },
  { word: /\blook again\b/i, instead: 'refresh' },
  { word: /\bpresent password\b/i, instead: 'current password' },
  { word: /\bmail address/i, instead: 'email address' },
  { word: /\bthis is no\b/i, instead: 'this is not a' },
  { word: /\bopenings? at most\b/i, instead: 'open limit' },
  { word: /\bare you sure\b/i, instead: 'the act and its object: Suspend X?' },
  { word: /\btake it back\b|\btaken back\b/i, instead: 'recall' },
  { word: /\bthere is no such\b/i, instead: 'not found, doesn’t exist' },
  { word: /\bhand(ed)?[- ]in\b/i, instead: 'submit, submission' },
  { word: /\bin the place of\b/i, instead: 'instead of' },
  { word: /\bgood for\b|\bgood until\b/i, instead: 'valid for, valid until' },
  { word: /\bthis machine\b|\byour machine\b/i, instead: 'device, computer' },
  { word: /\bgives? (out|to)\b/i, instead: 'serves, sends' },
];

export const refusedFrench: readonly Refused[] = [
  { word: /\bterminer\b/i, instead: 'fermer, retirer, désactiver' },
  { word: /\bremises?\b(?! une seule fois)/i, instead: 'dépôt' },
  { word: /\brepris(e|es)?\b/i, instead: 'retiré (un colis)' },
  { word: /\breçus?\b(?= (que|dont|vérifié|signé))/i, instead: 'accusé de réception' },
  { word: /\bquelqu’un d’autre l’a changé\b/i, instead: 'a modifié' },
  { word: /\bêtes-vous sûr\b/i, instead: 'l’acte et son objet : Suspendre X ?' },
  { word: /\be-?mails?\b/i, instead: 'courriel' },
  { word: /\bmachine\b/i, instead: 'appareil, ordinateur' },
  { word: /\bl’un accusé(?! de)/i, instead: 'accusé de réception' },
  { word: /\bmoyens? d’entrer\b/i, instead: 'moyen de connexion' },
];
