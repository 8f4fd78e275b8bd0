// Names of files: a free one beside others, one that every system takes, and one that a person can
// read without being deceived. Pure.

const encoder = new TextEncoder();
const componentBytesMax = 255;

/** The first of numberedPaths() that isn't taken. */
export function freePath(path: string, isTaken: (path: string) => boolean): string {
  for (const each of numberedPaths(path)) if (!isTaken(each)) return each;
  return path;
}

/** `path`, then "name (2).ending" and so on without an end. */
export function* numberedPaths(path: string): Generator<string, void> {
  yield path;
  const above = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(above.length);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 2; ; number += 1) {
    const tail = ` (${String(number)})${ending}`;
    yield `${above}${shortened(stem, componentBytesMax - encoder.encode(tail).length)}${tail}`;
  }
}

function shortened(text: string, bytesMax: number): string {
  const characters = [...text];
  while (encoder.encode(characters.join('')).length > bytesMax) characters.pop();
  return characters.join('');
}

// Characters that have no shape of their own and change how others read: directions, joiners, blanks
// of no width, and what a terminal would obey.
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]/gu;

/** For the screen: what can't be seen is spelled out, as [U+202E]. */
export function visibleName(name: string): string {
  return name.replace(unseen, (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

export function hidesSomething(name: string): boolean {
  return visibleName(name) !== name;
}

/** What a system goes by when it opens the file, without the dot, in lower case; "" for none. */
export function endingOf(path: string): string {
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(unseen, '')
    .replace(/[. ]+$/, '');
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

const programs = new Set(
  (
    'app appimage apk application appref-ms bat bin chm cmd com command cpl deb desktop dll dmg exe gadget hta img inf ins ipa iso ' +
    'jar jnlp js jse lnk mde msc msi msix msp mst pif pkg ps1 psm1 py pyw reg rpm scf scr sct settingcontent-ms sh url vb vbe ' +
    'vbs vhd vhdx website wsc wsf wsh xll docm dotm pptm potm ppam xlsm xltm xlam'
  ).split(' '),
);

/** Whether opening it runs something: a program, a script, a shortcut, a document with macros. */
export function canRun(path: string): boolean {
  return programs.has(endingOf(path));
}

const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** A name that every system and browser takes, close to the one given: never "", "." or "..". */
export function savableName(name: string): string {
  const plain = name
    .replace(unseen, '_')
    .replace(/[<>:"/\\|?*]/g, '_')
    .replace(/~(?=\d)/g, '_')
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const first = plain === '' ? '_' : reserved.test(plain) ? `_${plain}` : plain;
  return shortened(first, componentBytesMax);
}
