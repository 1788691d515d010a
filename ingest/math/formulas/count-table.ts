/** Counts by (row, column), as typed arrays that can be sent between threads and stored: an open-addressed table. */
export interface CountTable {
  /** row * 2^32 + column, or -1 where a slot is free. */
  keys: Float64Array;
  counts: Float64Array;
  filled: number;
}

const ROW = 2 ** 32;

export function emptyCounts(): CountTable {
  return { keys: new Float64Array(64).fill(-1), counts: new Float64Array(64), filled: 0 };
}

export function addCount(table: CountTable, row: number, column: number, count: number): void {
  if (2 * (table.filled + 1) > table.keys.length) grow(table);
  const slot = slotOf(table.keys, row * ROW + column);
  if (table.keys[slot] === -1) {
    table.keys[slot] = row * ROW + column;
    table.filled++;
  }
  table.counts[slot] += count;
}

/** In no order. */
export function* countsOf({ keys, counts }: CountTable): Generator<[row: number, column: number, count: number]> {
  for (let slot = 0; slot < keys.length; slot++) {
    if (keys[slot] === -1) continue;
    const row = Math.floor(keys[slot] / ROW);
    yield [row, keys[slot] - row * ROW, counts[slot]];
  }
}

function slotOf(keys: Float64Array, key: number): number {
  const mask = keys.length - 1;
  const row = Math.floor(key / ROW);
  let slot = (Math.imul((key - row * ROW) ^ Math.imul(row, 0x9e3779b1), 0x85ebca6b) >>> 7) & mask;
  while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

function grow(table: CountTable): void {
  const { keys, counts } = table;
  table.keys = new Float64Array(2 * keys.length).fill(-1);
  table.counts = new Float64Array(2 * keys.length);
  for (let old = 0; old < keys.length; old++) {
    if (keys[old] === -1) continue;
    const slot = slotOf(table.keys, keys[old]);
    table.keys[slot] = keys[old];
    table.counts[slot] = counts[old];
  }
}
