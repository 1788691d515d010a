import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitsWildcard } from '../../../../ingest/tasks/watch/wildcard.ts';

it.each([
  ['net@50.onnx', 'net@*.onnx', true],
  ['net@50.onnx', 'net@??.onnx', true],
  ['net@5.onnx', 'net@??.onnx', false],
  ['net@.onnx', 'net@*.onnx', true],
  ['net@50.onnx.tmp', 'net@*.onnx', false],
  ['aXbXc', 'a*X*c', true],
  ['abc', '***', true],
  ['', '*', true],
  ['', '?', false],
  ['(1).onnx', '(?).onnx', true],
])('%j against %j: %s', (name, pattern, expected) => {
  expect(fitsWildcard(name, pattern)).toBe(expected);
});

/** Every way to share the characters, tried one by one. */
const fitsPlainly = (name: string, pattern: string): boolean => {
  if (pattern === '') return name === '';
  if (pattern[0] === '*') return fitsPlainly(name, pattern.slice(1)) || (name !== '' && fitsPlainly(name.slice(1), pattern));
  return name !== '' && (pattern[0] === '?' || pattern[0] === name[0]) && fitsPlainly(name.slice(1), pattern.slice(1));
};
const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 });

it('is what trying every way says', () => {
  fc.assert(fc.property(text('ab'), text('ab*?'), (name, pattern) => fitsWildcard(name, pattern) === fitsPlainly(name, pattern)));
});

it('comes to an end however many stars a pattern from afar has', () => {
  expect(fitsWildcard('a'.repeat(255), `${'*a'.repeat(1000)}b`)).toBe(false);
  expect(fitsWildcard(`${'a'.repeat(254)}b`, `${'*a'.repeat(60)}*b`)).toBe(true);
});
