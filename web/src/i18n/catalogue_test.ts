// Both languages say everything, with the same placeholders.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from './choose.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { pairs, refusedEnglish, refusedFrench } from './terms.ts';

const english: Readonly<Record<string, string>> = en;
const french: Readonly<Record<string, string>> = fr;
const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1] ?? '').sort();

void test('the languages have the same keys, in order', () => {
  assert.deepEqual(Object.keys(french).sort(), Object.keys(english).sort());
  assert.ok(Object.keys(english).length > 300);
});

void test('a message has the same placeholders in each language', () => {
  for (const [key, text] of Object.entries(english)) assert.deepEqual(placeholders(french[key] ?? ''), placeholders(text), key);
});

void test('no message is empty, unclosed or has markup', () => {
  for (const catalogue of [english, french]) {
    for (const [key, text] of Object.entries(catalogue)) {
      assert.ok(text.trim() === text && text !== '', key);
      assert.doesNotMatch(text.replace(/\{\w+\}/g, ''), /[{}<>]/, key);
      assert.doesNotMatch(text, /'/, `${key}: a typewriter's apostrophe`);
    }
  }
});

void test('French punctuation does not begin a line', () => {
  for (const [key, text] of Object.entries(french)) assert.doesNotMatch(text, / [:;?!»%]|« /, key);
});

void test('what is counted has a form for one and for others', () => {
  for (const key of Object.keys(english)) {
    if (key.endsWith('.one')) assert.ok(key.replace(/one$/, 'other') in english, key);
    if (key.endsWith('.other')) assert.ok(key.replace(/other$/, 'one') in english, key);
  }
});

void test('the language is the chosen one, else the first of the browser that there is, else English', () => {
  assert.equal(languageOf(['de-CH', 'fr-CA', 'en'], null), 'fr');
  assert.equal(languageOf(['de', 'en-GB', 'fr'], null), 'en');
  assert.equal(languageOf(['de'], null), 'en');
  assert.equal(languageOf([], null), 'en');
  assert.equal(languageOf(['en'], 'fr'), 'fr');
  assert.equal(languageOf(['fr'], 'xx'), 'fr');
});

void test('one thing has one word in each language', () => {
  for (const { english: term, french: counterpart } of pairs) {
    let seen = 0;
    for (const [key, text] of Object.entries(english)) {
      if (!term.test(text.replace(/\{\w+\}/g, ''))) continue;
      seen += 1;
      assert.match(french[key] ?? '', counterpart, `${key}: ${text}`);
    }
    assert.ok(seen > 0, `no message has ${String(term)}`);
  }
});

void test('no message has a word that readers stumbled over', () => {
  for (const [catalogue, refused] of [
    [english, refusedEnglish],
    [french, refusedFrench],
  ] as const)
    for (const [key, text] of Object.entries(catalogue))
      for (const { word, instead } of refused) assert.doesNotMatch(text, word, `${key}: write "${instead}"`);
});
