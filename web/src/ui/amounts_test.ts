import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountOf, unitsOf, valueOf } from './amounts.ts';

void test('a value is shown in the largest unit that it is a whole number of, and comes back the same', () => {
  for (const [measure, value, number, unit] of [
    ['ms', 7 * 86_400_000, '7', 'day'],
    ['ms', 36 * 3_600_000, '36', 'hour'],
    ['ms', 90 * 60_000, '90', 'minute'],
    ['bytes', 2 ** 40, '1', 'TiB'],
    ['bytes', 100 * 2 ** 30, '100', 'GiB'],
    ['bytes', 2_500_000_000, '2500', 'MB'],
    ['bytes', 1e12, '1', 'TB'],
  ] as const) {
    assert.deepEqual(amountOf(measure, value), { number, unit });
    assert.equal(valueOf(measure, { number, unit }), value);
  }
  assert.deepEqual(amountOf('bytes', 1_234_567_891), { number: '1.235', unit: 'GB' });
});

void test('a comma is a point, and what is no number is told', () => {
  assert.equal(valueOf('bytes', { number: '1,5', unit: 'GB' }), 1_500_000_000);
  for (const number of ['', '-1', '1e3', 'ten', '1.2.3', 'Infinity', '0x10']) assert.equal(valueOf('ms', { number, unit: 'day' }), undefined, number);
});

void test('powers of two are offered only where the value is in them', () => {
  assert.deepEqual(unitsOf('bytes', 'GB').map((unit) => unit.name), ['MB', 'GB', 'TB']);
  assert.deepEqual(unitsOf('bytes', 'TiB').map((unit) => unit.name), ['MB', 'GB', 'TB', 'TiB']);
});
