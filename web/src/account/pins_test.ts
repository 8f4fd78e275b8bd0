// Two tabs that learnt at once: what they learnt is merged, and a contradiction is an alarm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyPins, mergePins, type Pins } from './pins.ts';

function some(): Pins {
  const pins = emptyPins();
  pins.log = { key: 'key', origin: 'files.example.org', size: 42, root: 'AAAA', note: 'note' };
  pins.keys['a@example.org'] = { account: '07', generation: 2, recipient: 'age1a', signingKey: 'BBBB' };
  pins.loginParameters['a@example.org'] = 'CCCC';
  return pins;
}

test('the newer of each is kept', () => {
  const [pins, newer] = [some(), some()];
  newer.log = { key: 'key', origin: 'files.example.org', size: 43, root: 'DDDD', note: 'newer' };
  newer.keys['b@example.org'] = { account: '08', generation: 1, recipient: 'age1b', signingKey: 'EEEE' };
  newer.keys['a@example.org'] = { account: '07', generation: 1, recipient: 'age1older', signingKey: 'FFFF' };
  mergePins(pins, newer);
  assert.equal(pins.log?.size, 43);
  assert.equal(pins.keys['a@example.org']?.generation, 2);
  assert.equal(pins.keys['b@example.org']?.account, '08');
});

test('a tab that knows nothing of somebody’s new keys takes their notice from nobody, nor does one bring it back', () => {
  const told = { endorsedBy: 'paper_key', fingerprint: '0123', generation: 2, isRead: false } as const;
  const [pins, other] = [some(), some()];
  pins.newKeys['a@example.org'] = told;
  mergePins(pins, some());
  assert.deepEqual(pins.newKeys['a@example.org'], told);
  other.newKeys['a@example.org'] = { ...told, isRead: true };
  mergePins(pins, other);
  assert.ok(pins.newKeys['a@example.org'].isRead);
  other.newKeys['a@example.org'] = told;
  mergePins(pins, other);
  assert.ok(pins.newKeys['a@example.org'].isRead);
  other.newKeys['a@example.org'] = { ...told, generation: 3 };
  mergePins(pins, other);
  assert.ok(!pins.newKeys['a@example.org'].isRead, 'those are newer');
});

test('what contradicts is refused, and nothing of it taken', () => {
  const key = { account: '07', generation: 2, recipient: 'age1a', signingKey: 'BBBB' };
  const lies: ((pins: Pins) => void)[] = [
    (pins) => (pins.keys['a@example.org'] = { ...key, recipient: 'age1other' }),
    (pins) => (pins.keys['a@example.org'] = { ...key, signingKey: 'XXXX' }),
    (pins) => (pins.keys['a@example.org'] = { ...key, account: '09', generation: 3 }),
    (pins) => (pins.log = { ...(pins.log ?? assert.fail()), root: 'XXXX' }),
    (pins) => (pins.log = { ...(pins.log ?? assert.fail()), key: 'another', size: 50 }),
    (pins) => (pins.loginParameters['a@example.org'] = 'XXXX'),
  ];
  for (const lie of lies) {
    const [pins, newer] = [some(), some()];
    lie(newer);
    assert.throws(() => mergePins(pins, newer), { code: 'damaged' });
    assert.deepEqual(pins, some());
  }
});

test('a log that was restored goes on from less, and no older tab brings the rest back', () => {
  const older = some();
  const restored = some();
  restored.log = { key: 'key', origin: 'files.example.org', size: 40, root: 'EEEE', note: 'restored', restored: 5 };
  restored.directory = { key: 'key', origin: 'files.example.org/directory', size: 4, root: 'EEEE', note: 'restored', restored: 5 };
  older.directory = { ...restored.directory, size: 6, root: 'AAAA', restored: 0 };
  for (const [one, other] of [
    [older, restored],
    [restored, older],
  ] as const) {
    const pins = emptyPins();
    mergePins(pins, one);
    mergePins(pins, other);
    assert.deepEqual([pins.log, pins.directory], [restored.log, restored.directory]);
    assert.deepEqual(pins.keys, older.keys);
  }
});

test('the reopen keys that were named first are kept, and others are an alarm', () => {
  const [pins, newer] = [some(), some()];
  pins.log = { ...(pins.log ?? assert.fail()), reopenKeys: ['one', 'two'] };
  newer.log = { ...(newer.log ?? assert.fail()), size: 50, root: 'DDDD' };
  mergePins(pins, newer);
  assert.equal(pins.log.size, 50);
  assert.deepEqual(pins.log.reopenKeys, ['one', 'two']);
  mergePins(newer, pins);
  assert.deepEqual(newer.log.reopenKeys, ['one', 'two']);
  newer.log = { ...newer.log, size: 60, reopenKeys: ['three'] };
  assert.throws(() => mergePins(pins, newer), { code: 'damaged' });
  assert.deepEqual(pins.log.reopenKeys, ['one', 'two']);
});
