import { afterEach, expect, it, vi } from 'vitest';
import { counted, printable, progress, terminal } from '../../../ingest/cli/terminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('progress off a terminal ends in whole lines that say a time only where one is known', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const bars = progress(terminal(false));
  bars.show('forward', 0, 40);
  vi.advanceTimersByTime(10_000);
  bars.show('forward', 20, 40);
  vi.advanceTimersByTime(10_000);
  bars.show('forward', 40, 40);
  bars.stop();
  const said = lines.join('');
  expect(said).not.toMatch(/LL|NULL|INF|NaN/);
  expect(said).toMatch(/20\/40 images \| \d+s, \d+s left/);
  expect(said.trimEnd()).toMatch(/100% \| 40\/40 images \| \d+s$/);
});

it('progress that ends at once says no time that is left', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const bars = progress(terminal(false));
  bars.show('tally', 0, 4);
  bars.show('tally', 4, 4);
  bars.stop();
  expect(lines.join('').trimEnd()).toMatch(/4\/4 images \| 00s$|4\/4 images \| 0s$/);
});

it('one is said in the singular', () => {
  expect([0, 1, 2].map((count) => counted(count, 'fault'))).toEqual(['0 faults', '1 fault', '2 faults']);
});

it('text from elsewhere keeps its lines and loses what would command the terminal', () => {
  expect(printable('a\tb\nc\x1b[31mred\x07\x9b2J\r')).toBe('a\tb\nc\uFFFD[31mred\uFFFD\uFFFD2J\uFFFD');
});
