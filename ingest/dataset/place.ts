import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isFolder } from './list-files.ts';

/**
 * Where a dataset may lie, as formats look at it: a folder or file of this machine, or what lies below an s3:// URL.
 */
export interface Place {
  /** As the user wrote it. */
  name: string;
  /**
   * Names in a folder below it (`''`: the place itself), those of folders ending with `/`, sorted; empty where there is
   * no such folder.
   */
  list(folder: string): Promise<readonly string[]>;
  /** The first `bytes` bytes of a file below it (`''`: the place itself); empty where there is no such file. */
  head(file: string, bytes: number): Promise<Uint8Array>;
}

/** A folder, or a file, of this machine. */
export function localPlace(root: string): Place {
  return {
    name: root,
    async list(folder) {
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      const names = entries.map(async (entry) => {
        return (await isFolder(entry, path.join(root, folder, entry.name))) ? `${entry.name}/` : entry.name;
      });
      return (await Promise.all(names)).sort();
    },
    async head(file, bytes) {
      const handle = await open(path.join(root, file)).catch(() => null);
      if (handle === null) return new Uint8Array();
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
        return buffer.subarray(0, bytesRead);
      } catch {
        return new Uint8Array(); // a folder
      } finally {
        await handle.close();
      }
    },
  };
}
