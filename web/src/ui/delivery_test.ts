// "Delivered" is said of receipts that were verified, and of nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JudgedReceipt, ReceiptStanding } from '../account/receipts.ts';
import type { Opening } from '../api/generated/types.ts';
import { deliveryFrom } from './delivery.ts';

const opened = (standing: ReceiptStanding, account?: string): readonly [Opening, JudgedReceipt] => [
  { id: '1'.repeat(32), parcel: '2'.repeat(32), opened: 1, expires: 2, received: 1, ...(account === undefined ? {} : { account }) },
  { standing },
];

void test('an opening is no delivery, whatever the server says beside it', () => {
  assert.deepEqual(deliveryFrom(['bob'], []), { kind: 'none' });
  for (const standing of ['none', 'signed', 'unknown_key'] as const) assert.deepEqual(deliveryFrom(['bob'], [opened(standing, 'bob')]), { kind: 'opened' });
});

void test('every recipient has to have a verified receipt', () => {
  assert.deepEqual(deliveryFrom(['bob'], [opened('none', 'bob'), opened('verified', 'bob')]), { kind: 'all' });
  assert.deepEqual(deliveryFrom(['bob', 'lea'], [opened('verified', 'bob'), opened('verified', 'bob')]), { kind: 'some', done: 1, of: 2 });
  assert.deepEqual(deliveryFrom(['bob'], [opened('verified', 'sender')]), { kind: 'none' });
});

void test('a link counts where there is no recipient', () => {
  assert.deepEqual(deliveryFrom([], [opened('verified')]), { kind: 'all' });
  assert.deepEqual(deliveryFrom([], [opened('none')]), { kind: 'opened' });
  assert.deepEqual(deliveryFrom(['bob'], [opened('verified')]), { kind: 'opened' });
});
