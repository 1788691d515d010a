import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkSizeOf, chunksOf, splitImages } from '../../../ingest/dissection/plan.ts';

describe('the images of a dataset', () => {
  it('are split into whole chunks, each in one shard, in the order in which they pass', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 1000 }), (images, wanted) => {
        const shards = splitImages(images, wanted);
        const chunks = Math.ceil(images / chunkSizeOf(images));
        expect(shards).toHaveLength(Math.min(wanted, chunks));
        expect(shards.flatMap((shard) => chunksOf(shard, images))).toEqual(Array.from({ length: chunks }, (_, chunk) => chunk));
        expect(shards.every(({ from, to }) => from < to)).toBe(true);
        expect([shards[0].from, shards.at(-1)?.to]).toEqual([0, images]);
        expect(shards.slice(1).every(({ from }, s) => from === shards[s].to)).toBe(true);
      }),
    );
  });

  it('begin with a sample that the other shards need not wait for long', () => {
    expect(splitImages(63_305, 8).map(({ from, to }) => to - from)).toEqual([2048, 8704, 8704, 8704, 8704, 8704, 8704, 9033]);
    expect(splitImages(360, 3).map(({ from, to }) => to - from)).toEqual([128, 128, 104]);
  });
});
