import type { BatchReport } from './batch-report.ts';
import type { ImageInput } from './image-input.ts';

/**
 * What the user of a network should know before it runs, one sentence each.
 *
 * @param declared its input as the file declares it
 * @param report what running it has shown
 */
export function networkNotes(file: string, declared: ImageInput, { batch, disturbed }: BatchReport): string[] {
  const notes: string[] = [];
  if (declared.batch === null && batch === 1)
    notes.push(
      `${file} says that it takes any number of images, but shapes for one are baked into it: it runs image by image, which is slower. ${RECIPE}`,
    );
  if (batch === null && disturbed.size > 0) {
    const [first] = disturbed;
    notes.push(
      `In ${file} images disturb each other within a batch, from the tensor ${first} on (batch statistics, or one scale for all): its layers run image by image.`,
    );
  }
  return notes;
}

const RECIPE =
  'For batches export it with torch.onnx.export(model, (image,), FILE, dynamo=True, dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)), image being of two.';
