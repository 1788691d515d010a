import { describe, expect, it } from 'vitest';
import { numberList } from '../../../ingest/cli/numbers.ts';

describe('a list of numbers', () => {
  const read = numberList('from 0 to 10', (value) => value >= 0 && value <= 10);

  it.each([
    ['3', [3]],
    ['0.5,0.1', [0.5, 0.1]],
    ['1..5', [1, 2, 3, 4, 5]],
    ['1,..,3', [1, 2, 3]],
    ['0,0.2,..,1', [0, 0.2, 0.4, 0.6, 0.8, 1]],
    ['0,2,..,5,7', [0, 2, 4, 5, 7]],
    ['7..8', [7, 8]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['', 'a', '1,', '..', '1..', '..3', '5,3,..,9', '11', '0,-1'])('refuses %s', (text) => {
    expect(() => read(text)).toThrow(/list such as/);
  });
});
