import { contributionsOf, scoreOfClass } from '../graphql/explained.ts';
import type { Loaders } from '../graphql/loaders/index.ts';
import type { ContributionRow, ExplanationRow, HeadRow } from '../graphql/rows.ts';
import { unitOf } from '../graphql/unit-of.ts';
import type { ExplainedImage } from './explained-map.ts';

const HEAD_NAMES: Readonly<Record<HeadRow['kind'], string>> = { OWN: 'its own classifier', SVM: 'a linear SVM' };

/** What a contact sheet says. */
export interface SheetText {
  title: string;
  subtitle: string;
  /** Under the image itself. */
  imageCaption: string;
  units: { index: number; caption: string }[];
}

/** The words of an explanation's contact sheet, with its `first` units. @param dataset as for `contributionsOf` */
export async function sheetText(
  explanation: ExplanationRow,
  { image, layer, model }: ExplainedImage,
  { first, dataset }: { first: number; dataset: string | null },
  loaders: Loaders,
): Promise<SheetText> {
  const { prediction, place } = explanation;
  const [head, names, score, contributions] = await Promise.all([
    loaders.node.Head.load(prediction.headId),
    loaders.classNames.load(prediction.headId),
    scoreOfClass(explanation, loaders),
    contributionsOf(explanation, first, dataset, loaders),
  ]);
  const predicted = place === prediction.predicted ? 'the predicted class' : `predicted: ${names[prediction.predicted]}`;
  return {
    title: `${names[place]}, score ${score.toFixed(2)}`,
    subtitle: `${predicted} · ${model.name}, ${layer.name}, by ${HEAD_NAMES[head.kind]}`,
    imageCaption: image.file.split('/').at(-1) ?? '',
    units: await Promise.all(contributions.map(async (one) => ({ index: one.unitIndex, caption: await captionOf(one, loaders) }))),
  };
}

async function captionOf(contribution: ContributionRow, loaders: Loaders): Promise<string> {
  const unit = await unitOf(contribution, loaders);
  const label = unit?.labelId == null ? null : await loaders.node.Concept.load(unit.labelId);
  const detects = unit && label ? `${label.name}, IoU ${unit.iou.toFixed(3)}` : 'not dissected';
  return `unit ${contribution.unitIndex}\n${detects}\ncontributes ${contribution.value.toFixed(2)}`;
}
