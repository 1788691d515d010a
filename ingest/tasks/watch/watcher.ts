import type { JobQueue } from '../../../store/queue/open.ts';
import type { ScanPayload } from '../../../store/queue/payload.ts';
import { type Look, lookAt } from './look.ts';
import { type TakenIn, takeIn } from './take-in.ts';

/** What one look led to. */
export interface Looked {
  taken: TakenIn[];
  /** Files that could not be taken in; each is tried again once it, its card or its weights change. */
  refused: { file: string; error: unknown }[];
}

/** Says under which path a file may be read; throws where it may not. */
export type Admit = (file: string) => Promise<string>;

/**
 * Something that looks at a place again and again, and takes in each model file that was the same at two looks one
 * after the other: one that is still written changes in between. It looks by itself, since network disks announce
 * nothing.
 */
export function watcher(queue: JobQueue, asked: ScanPayload, admit: Admit = async (file) => file): { look(): Promise<Looked> } {
  let before: Look = new Map();
  const dealtWith = new Map<string, string>();
  return {
    async look() {
      const now = await lookAt(asked.place);
      const complete = [...now].filter(([file, mark]) => before.get(file) === mark && dealtWith.get(file) !== mark);
      before = now;
      const looked: Looked = { taken: [], refused: [] };
      for (const [file, mark] of complete) {
        try {
          looked.taken.push(await takeIn(queue, await admit(file), asked));
          dealtWith.set(file, mark);
        } catch (error) {
          looked.refused.push({ file, error });
          if (isAbout(error)) dealtWith.set(file, mark);
        }
      }
      return looked;
    },
  };
}

/** Whether it is the file that is wrong. What the store or the disk failed at is tried again at the next look. */
function isAbout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'BAD_MODEL' || error.code === 'BAD_CARD');
}
