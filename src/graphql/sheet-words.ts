import type { ExplainedImage } from '../images/explained-map.ts';
import type { SheetWords } from '../images/explanation-routes.ts';
import { contributionsOf, scoreOfClass } from './explained.ts';
import type { Loaders } from './loaders/index.ts';
import type { ContributionRow, HeadRow } from './rows.ts';
import { unitOf } from './unit-of.ts';

const HEAD_NAMES: Readonly<Record<HeadRow['kind'], string>> = { OWN: 'its own classifier', SVM: 'a linear SVM' };

/** The words of an explanation's contact sheet, with its `first` units. @param dataset as for `contributionsOf` */
export async function sheetWords(
  { prediction, image, layer, model }: ExplainedImage,
  { place, first, dataset }: { place: number; first: number; dataset: string | null },
  loaders: Loaders,
): Promise<SheetWords> {
  const explanation = { prediction, place };
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
