import { expect, it } from 'vitest';
import { foldersOf, requireAllowed } from '../../../ingest/jobs/allowed-folders.ts';

it('folders and s3:// URLs are told apart by colons', () => {
  expect(foldersOf('/models:s3://runs/a:/data:s3://sets')).toEqual(['/models', 's3://runs/a', '/data', 's3://sets']);
  expect(foldersOf(undefined)).toEqual([]);
});

it('an object may be named that lies below an open URL, and no other', async () => {
  const open = foldersOf('s3://runs/a:/tmp');
  expect(await requireAllowed('s3://runs/a/net@4.onnx', open)).toBe('s3://runs/a/net@4.onnx');
  for (const other of ['s3://runs/ab/net.onnx', 's3://runs/b/net.onnx', 's3://other/a/net.onnx', 's3://runs/a'])
    await expect(requireAllowed(other, open)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
