import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explanationId, parseExplanationId, rowOf } from '../../../core/ids.ts';
import { globalId, parseId } from '../../../src/graphql/ids.ts';
import type { RowType } from '../../../src/graphql/nodes/node-types.ts';

const TYPES: RowType[] = ['Model', 'Layer', 'Dataset', 'Concept', 'Image', 'Dissection', 'Unit', 'Series'];
const badId = expect.objectContaining({ code: 'BAD_ID' });

describe('global ids', () => {
  it('come back as the type and row they were made of, and may stand in a URL', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (type, row) => {
        const id = globalId(type, row);
        expect(parseId(id)).toEqual({ type, row });
        expect(id).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('are refused when this API did not write them', () => {
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const forged = [
      'Unit',
      'Unit:',
      'Unit:0',
      'Unit:-1',
      'Unit:01',
      'Unit:1.5',
      'Unit:1e3',
      'Unit:2147483648',
      'Unit:1:2',
      'Robot:1',
      'toString:1',
    ];
    for (const id of ['', 'x', 'Unit:1', `${globalId('Unit', 1)}=`, ...forged.map(encode)]) {
      expect(() => parseId(id), id).toThrow(badId);
    }
  });

  it('are refused, naming both types, where another type is needed', () => {
    expect(rowOf('Image', globalId('Image', 7))).toBe(7);
    expect(() => rowOf('Image', globalId('Unit', 7))).toThrow(/id of a Unit.*Image/);
  });

  it('of explanations stand for a prediction and a class, and for nothing else', () => {
    const place = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        place.map((n) => n || 1),
        place,
        (prediction, index) => {
          const id = explanationId(prediction, index);
          expect(parseExplanationId(id)).toEqual({ prediction, place: index });
          expect(() => parseId(id)).toThrow(badId);
        },
      ),
    );
    const forged = ['Explanation:1', 'Explanation:0:1', 'Explanation:1:01', 'Explanation:2147483648:0', 'Explanation:1:1:1', 'Unit:1'];
    for (const text of forged) expect(parseExplanationId(Buffer.from(text).toString('base64url')), text).toBeNull();
  });
});
