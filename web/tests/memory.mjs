// What a browser's processes take of the machine's memory, in MiB: the sum of their proportional sets, so
// that what two of them share counts once.
import { readdirSync, readFileSync } from 'node:fs';

function* familyOf(pid) {
  yield pid;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`))
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
        if (child) yield* familyOf(Number(child));
  } catch {
    // It ended meanwhile.
  }
}

function proportionalKib(pid) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export function memoryMib(pid) {
  return [...new Set(familyOf(pid))].reduce((total, each) => total + proportionalKib(each), 0) / 1024;
}

/** What `work` gives, and the memory that stood beside that from before it, at its highest. */
export async function watchMemory(pid, work) {
  const before = memoryMib(pid);
  let highest = before;
  const look = () => (highest = Math.max(highest, memoryMib(pid)));
  const timer = setInterval(look, 400);
  try {
    const value = await work();
    look();
    return { value, addedMib: Math.round(highest - before), beforeMib: Math.round(before) };
  } finally {
    clearInterval(timer);
  }
}
